using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using static Katabira.Cluster.Cel.CelType;

namespace Katabira.Cluster.Cel.Functions;

/// <summary>The questions of Kubernetes' library of IP addresses. The addresses themselves are not values here.</summary>
internal static class Addresses
{
    public static readonly ImmutableArray<Overload> Overloads =
    [
        new("isIP", false, [CelType.String], Bool, (CelMeter m, in CelArguments a) => m.SpendText(a.First.AsString.Length) ? CelValue.Of(IsAddress(a.First.AsString)) : CelValue.Exhausted),
        new("isCIDR", false, [CelType.String], Bool, (CelMeter m, in CelArguments a) => m.SpendText(a.First.AsString.Length) ? CelValue.Of(IsNetwork(a.First.AsString)) : CelValue.Exhausted),
    ];

    /// <summary>Strict: four decimal parts without leading zeros, or IPv6 without a zone; an IPv4 address in IPv6 dress is neither.</summary>
    private static bool IsAddress(string text)
    {
        if (text.AsSpan().IndexOfAny('%', '[', '/') >= 0 || !IPAddress.TryParse(text, out var address))
        {
            return false;
        }
        return address.AddressFamily == AddressFamily.InterNetwork ? address.ToString() == text : !address.IsIPv4MappedToIPv6;
    }

    private static bool IsNetwork(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !IsAddress(text[..slash]) || text[(slash + 1)..] is not { Length: > 0 and <= 3 } bits || bits.AsSpan().IndexOfAnyExceptInRange('0', '9') >= 0)
        {
            return false;
        }
        return (bits == "0" || bits[0] != '0') && int.Parse(bits, System.Globalization.CultureInfo.InvariantCulture) <= (text.Contains(':', StringComparison.Ordinal) ? 128 : 32);
    }
}
