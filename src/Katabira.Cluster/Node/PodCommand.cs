using Katabira.Net.Pods;

namespace Katabira.Cluster.Node;

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">What it returned; 0 if a signal ended it.</param>
/// <param name="Signal">The signal, else 0.</param>
internal readonly record struct CommandEnd(int ExitCode, int Signal)
{
    /// <summary>The one number that kubectl passes on: 128 and the signal, as shells say it.</summary>
    public int Code => ContainerState.CodeOf(ExitCode, Signal);
}

/// <summary>
/// A command that runs in a container, or a container's own program that somebody is attached to. Output is read in the order in which the pod sent it, by one reader; a reader that is slow holds a command
/// back. Input is written by one writer, which may be another. Disposing it while a command runs kills it.
/// </summary>
internal sealed class PodCommand(PodConnection connection) : IDisposable
{
    private const int MostInputBytes = 32 << 10;

    /// <summary>How it ended; null until the last output is read.</summary>
    public CommandEnd? End { get; private set; }

    /// <summary>The next piece of output; its kind is Output or Errors. Null at the end, when <see cref="End"/> is there.</summary>
    /// <exception cref="PodGoneException">The pod has ended.</exception>
    public async ValueTask<PodReply?> ReadAsync(CancellationToken cancel)
    {
        if (End is not null)
        {
            return null;
        }
        var frame = await connection.ReadAsync(cancel);
        if (frame.Kind != PodFrame.Ended)
        {
            return frame;
        }
        End = EndOf(frame);
        return null;
    }

    /// <summary>Copies all output into two streams, and returns how the command ended.</summary>
    public async Task<CommandEnd> CopyToAsync(Stream output, Stream errors, CancellationToken cancel)
    {
        while (await ReadAsync(cancel) is { } piece)
        {
            await (piece.Kind == PodFrame.Errors ? errors : output).WriteAsync(piece.Payload, cancel);
        }
        return End ?? throw new InvalidOperationException("a command without an end");
    }

    /// <summary>Writes to the command's input; it waits while the command does not read. After the command's end nothing happens.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(MostInputBytes, bytes.Length)..])
        {
            await SendAsync(PayloadWriter.Frame(PodFrame.Input, bytes[..Math.Min(MostInputBytes, bytes.Length)].Span), cancel);
        }
    }

    /// <summary>There is no more input; on a terminal the command sees a control-D.</summary>
    public Task EndInputAsync(CancellationToken cancel) => SendAsync(PayloadWriter.Frame(PodFrame.InputEnd), cancel);

    /// <summary>Tells the command that its terminal has another size; without a terminal it does nothing.</summary>
    public Task ResizeAsync(TerminalSize size, CancellationToken cancel)
    {
        var writer = new PayloadWriter().Begin(PodFrame.Resize);
        writer.Number16(size.Columns);
        writer.Number16(size.Rows);
        return SendAsync(writer.End().Written, cancel);
    }

    public void Dispose() => connection.Dispose();

    private static CommandEnd EndOf(PodReply frame)
    {
        var reader = new PayloadReader(frame.Payload.Span);
        return new CommandEnd(reader.Number(), reader.Number());
    }

    private async Task SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancel)
    {
        try
        {
            await connection.SendAsync(frame, cancel);
        }
        catch (PodGoneException)
        {
            // The command has ended, or the pod has: the reader hears which.
        }
    }
}
