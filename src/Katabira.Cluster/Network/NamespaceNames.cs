using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Katabira.Cluster.Network;

/// <summary>
/// What one home's network namespaces and links are called: <c>ktb-HOME-node</c> and <c>ktb-HOME-POD</c>, where HOME is eight hexadecimal digits of the
/// home's path. Names are all that survives a crash, so everything that is to be found again is found by them.
/// </summary>
/// <param name="Prefix">What all names of the home begin with, <c>ktb-HOME-</c>.</param>
internal sealed record NamespaceNames(string Prefix)
{
    /// <summary>Where iproute2 keeps the files that stand for namespaces.</summary>
    public const string Folder = "/run/netns";

    /// <summary>The bridge in the node's namespace.</summary>
    public const string Bridge = "ktb0";

    private const string NodeSuffix = "node";
    private const int LongestPod = 200;

    /// <summary>The node's namespace.</summary>
    public string Node => Prefix + NodeSuffix;

    /// <summary>The names of a home; the path is taken as it is, so callers make it absolute.</summary>
    public static NamespaceNames Of(string home) =>
        new($"ktb-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(home)).AsSpan(0, 4))}-");

    /// <summary>The file that stands for a namespace.</summary>
    public static string PathOf(string name) => $"{Folder}/{name}";

    /// <summary>The namespace of a pod.</summary>
    /// <exception cref="ArgumentException">The uid could not be part of a file's name.</exception>
    public string Pod(string uid) => IsUid(uid) ? Prefix + uid : throw new ArgumentException($"'{uid}' is not a pod's uid", nameof(uid));

    /// <summary>The pod whose namespace has a name; null if it is not one of this home's pods.</summary>
    public string? PodOf(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name != Node && IsUid(name[Prefix.Length..]) ? name[Prefix.Length..] : null;

    /// <summary>The node's end of a pod's link. Its name tells the address, so that addresses are found again with the links.</summary>
    public static string LinkOf(IPAddress address) => "v" + Convert.ToHexStringLower(address.GetAddressBytes());

    /// <summary>The address of the pod at a link; null if the link is not a pod's.</summary>
    public static IPAddress? AddressOf(string link) =>
        link.Length == 9 && link[0] == 'v' && uint.TryParse(link.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? new IPAddress([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number])
            : null;

    private static bool IsUid(string uid) =>
        uid.Length is > 0 and <= LongestPod && uid != NodeSuffix && uid.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
