using System.Net;
using System.Net.Sockets;
using Katabira.Net.Linux;

namespace Katabira.Cluster.Network.Dns;

/// <summary>
/// The name server of the pods, by UDP and TCP on addresses of the node. Knows the names of <see cref="Zone"/> itself and asks the host's resolvers for all
/// others. Thread-safe.
/// </summary>
internal sealed class ClusterDns : IAsyncDisposable
{
    private const int Port = 53;
    private const int MostStreams = 128;
    private const int MostPackets = 512;
    private const int LargestPacket = 4096;
    private const int Backlog = 64;

    /// <summary>How long a stream may be silent (RFC 7766 §6.2.3 asks for seconds).</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(10);

    private readonly List<Socket> _packets;
    private readonly List<Socket> _streams;
    private readonly DnsResponder _responder;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _streamRoom = new(MostStreams);
    private readonly SemaphoreSlim _packetRoom = new(MostPackets);
    private readonly Task _running;

    private ClusterDns(List<Socket> packets, List<Socket> streams, DnsForwarder forwarder, TimeProvider time)
    {
        (_packets, _streams, _responder, _time) = (packets, streams, new(forwarder), time);
        _running = Task.WhenAll([.. packets.Select(ServePacketsAsync), .. streams.Select(ServeStreamsAsync)]);
    }

    /// <summary>What is answered from now on.</summary>
    public DnsZone Zone
    {
        get => _responder.Zone;
        set => _responder.Zone = value;
    }

    /// <summary>Listens on <see cref="NodeAddresses.Dns"/>, where pods ask, and on <see cref="NodeAddresses.Node"/>, which is the endpoint that users see.</summary>
    /// <param name="node">The node's namespace; not owned.</param>
    /// <exception cref="SocketException">Somebody listens there already, for example an earlier process.</exception>
    public static async Task<ClusterDns> StartAsync(NetworkNamespace node, DnsForwarder forwarder, TimeProvider time)
    {
        var (packets, streams) = (new List<Socket>(), new List<Socket>());
        try
        {
            foreach (var endpoint in new[] { NodeAddresses.Dns, NodeAddresses.Node }.Select(a => new IPEndPoint(a, Port)))
            {
                packets.Add(await node.CreateSocketAsync(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
                packets[^1].Bind(endpoint);
                streams.Add(await node.CreateSocketAsync(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
                streams[^1].Bind(endpoint);
                streams[^1].Listen(Backlog);
            }
            return new(packets, streams, forwarder, time);
        }
        catch (SocketException)
        {
            packets.Concat(streams).ToList().ForEach(s => s.Dispose());
            throw;
        }
    }

    /// <summary>Answers nobody any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _packets.Concat(_streams).ToList().ForEach(s => s.Dispose());
        await _running;
    }

    private async Task ServePacketsAsync(Socket socket)
    {
        var buffer = new byte[LargestPacket];
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await _packetRoom.WaitAsync(_ending.Token);
                var packet = await ReceiveAsync(socket, buffer);
                _ = AnswerPacketAsync(socket, buffer.AsSpan(0, packet.ReceivedBytes).ToArray(), packet.RemoteEndPoint);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task<SocketReceiveFromResult> ReceiveAsync(Socket socket, byte[] buffer)
    {
        while (true)
        {
            try
            {
                return await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _ending.Token);
            }
            catch (SocketException) when (!_ending.IsCancellationRequested)
            {
                // somebody's answer could not be delivered; the next question is another one
            }
        }
    }

    private async Task AnswerPacketAsync(Socket socket, byte[] message, EndPoint from)
    {
        try
        {
            if (await _responder.AnswerAsync(message, isStream: false, _ending.Token) is { } answer)
            {
                await socket.SendToAsync(answer, SocketFlags.None, from, _ending.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // the asker has gone, or we are going
        }
        finally
        {
            _packetRoom.Release();
        }
    }

    private async Task ServeStreamsAsync(Socket listener)
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await _streamRoom.WaitAsync(_ending.Token);
                _ = AnswerStreamAsync(await AcceptAsync(listener));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task<Socket> AcceptAsync(Socket listener)
    {
        while (true)
        {
            try
            {
                return await listener.AcceptAsync(_ending.Token);
            }
            catch (SocketException) when (!_ending.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time, _ending.Token); // no descriptors left
            }
        }
    }

    private async Task AnswerStreamAsync(Socket socket)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            while (await AnswerNextAsync(stream))
            {
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // the asker has gone or says nothing, or we are going
        }
        finally
        {
            _streamRoom.Release();
        }
    }

    private async Task<bool> AnswerNextAsync(NetworkStream stream)
    {
        using var silence = new CancellationTokenSource(s_silence, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, _ending.Token);
        if (await DnsStream.ReadAsync(stream, both.Token) is not { } message || await _responder.AnswerAsync(message, isStream: true, both.Token) is not { } answer)
        {
            return false;
        }
        await DnsStream.WriteAsync(stream, answer, both.Token);
        return true;
    }
}
