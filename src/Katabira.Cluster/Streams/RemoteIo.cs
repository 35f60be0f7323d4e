using System.IO.Pipelines;
using System.Text.Json;
using System.Threading.Channels;

namespace Katabira.Cluster.Streams;

/// <summary>
/// The client's end of a command: what it types and what it sees, whatever protocol carries it. Null for what was not asked for. Writers are safe for one
/// thread each.
/// </summary>
/// <param name="Stdin">Ends when the client closes it.</param>
/// <param name="WriteStdout">Sends output.</param>
/// <param name="WriteStderr">Sends errors.</param>
/// <param name="Resizes">The sizes of the client's terminal, as they change.</param>
internal sealed record RemoteIo(PipeReader? Stdin, RemoteWrite? WriteStdout, RemoteWrite? WriteStderr, ChannelReader<TerminalSize> Resizes)
{
    /// <summary>Reads a size from a client's message; null if it is none.</summary>
    public static TerminalSize? ReadSize(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement is { ValueKind: JsonValueKind.Object } size
                && size.TryGetProperty("Width", out var width) && width.TryGetUInt16(out var columns)
                && size.TryGetProperty("Height", out var height) && height.TryGetUInt16(out var rows)
                    ? new TerminalSize(columns, rows)
                    : null;
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>Sends bytes to the client; waits while it does not take them.</summary>
internal delegate Task RemoteWrite(ReadOnlyMemory<byte> bytes, CancellationToken cancel);

/// <summary>Runs a command with a client's ends, to its end.</summary>
internal delegate Task<ExecOutcome> RemoteCommand(RemoteIo io, CancellationToken cancel);

/// <summary>What a client asked for.</summary>
internal readonly record struct RemoteWish(bool Stdin, bool Stdout, bool Stderr, bool Tty);
