using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Streams;

/// <summary>Who runs pods, as far as the API has to ask: commands, connections and logs. Thread-safe.</summary>
internal abstract class PodBackend
{
    /// <summary>Runs a command in a container, with the client's ends, to its end.</summary>
    /// <exception cref="IOException">The container does not run; the message is for the user.</exception>
    public abstract Task<ExecOutcome> ExecAsync(JsonObject pod, string container, ImmutableArray<string> command, RemoteWish wish, RemoteIo io, CancellationToken cancel);

    /// <summary>Connects to what a container already runs, until it ends or the client goes.</summary>
    /// <exception cref="IOException">The container does not run; the message is for the user.</exception>
    public abstract Task<ExecOutcome> AttachAsync(JsonObject pod, string container, RemoteWish wish, RemoteIo io, CancellationToken cancel);

    /// <summary>Connects to a port of a pod; the caller disposes the stream.</summary>
    /// <exception cref="IOException">Nobody answers there; the message is for the user.</exception>
    public abstract Task<Stream> DialAsync(JsonObject pod, int port, CancellationToken cancel);

    /// <summary>The lines that a container wrote, as bytes to pass on; without an end while it is followed and runs.</summary>
    /// <exception cref="IOException">There are none; the message is for the user.</exception>
    public abstract Task<IAsyncEnumerable<ReadOnlyMemory<byte>>> OpenLogAsync(JsonObject pod, string container, LogWish wish, CancellationToken cancel);
}

/// <summary>Which part of a container's log.</summary>
internal sealed record LogWish
{
    public bool Follow { get; init; }

    /// <summary>Of the container's life before this one.</summary>
    public bool Previous { get; init; }

    public bool Timestamps { get; init; }

    /// <summary>Nothing older; null for any age.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>That many lines before the end; null for all.</summary>
    public long? TailLines { get; init; }

    /// <summary>Bytes at most; null for all.</summary>
    public long? LimitBytes { get; init; }
}
