using System.Net;
using System.Net.Sockets;
using System.Text;
using Katabira.Net.Linux;

namespace Katabira.Network.Support;

/// <summary>A program in a namespace: answers HTTP and UDP with its name and who asked. Its sockets are the namespace's, its code is ours.</summary>
internal sealed class Workload : IAsyncDisposable
{
    public const int Port = 8080;

    private readonly NetworkNamespace _inside;
    private readonly Socket _streams;
    private readonly Socket _packets;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _running;

    private Workload(string name, NetworkNamespace inside, Socket streams, Socket packets)
    {
        (_inside, _streams, _packets) = (inside, streams, packets);
        _running = Task.WhenAll(ServeAsync(name), EchoAsync(name));
    }

    public IPEndPoint Endpoint => (IPEndPoint)_streams.LocalEndPoint!;

    /// <param name="endpoint">Where it listens; null for its port on all addresses.</param>
    public static async Task<Workload> StartAsync(string name, string namespacePath, IPEndPoint? endpoint = null)
    {
        endpoint ??= new(IPAddress.Any, Port);
        var inside = await NetworkNamespace.EnterAsync(namespacePath);
        var streams = await inside.CreateSocketAsync(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        streams.Bind(endpoint);
        streams.Listen(512);
        var packets = await inside.CreateSocketAsync(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        packets.Bind(endpoint);
        return new(name, inside, streams, packets);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _streams.Dispose();
        _packets.Dispose();
        await _running;
        _inside.Dispose();
    }

    private async Task ServeAsync(string name)
    {
        try
        {
            while (true)
            {
                using var socket = await _streams.AcceptAsync(_ending.Token);
                var buffer = new byte[4096];
                if (await socket.ReceiveAsync(buffer, _ending.Token) > 0)
                {
                    var body = $"{name} {((IPEndPoint)socket.RemoteEndPoint!).Address}";
                    await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
                    socket.Shutdown(SocketShutdown.Send);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // disposed
        }
    }

    private async Task EchoAsync(string name)
    {
        try
        {
            var buffer = new byte[2048];
            while (true)
            {
                var packet = await _packets.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _ending.Token);
                await _packets.SendToAsync(Encoding.ASCII.GetBytes(name), SocketFlags.None, packet.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // disposed
        }
    }
}
