using System.Net;
using System.Net.Sockets;
using Katabira.Net.Linux;

namespace Katabira.Cluster.Network.Gates;

/// <summary>
/// A way between two networks: listens in one and carries TCP connections into the other. One leads from the host's loopback addresses into the cluster, where
/// what it carries arrives from the node's address; another leads from the node to the API on the host. UDP is not carried. Thread-safe.
/// </summary>
internal sealed class Gate : IAsyncDisposable
{
    /// <summary>Connections at a time, over all ports: two descriptors each.</summary>
    public const int MostConnections = 4096;

    private const int Backlog = 512;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<IPEndPoint, (GateListener Listener, Task Run)> _open = [];
    private readonly List<GateListener> _closed = [];
    private readonly SemaphoreSlim _room;
    private readonly Lock _lock = new();
    private readonly NetworkNamespace _from;
    private readonly NetworkNamespace _to;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _looking;

    /// <param name="from">Where it listens; not owned.</param>
    /// <param name="to">Where the outgoing sockets are made; not owned.</param>
    public Gate(NetworkNamespace from, NetworkNamespace to, TimeProvider time, int mostConnections = MostConnections)
    {
        (_from, _to, _time, _room) = (from, to, time, new(mostConnections));
        _looking = LookAsync();
    }

    /// <summary>Connections right now.</summary>
    public int Connections => All().Sum(l => l.Count);

    /// <summary>Lets an endpoint of one side lead to one of the other. If it led elsewhere, connections from now on lead here, and others live on.</summary>
    /// <returns>Null if it listens, else why it cannot, for people.</returns>
    public async Task<string?> OpenAsync(IPEndPoint listen, IPEndPoint target)
    {
        var socket = await _from.CreateSocketAsync(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        lock (_lock)
        {
            if (_open.TryGetValue(listen, out var open))
            {
                socket.Dispose();
                open.Listener.Target = target;
                return null;
            }
            if (_ending.IsCancellationRequested)
            {
                socket.Dispose();
                return "the gate is closed";
            }
            try
            {
                socket.Bind(listen);
                socket.Listen(Backlog);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                return $"cannot listen on {listen}: {Reason(e, listen)}";
            }
            var listener = new GateListener(socket, target, _to, _room, _time);
            _open.Add(listen, (listener, listener.RunAsync()));
            return null;
        }
    }

    /// <summary>Listens there no more; connections live on. No error if it did not.</summary>
    public void Close(IPEndPoint listen)
    {
        lock (_lock)
        {
            if (_open.Remove(listen, out var open))
            {
                open.Listener.Dispose();
                _closed.RemoveAll(l => l.Count == 0);
                _closed.Add(open.Listener);
            }
        }
    }

    /// <summary>Where it listens, and where that leads.</summary>
    public IReadOnlyDictionary<IPEndPoint, IPEndPoint> Ports()
    {
        lock (_lock)
        {
            return _open.ToDictionary(o => o.Key, o => o.Value.Listener.Target);
        }
    }

    /// <summary>Listens nowhere any more and resets every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        Task[] runs;
        lock (_lock)
        {
            runs = [.. _open.Values.Select(o => o.Run)];
            foreach (var listen in _open.Keys.ToArray())
            {
                Close(listen);
            }
        }
        await Task.WhenAll([.. runs, _looking]);
        foreach (var listener in All())
        {
            listener.Reset();
        }
    }

    private static string Reason(SocketException e, IPEndPoint listen) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"{PortHolder.Find(listen)?.ToString() ?? "somebody"} listens there already",
        SocketError.AccessDenied => $"port {listen.Port} needs root or a lower net.ipv4.ip_unprivileged_port_start",
        _ => e.Message,
    };

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(s_look, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                foreach (var listener in All())
                {
                    listener.LookForResets();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // disposed
        }
    }

    private List<GateListener> All()
    {
        lock (_lock)
        {
            return [.. _open.Values.Select(o => o.Listener), .. _closed];
        }
    }
}
