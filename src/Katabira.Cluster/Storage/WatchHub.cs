namespace Katabira.Cluster.Storage;

/// <summary>
/// The published state, and those who wait for it to change. Whoever joins is told every change after the state they saw when
/// they joined: state and events are published under one lock. Readers of the state take no lock. Nothing here waits for a reader.
/// </summary>
internal sealed class WatchHub(Snapshot initial)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<GroupResource, HashSet<WatchBuffer>> _watching = [];
    private readonly List<(Revision Revision, TaskCompletionSource Reached)> _waiting = [];
    private volatile Snapshot _current = initial;
    private bool _closed;

    /// <summary>The newest state. All of it is on the disk.</summary>
    public Snapshot Current => _current;

    /// <summary>How many watches are live.</summary>
    public int WatcherCount
    {
        get
        {
            lock (_lock)
            {
                return _watching.Values.Sum(buffers => buffers.Count);
            }
        }
    }

    /// <summary>Makes the next state visible and tells everybody concerned.</summary>
    /// <returns>How many watches ended because their readers were too slow.</returns>
    public int Publish(Snapshot next, IReadOnlyList<Change> changes)
    {
        lock (_lock)
        {
            _current = next;
            var dropped = 0;
            foreach (var change in changes)
            {
                dropped += Tell(change);
            }

            Release(next.Revision);
            return dropped;
        }
    }

    /// <summary>
    /// Starts to tell a buffer about changes, provided its reader is at most <paramref name="mostBehind"/> revisions behind.
    /// </summary>
    /// <returns>The revision after which the buffer gets everything; null if the reader is too far behind yet.</returns>
    public Revision? Join(WatchBuffer buffer, Revision reader, long mostBehind)
    {
        lock (_lock)
        {
            if (_closed)
            {
                buffer.Complete(WatchEndReason.Closed);
                return _current.Revision;
            }

            if (_current.Revision - reader > mostBehind)
            {
                return null;
            }

            if (!_watching.TryGetValue(buffer.Range.Resource, out var buffers))
            {
                _watching[buffer.Range.Resource] = buffers = [];
            }

            buffers.Add(buffer);
            return _current.Revision;
        }
    }

    /// <summary>Stops telling it anything. Harmless if it never joined.</summary>
    public void Leave(WatchBuffer buffer)
    {
        lock (_lock)
        {
            if (_watching.TryGetValue(buffer.Range.Resource, out var buffers) && buffers.Remove(buffer) && buffers.Count == 0)
            {
                _watching.Remove(buffer.Range.Resource);
            }
        }
    }

    /// <summary>Queues a <see cref="Progress"/> behind every change published so far. False if the buffer is not joined.</summary>
    public bool RequestProgress(WatchBuffer buffer)
    {
        lock (_lock)
        {
            return _watching.TryGetValue(buffer.Range.Resource, out var buffers) && buffers.Contains(buffer)
                && buffer.TryAdd(new Progress(_current.Revision));
        }
    }

    /// <summary>Completes as soon as the state is at that revision or later; is cancelled when the hub closes.</summary>
    public async Task WaitForAsync(Revision revision, CancellationToken cancellation)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (revision <= _current.Revision)
            {
                return;
            }

            if (_closed)
            {
                throw new OperationCanceledException("the store is being closed");
            }

            _waiting.Add((revision, reached));
        }

        try
        {
            await reached.Task.WaitAsync(cancellation);
        }
        finally
        {
            lock (_lock)
            {
                _waiting.Remove((revision, reached));
            }
        }
    }

    /// <summary>Ends every watch, and every one that joins later. Their readers still get what was published.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var buffer in _watching.Values.SelectMany(buffers => buffers))
            {
                buffer.Complete(WatchEndReason.Closed);
            }

            _watching.Clear();
            foreach (var (_, reached) in _waiting)
            {
                reached.TrySetCanceled();
            }
        }
    }

    private int Tell(Change change)
    {
        var key = change.Object.Key;
        if (!_watching.TryGetValue(key.Resource, out var buffers))
        {
            return 0;
        }

        return buffers.RemoveWhere(buffer => (buffer.Range.Namespace ?? key.Namespace) == key.Namespace && !buffer.TryAdd(change));
    }

    private void Release(Revision reached)
    {
        foreach (var (revision, waiter) in _waiting)
        {
            if (revision <= reached)
            {
                waiter.TrySetResult();
            }
        }
    }
}
