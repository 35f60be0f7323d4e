using System.Runtime.CompilerServices;

namespace Katabira.Cluster.Storage;

/// <summary>
/// One watch, read by one caller. No event is missing, none comes twice, all are in the order of revisions.
/// While its reader is behind it holds no buffer: the reader takes what it missed from the log, at its own pace, and joins
/// the live events when it has nearly caught up. A watch that is not being read costs nothing.
/// </summary>
internal sealed class Watch : IAsyncDisposable
{
    private readonly WatchHub _hub;
    private readonly SqliteHistory _history;
    private readonly WatchBuffer _buffer;
    private readonly WatchBufferLimit _limit;
    private Snapshot? _initial;
    private Revision _read;

    /// <param name="hub">Tells the live events.</param>
    /// <param name="history">Tells those before.</param>
    /// <param name="range">Which objects.</param>
    /// <param name="limit">Of the buffer for live events.</param>
    /// <param name="start">The state to begin with.</param>
    /// <param name="after">Changes after this one are told. The revision of <paramref name="start"/>, if there is one.</param>
    public Watch(WatchHub hub, SqliteHistory history, StoreRange range, WatchBufferLimit limit, Snapshot? start, Revision after)
    {
        (_hub, _history, _limit, _initial, _read) = (hub, history, limit, start, after);
        _buffer = new WatchBuffer(range, limit);
    }

    /// <summary>
    /// The events, until the caller cancels or the store ends the watch; in that case a <see cref="WatchEnded"/> is the last
    /// one. To be read once. Cancelling ends it with <see cref="OperationCanceledException"/> and the hub forgets it at once.
    /// </summary>
    public async IAsyncEnumerable<WatchEvent> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        try
        {
            foreach (var initial in TakeInitialList())
            {
                cancellation.ThrowIfCancellationRequested();
                yield return initial;
            }

            foreach (var missed in CatchUp())
            {
                cancellation.ThrowIfCancellationRequested();
                _read = missed.Revision;
                yield return missed;
            }

            while (await _buffer.WaitAsync(cancellation))
            {
                while (_buffer.TryRead(out var live))
                {
                    _read = live!.Revision;
                    yield return live;
                }
            }

            if (_buffer.EndReason is { } reason)
            {
                yield return new WatchEnded(_read, reason);
            }
        }
        finally
        {
            _hub.Leave(_buffer);
        }
    }

    /// <summary>
    /// Asks for a <see cref="Progress"/> among the events, for a bookmark. False while the reader is still catching up, and
    /// after the end. Any thread may ask.
    /// </summary>
    public bool RequestProgress() => _hub.RequestProgress(_buffer);

    /// <summary>Ends it, for the caller has gone; a reading under way ends too. Any thread may.</summary>
    public ValueTask DisposeAsync()
    {
        _hub.Leave(_buffer);
        _buffer.End(WatchEndReason.Closed);
        return ValueTask.CompletedTask;
    }

    private IEnumerable<WatchEvent> TakeInitialList()
    {
        if (_initial is null)
        {
            yield break;
        }

        var objects = _initial.Range(_buffer.Range);
        for (var i = 0; i < objects.Count; i++)
        {
            yield return new Change(ChangeType.Added, objects[i], null);
        }

        _initial = null; // from here on the snapshot is only kept by others
        yield return new InitialListEnd(_read);
    }

    /// <summary>The changes between what was read and what the buffer holds from now on.</summary>
    private IEnumerable<WatchEvent> CatchUp()
    {
        Revision? joined = null;
        var at = _read;
        while (true)
        {
            // Joining a little early costs buffer; joining late would never happen under constant writes.
            joined ??= _hub.Join(_buffer, at, mostBehind: _limit.Events / 2);
            var target = joined ?? _hub.Current.Revision;
            if (at == target)
            {
                yield break;
            }

            var history = _history.ReadAfter(_buffer.Range, at, target);
            if (history is not HistoryResult.Page page)
            {
                _buffer.End(EndReasonOf(history));
                yield break;
            }

            foreach (var change in page.Changes)
            {
                yield return change;
            }

            at = page.ReadTo;
        }
    }

    private static WatchEndReason EndReasonOf(HistoryResult failure) => failure switch
    {
        HistoryResult.Compacted => WatchEndReason.Compacted,
        HistoryResult.Failed { Reason.Kind: StoreFaultKind.Closed } => WatchEndReason.Closed,
        _ => WatchEndReason.Unreadable,
    };
}
