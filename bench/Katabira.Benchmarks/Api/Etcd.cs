using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Katabira.Benchmarks.Api;

/// <summary>
/// The peer: Debian's etcd with its defaults, an fsync for each batch of writes. Its clients speak gRPC over plain HTTP/2 connections, so it has neither
/// TLS nor objects to look into: what it does is less than what the API server does.
/// </summary>
internal sealed class Etcd : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Uri _address;

    private Etcd(Process process, Uri address) => (_process, _address) = (process, address);

    /// <summary>Where <c>scripts/clients</c> puts it.</summary>
    public static string Program => Path.GetFullPath("artifacts/clients/etcd");

    /// <summary>Starts one with an empty store and waits until it answers.</summary>
    public static async Task<Etcd> StartAsync(string folder)
    {
        var (clients, peers) = ($"http://127.0.0.1:{FreePort()}", $"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo(Program,
        [
            "--data-dir", folder, "--logger", "zap", "--log-level", "error", "--listen-client-urls", clients, "--advertise-client-urls", clients,
            "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", $"default={peers}",
        ]);
        var etcd = new Etcd(Process.Start(start)!, new(clients));
        using var http = new HttpClient { BaseAddress = etcd._address };
        while (!await IsHealthyAsync(http))
        {
            await Task.Delay(50);
        }
        return etcd;
    }

    /// <summary>A connection of its own.</summary>
    public HttpClient Connect() => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _address };

    /// <summary>Puts a value under a key: <c>etcdserverpb.KV/Put</c>.</summary>
    public static async Task PutAsync(HttpClient http, string key, byte[] value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "etcdserverpb.KV/Put")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Message(Encoding.UTF8.GetBytes(key), value)),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.TE.Add(new("trailers"));
        using var answer = await http.SendAsync(request);
        if (!answer.TrailingHeaders.TryGetValues("grpc-status", out var status) || status.Single() != "0")
        {
            throw new InvalidOperationException($"etcd answers: {answer}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>A gRPC frame (a byte for no compression, four for the length) around a PutRequest of key = 1 and value = 2.</summary>
    private static byte[] Message(byte[] key, byte[] value)
    {
        byte[] message = [0, 0, 0, 0, 0, 0x0a, .. Varint(key.Length), .. key, 0x12, .. Varint(value.Length), .. value];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), message.Length - 5);
        return message;
    }

    private static byte[] Varint(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<bool> IsHealthyAsync(HttpClient http)
    {
        try
        {
            return (await http.GetStringAsync("health")).Contains("true", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
