using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Katabira.Cluster.Node.Probes;

/// <summary>Connects to a container; a failure has the words that Go's programs have for it, which people search the web with.</summary>
internal static class Dialling
{
    /// <summary>As it is written: <c>10.244.0.7:80</c>, <c>[::1]:80</c>.</summary>
    public static string Address(string host, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");

    /// <summary>A connected socket, the caller's.</summary>
    /// <param name="host">An address, or a name that this machine knows; then each of its addresses is tried.</param>
    /// <exception cref="DialException">Nobody answers there.</exception>
    public static async Task<Socket> ConnectAsync(string host, int port, MakeSocket makeSocket, CancellationToken cancel)
    {
        var words = "no such host";
        try
        {
            foreach (var address in IPAddress.TryParse(host, out var parsed) ? [parsed] : await Dns.GetHostAddressesAsync(host, cancel))
            {
                var (socket, failure) = await TryConnectAsync(new(address, port), makeSocket, cancel);
                if (socket is not null)
                {
                    return socket;
                }
                words = failure;
            }
        }
        catch (SocketException e)
        {
            words = Words(e);
        }
        throw new DialException($"dial tcp {Address(host, port)}: {words}");
    }

    public static string Words(SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connect: connection refused",
        SocketError.HostUnreachable => "connect: no route to host",
        SocketError.NetworkUnreachable => "connect: network is unreachable",
        SocketError.TimedOut => "connect: connection timed out",
        SocketError.ConnectionReset => "connection reset by peer",
        SocketError.HostNotFound => "no such host",
        _ => failure.Message,
    };

    private static async Task<(Socket? Socket, string Failure)> TryConnectAsync(IPEndPoint to, MakeSocket makeSocket, CancellationToken cancel)
    {
        var socket = await makeSocket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(to, cancel);
            return (socket, "");
        }
        catch (SocketException e)
        {
            socket.Dispose();
            return (null, Words(e));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>There is no connection; the message says to where and why.</summary>
internal sealed class DialException(string message) : IOException(message);
