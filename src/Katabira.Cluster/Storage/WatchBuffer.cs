using System.Threading.Channels;

namespace Katabira.Cluster.Storage;

/// <summary>How much may wait for one slow reader before its watch is ended.</summary>
/// <param name="Events">Events at most.</param>
/// <param name="LengthBytes">JSON at most; a single larger event still fits into an empty buffer.</param>
internal readonly record struct WatchBufferLimit(int Events, long LengthBytes)
{
    public static WatchBufferLimit Default => new(1_000, 16 * 1024 * 1024);
}

/// <summary>
/// Live events between the hub, which never waits, and one reader. When it overflows it ends, and gives up what it held at
/// once: a reader that is stuck in a socket keeps nothing alive.
/// </summary>
internal sealed class WatchBuffer(StoreRange range, WatchBufferLimit limit)
{
    private const int StillOpen = -1;

    private readonly Channel<WatchEvent> _events = Channel.CreateUnbounded<WatchEvent>();
    private int _count;
    private long _bytes;
    private int _endReason = StillOpen;

    public StoreRange Range { get; } = range;

    /// <summary>Why it ended; null while it lives.</summary>
    public WatchEndReason? EndReason => Volatile.Read(ref _endReason) is var reason and not StillOpen ? (WatchEndReason)reason : null;

    /// <summary>Adds an event; false, and the end, if there is no room. For the hub, under its lock.</summary>
    public bool TryAdd(WatchEvent added)
    {
        var bytes = LengthOf(added);
        if (Interlocked.Increment(ref _count) > limit.Events
            || (Interlocked.Add(ref _bytes, bytes) > limit.LengthBytes && Volatile.Read(ref _count) > 1))
        {
            End(WatchEndReason.TooSlow);
            return false;
        }

        return _events.Writer.TryWrite(added);
    }

    /// <summary>Ends it and drops what was not read yet. The first reason stays.</summary>
    public void End(WatchEndReason reason)
    {
        Complete(reason);
        while (_events.Reader.TryRead(out _))
        {
        }
    }

    /// <summary>Ends it behind the events it holds. The first reason stays.</summary>
    public void Complete(WatchEndReason reason)
    {
        Interlocked.CompareExchange(ref _endReason, (int)reason, StillOpen);
        _events.Writer.TryComplete();
    }

    /// <summary>Waits for an event; false once there will be none.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => _events.Reader.WaitToReadAsync(cancellation);

    public bool TryRead(out WatchEvent? read)
    {
        if (!_events.Reader.TryRead(out read))
        {
            return false;
        }

        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _bytes, -LengthOf(read));
        return true;
    }

    private static long LengthOf(WatchEvent @event) => @event is Change change ? change.LengthBytes : 0;
}
