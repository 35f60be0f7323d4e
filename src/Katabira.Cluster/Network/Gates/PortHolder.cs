using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Katabira.Cluster.Network.Gates;

/// <summary>A process that listens where somebody else wanted to.</summary>
/// <param name="Pid">Its number; 0 if this user may not see it.</param>
/// <param name="Name">Its name as the kernel has it; empty if unknown.</param>
internal sealed record PortHolder(int Pid, string Name)
{
    private const string Listening = "0A";

    /// <summary>For people: <c>nginx (process 812)</c>.</summary>
    public override string ToString() => Pid == 0 ? "a process that this user may not see" : $"{Name} (process {Pid})";

    /// <summary>Finds who listens on an endpoint of this machine, or on the port of all addresses; null if nobody does (any more).</summary>
    public static PortHolder? Find(IPEndPoint endpoint)
    {
        var inodes = ((string[])["/proc/self/net/tcp", "/proc/self/net/tcp6"]).Where(File.Exists)
            .SelectMany(File.ReadLines).Select(line => InodeOf(line, endpoint)).OfType<long>().Distinct().ToArray();
        if (inodes.Length == 0)
        {
            return null;
        }
        var links = inodes.Select(i => $"socket:[{i}]").ToHashSet(StringComparer.Ordinal);
        var pid = Directory.EnumerateDirectories("/proc").Select(folder => Path.GetFileName(folder)).Where(name => char.IsAsciiDigit(name[0]))
            .FirstOrDefault(name => HasOpen(name, links));
        return pid is null ? new(0, "") : new(int.Parse(pid, CultureInfo.InvariantCulture), NameOf(pid));
    }

    /// <summary>The inode of the socket that a line of <c>/proc/net/tcp</c> or <c>tcp6</c> describes, if it listens where the endpoint is; null for every other line.</summary>
    public static long? InodeOf(string line, IPEndPoint endpoint)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length >= 10 && fields[3] == Listening && fields[1].Split(':') is [var address, var port]
            && int.TryParse(port, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) && number == endpoint.Port
            && Covers(address, endpoint.Address) && long.TryParse(fields[9], NumberStyles.None, CultureInfo.InvariantCulture, out var inode)
            ? inode : null;
    }

    /// <summary>The kernel writes an address as 32-bit words in the machine's byte order; both of our architectures are little-endian.</summary>
    private static bool Covers(string hex, IPAddress wanted)
    {
        if (hex.Length is not (8 or 32) || hex.Any(c => !char.IsAsciiHexDigit(c)))
        {
            return false;
        }
        var bytes = Convert.FromHexString(hex);
        for (var word = 0; word < bytes.Length; word += 4)
        {
            Array.Reverse(bytes, word, 4);
        }
        var address = new IPAddress(bytes);
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.Equals(wanted) || address.Equals(IPAddress.IPv6Any) || plain.Equals(wanted.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any);
    }

    private static bool HasOpen(string pid, HashSet<string> links)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{pid}/fd").Any(file => new FileInfo(file).LinkTarget is { } target && links.Contains(target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // gone meanwhile, or not ours to look at
        }
    }

    private static string NameOf(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").Trim();
        }
        catch (IOException)
        {
            return "a process that has just ended";
        }
    }
}
