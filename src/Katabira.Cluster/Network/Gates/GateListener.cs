using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Katabira.Net.Linux;

namespace Katabira.Cluster.Network.Gates;

/// <summary>One port of the gate: accepts on one side, dials on the other. Owns its socket and its connections.</summary>
internal sealed class GateListener : IDisposable
{
    /// <summary>How long a target may take to answer; a Service without endpoints refuses at once.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>How long accepting rests when descriptors have run out.</summary>
    private static readonly TimeSpan s_breath = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private volatile IPEndPoint _target;
    private readonly NetworkNamespace _to;
    private readonly SemaphoreSlim _room;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closed;
    private readonly ConcurrentDictionary<GateConnection, bool> _connections = [];
    private int _count;
    private volatile bool _isOver;

    /// <param name="socket">Listens.</param>
    /// <param name="to">Where the outgoing sockets are made.</param>
    /// <param name="room">How many connections there may still be; beyond, callers wait in the kernel's queue.</param>
    public GateListener(Socket socket, IPEndPoint target, NetworkNamespace to, SemaphoreSlim room, TimeProvider time) =>
        (_socket, _target, _to, _room, _time, _closed) = (socket, target, to, room, time, _closing.Token);

    /// <summary>Connections right now.</summary>
    public int Count => _count;

    /// <summary>Where connections that are accepted from now on lead.</summary>
    public IPEndPoint Target
    {
        get => _target;
        set => _target = value;
    }

    /// <summary>Accepts until it is closed.</summary>
    public async Task RunAsync()
    {
        while (!_closed.IsCancellationRequested)
        {
            try
            {
                await _room.WaitAsync(_closed);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            if (await AcceptAsync() is not { } client)
            {
                _room.Release();
                return;
            }
            _ = CarryAsync(client);
        }
    }

    /// <summary>Accepts no more; what was accepted goes on to its own end.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
        try
        {
            // closing takes effect when the last call in it has returned; the port is to be free at once
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // it listens no more
        }
        _socket.Dispose();
    }

    /// <summary>Resets every connection, also one that has not reached its target yet.</summary>
    public void Reset()
    {
        _isOver = true;
        ForEach(c => c.Reset());
    }

    /// <summary>See <see cref="GateConnection.LookForReset"/>.</summary>
    public void LookForResets() => ForEach(c => c.LookForReset());

    /// <returns>Null when it is closed.</returns>
    private async Task<Socket?> AcceptAsync()
    {
        while (!_closed.IsCancellationRequested)
        {
            try
            {
                return await _socket.AcceptAsync(_closed);
            }
            catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException)
            {
                return null;
            }
            catch (SocketException)
            {
                await Task.Delay(s_breath, _time, _closed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        return null;
    }

    private async Task CarryAsync(Socket client)
    {
        Interlocked.Increment(ref _count);
        try
        {
            if (await DialAsync() is { } server)
            {
                client.NoDelay = true;
                var connection = new GateConnection(client, server);
                _connections.TryAdd(connection, true);
                if (_isOver)
                {
                    connection.Reset();
                }
                await connection.RunAsync();
                _connections.TryRemove(connection, out _);
            }
        }
        catch (SocketException)
        {
            // the client has gone meanwhile
        }
        finally
        {
            // resets a client for whom nobody answers, because a connection that was accepted cannot be refused any more; no harm to one that has ended
            client.Close(0);
            Interlocked.Decrement(ref _count);
            _room.Release();
        }
    }

    private async Task<Socket?> DialAsync()
    {
        Socket? server = null;
        try
        {
            using var patience = new CancellationTokenSource(s_patience, _time);
            server = await _to.CreateSocketAsync(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            server.NoDelay = true;
            await server.ConnectAsync(_target, patience.Token);
            return server;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            server?.Dispose();
            return null;
        }
    }

    private void ForEach(Action<GateConnection> action)
    {
        foreach (var (connection, _) in _connections)
        {
            action(connection);
        }
    }
}
