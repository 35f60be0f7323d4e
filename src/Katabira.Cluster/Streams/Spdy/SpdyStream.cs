using System.Collections.Immutable;
using System.IO.Pipelines;

namespace Katabira.Cluster.Streams.Spdy;

/// <summary>One of the two-way streams in a connection. One reader and one writer at a time.</summary>
/// <param name="id">Its number.</param>
/// <param name="headers">What the other side opened it with.</param>
internal sealed class SpdyStream(SpdyConnection connection, int id, ImmutableDictionary<string, string> headers)
{
    /// <summary>Waits to be read before the connection is held back.</summary>
    private const int MostWaitingBytes = 64 * 1024;

    private readonly Pipe _input = new(new PipeOptions(pauseWriterThreshold: MostWaitingBytes, resumeWriterThreshold: MostWaitingBytes / 2, useSynchronizationContext: false));
    private bool _hasFinished;

    public int Id => id;

    public ImmutableDictionary<string, string> Headers => headers;

    /// <summary>What the other side sends; ends when it has finished, and with an error when it reset the stream.</summary>
    public PipeReader Input => _input.Reader;

    /// <summary>Sends bytes; nothing after <see cref="FinishAsync"/>.</summary>
    public Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => connection.SendDataAsync(id, bytes, isLast: false, cancel);

    /// <summary>Says that nothing more will be sent. Twice is once.</summary>
    public async Task FinishAsync(CancellationToken cancel)
    {
        if (!Interlocked.Exchange(ref _hasFinished, true))
        {
            await connection.SendDataAsync(id, default, isLast: true, cancel);
        }
    }

    /// <summary>Ends the stream in both directions at once.</summary>
    public Task ResetAsync(CancellationToken cancel)
    {
        _hasFinished = true;
        return connection.SendResetAsync(id, cancel);
    }

    /// <summary>Takes in what came; waits while too much is unread.</summary>
    internal async Task ReceiveAsync(ReadOnlyMemory<byte> bytes, bool isLast, CancellationToken cancel)
    {
        if (bytes.Length > 0)
        {
            await _input.Writer.WriteAsync(bytes, cancel);
        }
        if (isLast)
        {
            await _input.Writer.CompleteAsync();
        }
    }

    internal void End(Exception? why) => _input.Writer.Complete(why);
}
