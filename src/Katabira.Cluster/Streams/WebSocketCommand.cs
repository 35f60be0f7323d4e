using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Threading.Channels;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Streams;

/// <summary>Carries a command over a WebSocket: each message begins with the number of its channel.</summary>
/// <remarks>Source: kubernetes/apimachinery pkg/util/remotecommand; version 5 added the closing of a channel.</remarks>
internal sealed class WebSocketCommand(WebSocket socket, bool closesChannels) : IDisposable
{
    /// <summary>The protocols, the best first.</summary>
    public static IReadOnlyList<string> Protocols { get; } = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

    private const byte Stdin = 0, Stdout = 1, Stderr = 2, Error = 3, Resize = 4, Close = 255;
    private const int Piece = 32 * 1024;
    private const int LongestMessage = 1024 * 1024;
    private const int MostWaitingBytes = 64 * 1024;

    private readonly SemaphoreSlim _sending = new(1);
    private readonly Pipe _stdin = new(new PipeOptions(pauseWriterThreshold: MostWaitingBytes, resumeWriterThreshold: MostWaitingBytes / 2, useSynchronizationContext: false));
    private readonly Channel<TerminalSize> _sizes = Channel.CreateBounded<TerminalSize>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Runs the command and tells how it ended. A client that goes ends the command.</summary>
    public async Task RunAsync(RemoteWish wish, RemoteCommand command, CancellationToken cancel)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var receiving = ReceiveAsync(gone);
        try
        {
            var io = new RemoteIo(
                wish.Stdin ? _stdin.Reader : null,
                wish.Stdout ? (bytes, token) => SendAsync(Stdout, bytes, token) : null,
                wish.Stderr && !wish.Tty ? (bytes, token) => SendAsync(Stderr, bytes, token) : null,
                _sizes.Reader);
            var outcome = await command(io, gone.Token);
            await SendAsync(Error, StoredJson.Write(outcome.ToStatus()), gone.Token);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", gone.Token);
            await receiving;
        }
        finally
        {
            await gone.CancelAsync();
            await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _sending.Dispose();

    /// <remarks>Always listening: a client's pings are answered only by somebody who reads.</remarks>
    private async Task ReceiveAsync(CancellationTokenSource gone)
    {
        var message = new ArrayBufferWriter<byte>(4096);
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(message.GetMemory(4096), gone.Token);
                if (received.MessageType != WebSocketMessageType.Binary)
                {
                    // goodbye, or a text, which nobody sends who speaks this protocol
                    break;
                }
                message.Advance(received.Count);
                if (message.WrittenCount > LongestMessage)
                {
                    break;
                }
                if (received.EndOfMessage)
                {
                    await TakeAsync(message.WrittenMemory, gone.Token);
                    message.ResetWrittenCount();
                }
            }
        }
        catch (Exception cause) when (cause is WebSocketException or OperationCanceledException or IOException)
        {
            // the client has gone
        }
        await _stdin.Writer.CompleteAsync();
        if (socket.State is not (WebSocketState.CloseReceived or WebSocketState.Closed))
        {
            await gone.CancelAsync();
        }
    }

    private async Task TakeAsync(ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        if (message.IsEmpty)
        {
            return;
        }
        var (channel, body) = (message.Span[0], message[1..]);
        switch (channel)
        {
            case Stdin when body.Length > 0:
                await _stdin.Writer.WriteAsync(body, cancel);
                break;
            case Resize when RemoteIo.ReadSize(body.Span) is { } size:
                _sizes.Writer.TryWrite(size);
                break;
            case Close when closesChannels && body.Length == 1 && body.Span[0] == Stdin:
                await _stdin.Writer.CompleteAsync();
                break;
            default:
                break; // the first, empty message of each channel, and channels of later versions
        }
    }

    private async Task SendAsync(byte channel, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (true)
        {
            var piece = bytes.Length > Piece ? bytes[..Piece] : bytes;
            bytes = bytes[piece.Length..];
            var message = new byte[piece.Length + 1];
            message[0] = channel;
            piece.CopyTo(message.AsMemory(1));
            await _sending.WaitAsync(cancel);
            try
            {
                await socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, cancel);
            }
            finally
            {
                _sending.Release();
            }
            if (bytes.IsEmpty)
            {
                return;
            }
        }
    }
}
