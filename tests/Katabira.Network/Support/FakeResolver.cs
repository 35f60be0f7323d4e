using System.Net;
using System.Net.Sockets;
using Katabira.Cluster.Network.Dns;

namespace Katabira.Network.Support;

/// <summary>A name server of the outside world, on the host: knows the names of its zone, by UDP.</summary>
internal sealed class FakeResolver : IAsyncDisposable
{
    private readonly Socket _packets = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Dictionary<string, IPAddress> _names;
    private readonly Task _running;
    private int _asked;

    public FakeResolver(Dictionary<string, IPAddress> names)
    {
        _names = names;
        _packets.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _running = ServeAsync();
    }

    public IPEndPoint Endpoint => (IPEndPoint)_packets.LocalEndPoint!;

    /// <summary>How many questions came.</summary>
    public int Asked => _asked;

    public async ValueTask DisposeAsync()
    {
        _packets.Dispose();
        await _running;
    }

    private async Task ServeAsync()
    {
        try
        {
            var buffer = new byte[2048];
            while (true)
            {
                var packet = await _packets.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0));
                Interlocked.Increment(ref _asked);
                if (DnsReader.ReadQuery(buffer.AsMemory(0, packet.ReceivedBytes), out _) is { } query)
                {
                    await _packets.SendToAsync(DnsWriter.Write(query, Answer(query), query.MostBytes), SocketFlags.None, packet.RemoteEndPoint);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // disposed
        }
    }

    private DnsAnswer Answer(DnsQuery query)
    {
        if (!_names.TryGetValue(query.Name.ToString(), out var address))
        {
            return DnsAnswer.Failure(DnsCode.NoSuchName);
        }
        DnsRecord[] answers = query.Type == DnsType.A ? [new(query.Name, 60, new AddressData(address))] : [];
        return new(DnsCode.NoError, false, answers, [], []);
    }
}
