using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Katabira.Cluster.Streams.Spdy;

namespace Katabira.Cluster.Streams;

/// <summary>Connects to a port of a pod. The caller disposes the stream.</summary>
/// <exception cref="IOException">Nobody answers there.</exception>
internal delegate Task<Stream> DialPort(int port, CancellationToken cancel);

/// <summary>
/// Carries connections to a pod's ports over SPDY: for each, a stream for the bytes and one for what went wrong, which belong together by their
/// <c>requestid</c>. One owner runs it.
/// </summary>
internal sealed class PortForwarding(SpdyConnection connection, DialPort dial)
{
    public const string Protocol = "portforward.k8s.io";

    private readonly ConcurrentDictionary<string, SpdyStream> _errors = new(StringComparer.Ordinal);

    /// <summary>Carries until the client goes.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var carried = new List<Task>();
        await foreach (var stream in connection.Opened.ReadAllAsync(cancel))
        {
            var request = stream.Headers.GetValueOrDefault("requestid", "");
            if (stream.Headers.GetValueOrDefault("streamtype") == "error")
            {
                _errors[request] = stream;
                continue;
            }
            carried.RemoveAll(c => c.IsCompleted);
            carried.Add(CarryAsync(stream, request, cancel));
        }
        await Task.WhenAll(carried).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task CarryAsync(SpdyStream data, string request, CancellationToken cancel)
    {
        _errors.TryRemove(request, out var error);
        try
        {
            if (!int.TryParse(data.Headers.GetValueOrDefault("port"), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            {
                throw new IOException($"'{data.Headers.GetValueOrDefault("port")}' is not a port");
            }
            await using var target = await dial(port, cancel);
            var up = UpAsync(data, target, cancel);
            await DownAsync(target, data, cancel);
            await data.FinishAsync(cancel);
            // kubectl hangs up only when it has read that nothing went wrong; what it still sends meanwhile goes on
            await FinishAsync(error, cancel);
            await up;
        }
        catch (IOException failed)
        {
            if (error is not null)
            {
                await error.WriteAsync(Encoding.UTF8.GetBytes(failed.Message), cancel);
            }
            await data.ResetAsync(cancel);
        }
        finally
        {
            await FinishAsync(error, cancel);
        }
    }

    private static Task FinishAsync(SpdyStream? stream, CancellationToken cancel) => stream?.FinishAsync(cancel) ?? Task.CompletedTask;

    private static async Task UpAsync(SpdyStream from, Stream to, CancellationToken cancel)
    {
        await from.Input.CopyToAsync(to, cancel);
        if (to is System.Net.Sockets.NetworkStream { Socket: var socket })
        {
            socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        }
    }

    private static async Task DownAsync(Stream from, SpdyStream to, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            while (await from.ReadAsync(buffer, cancel) is > 0 and var read)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), cancel);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
