using System.Collections.Immutable;
using System.Net;

namespace Katabira.Cluster.Network.Dns;

/// <summary>Whom the host asks for names: its resolv.conf, read again when it is 5 s old, because networks change under a running machine. Thread-safe.</summary>
internal sealed class HostResolvers(string file, TimeProvider time)
{
    /// <summary>Where it is.</summary>
    public const string File = "/etc/resolv.conf";

    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private ImmutableArray<IPEndPoint> _servers = [];
    private long? _read;

    /// <summary>In the order in which they are asked; empty if the file names none or cannot be read.</summary>
    public IReadOnlyList<IPEndPoint> Servers()
    {
        lock (_lock)
        {
            if (_read is not { } read || time.GetElapsedTime(read) > s_fresh)
            {
                (_servers, _read) = (Read(), time.GetTimestamp());
            }
            return _servers;
        }
    }

    private ImmutableArray<IPEndPoint> Read()
    {
        try
        {
            return ResolverFile.Servers(System.IO.File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
