using System.Buffers;
using System.Threading.Channels;
using Katabira.Cluster.Storage;
using Katabira.Cluster.Streams.Spdy;

namespace Katabira.Cluster.Streams;

/// <summary>Carries a command over SPDY: a stream for each of its ends, and one for how it ended.</summary>
internal static class SpdyCommand
{
    /// <summary>The protocols, the best first. Version 4 and 5 end with a Status; the others are of clients that nobody has any more.</summary>
    public static IReadOnlyList<string> Protocols { get; } = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

    private const int LongestSize = 1024;

    /// <summary>Waits for the client's streams, runs the command, and tells how it ended.</summary>
    public static async Task RunAsync(SpdyConnection connection, RemoteWish wish, RemoteCommand command, CancellationToken cancel)
    {
        var streams = await AcceptAsync(connection, wish, cancel);
        var (error, stdin, stdout, stderr, resize) = (streams.GetValueOrDefault("error"), streams.GetValueOrDefault("stdin"),
            streams.GetValueOrDefault("stdout"), streams.GetValueOrDefault("stderr"), streams.GetValueOrDefault("resize"));
        var sizes = Channel.CreateBounded<TerminalSize>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest });
        var resizing = resize is null ? Task.CompletedTask : ReadSizesAsync(resize, sizes.Writer, cancel);
        var io = new RemoteIo(stdin?.Input, stdout is null ? null : stdout.WriteAsync, stderr is null ? null : stderr.WriteAsync, sizes.Reader);
        var outcome = await command(io, cancel);
        foreach (var output in new[] { stdout, stderr }.OfType<SpdyStream>())
        {
            await output.FinishAsync(cancel);
        }
        if (error is not null)
        {
            await error.WriteAsync(StoredJson.Write(outcome.ToStatus()), cancel);
            await error.FinishAsync(cancel);
        }
        // the client reads the end and goes
        await connection.Opened.WaitToReadAsync(cancel);
        await resizing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<Dictionary<string, SpdyStream>> AcceptAsync(SpdyConnection connection, RemoteWish wish, CancellationToken cancel)
    {
        var wanted = new HashSet<string>(StringComparer.Ordinal) { "error" };
        _ = (wish.Stdin && wanted.Add("stdin"), wish.Stdout && wanted.Add("stdout"), wish.Stderr && !wish.Tty && wanted.Add("stderr"), wish.Tty && wanted.Add("resize"));
        var found = new Dictionary<string, SpdyStream>(StringComparer.Ordinal);
        while (wanted.Count > 0)
        {
            var stream = await connection.Opened.ReadAsync(cancel);
            var type = stream.Headers.GetValueOrDefault("streamtype", "");
            if (!wanted.Remove(type))
            {
                throw new SpdyFormatException($"a stream of type '{(type.Length <= 32 ? type : type[..32])}' was not asked for");
            }
            found[type] = stream;
        }
        return found;
    }

    private static async Task ReadSizesAsync(SpdyStream resize, ChannelWriter<TerminalSize> sizes, CancellationToken cancel)
    {
        while (true)
        {
            var read = await resize.Input.ReadAsync(cancel);
            // each size is a line of JSON; what is no whole line yet waits, up to a bound
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                if (RemoteIo.ReadSize(rest.Slice(0, end).ToArray()) is { } size)
                {
                    sizes.TryWrite(size);
                }
                rest = rest.Slice(rest.GetPosition(1, end));
            }
            if (read.IsCompleted || rest.Length > LongestSize)
            {
                return;
            }
            resize.Input.AdvanceTo(rest.Start, rest.End);
        }
    }
}
