using System.Buffers;
using System.Net.Sockets;

namespace Katabira.Cluster.Network.Gates;

/// <summary>
/// One connection through the gate, as if the two ends were connected directly: bytes in order, the end of one direction as the end of that direction, a
/// reset as a reset. Holds at most one buffer per direction, and none while nothing arrives; a receiver that does not read holds back its sender.
/// Owns both sockets.
/// </summary>
internal sealed class GateConnection(Socket client, Socket server)
{
    private const int BufferSize = 32 * 1024;

    private volatile bool _hearsClient;
    private volatile bool _hearsServer;

    /// <summary>Ends when both directions have, or when one end was reset.</summary>
    public async Task RunAsync()
    {
        await Task.WhenAll(PumpAsync(client, server, hears => _hearsClient = hears), PumpAsync(server, client, hears => _hearsServer = hears));
        client.Dispose();
        server.Dispose();
    }

    /// <summary>
    /// A reset is heard by whoever is reading. While a direction has ended, or waits for the other end to take something, nobody reads there; so somebody
    /// has to ask from time to time.
    /// </summary>
    public void LookForReset()
    {
        if ((!_hearsClient && HasFailed(client)) || (!_hearsServer && HasFailed(server)))
        {
            Reset();
        }
    }

    /// <summary>Ends both sides with a reset.</summary>
    public void Reset()
    {
        // closing at once, without the time to send what is queued, is what sends a reset
        client.Close(0);
        server.Close(0);
    }

    private async Task PumpAsync(Socket from, Socket to, Action<bool> hears)
    {
        try
        {
            while (await PassAsync(from, to, hears))
            {
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Reset();
        }
    }

    /// <returns>False at the end of the direction.</returns>
    private static async Task<bool> PassAsync(Socket from, Socket to, Action<bool> hears)
    {
        hears(true);
        await from.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None); // waits without a buffer
        hears(false);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var length = await from.ReceiveAsync(buffer.AsMemory(0, BufferSize), SocketFlags.None);
            for (var sent = 0; sent < length;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), SocketFlags.None);
            }
            return length > 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool HasFailed(Socket socket)
    {
        try
        {
            return socket.Poll(0, SelectMode.SelectError);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false; // it has ended already
        }
    }
}
