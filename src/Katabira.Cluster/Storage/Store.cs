using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Storage;

/// <summary>
/// JSON objects under keys, with one revision for all of them.
/// <list type="bullet">
/// <item>Durable: an answered write survives kill -9 and power loss.</item>
/// <item>Ordered: changes have consecutive revisions, over restarts too; readers and watchers see them in that order.</item>
/// <item>Current: reads come from memory, take no lock, never wait for the writer, and show every answered write.</item>
/// <item>Honest: what cannot be written is refused with the reason, and reading goes on.</item>
/// </list>
/// Safe for many threads. One process at a time.
/// </summary>
internal sealed class Store : IAsyncDisposable
{
    private readonly StoreOptions _options;
    private readonly StoreLock _lock;
    private readonly SqliteLog _log;
    private readonly SqliteHistory _history;
    private readonly StoreHealth _health;
    private readonly WatchHub _hub;
    private readonly WriteLoop _writer;
    private readonly Compaction _compaction;
    private bool _disposed;

    private Store(StoreOptions options, StoreLock held, SqliteLog log, StoreHealth health, TimeProvider time, ILogger logger)
    {
        (_options, _lock, _log, _health) = (options, held, log, health);
        _hub = new WatchHub(log.Load());
        _history = new SqliteHistory(SqliteSchema.OpenReader(options.File), health);
        _writer = new WriteLoop(log, _hub, health, options.Retention, time, logger);
        _compaction = new Compaction(_writer, options.CompactionInterval, time, logger);
    }

    /// <summary>Why nothing can be written; null if all is well.</summary>
    public StoreFault? Fault => _health.Fault;

    /// <summary>The newest change that is on the disk.</summary>
    public Revision Revision => _hub.Current.Revision;

    /// <summary>History begins after this revision.</summary>
    public Revision Compacted => _log.Compacted;

    /// <summary>Objects there are.</summary>
    public int Count => _hub.Current.Count;

    /// <summary>Live watches.</summary>
    public int WatcherCount => _hub.WatcherCount;

    /// <summary>Opens, checks and reads the whole store; blocks while it does.</summary>
    /// <exception cref="StoreOpenException">It is in use, damaged, foreign or inaccessible.</exception>
    public static Store Open(StoreOptions options, TimeProvider time, ILogger logger)
    {
        StoreLock? held = null;
        SqliteLog? log = null;
        try
        {
            held = StoreLock.Acquire(options.File);
            log = new SqliteLog(SqliteSchema.OpenWriter(options.File, options.MaxFileBytes));
            var store = new Store(options, held, log, new StoreHealth(options.File, time, logger), time, logger);
            StorageLog.Opened(logger, options.File, store.Revision, store.Count);
            return store;
        }
        catch (Exception e)
        {
            log?.Dispose();
            held?.Dispose();
            if (ExplainOpening(e, options.File) is { } explained)
            {
                throw explained;
            }

            throw;
        }
    }

    /// <summary>The object under a key; null if there is none.</summary>
    public StoredObject? Get(StoreKey key) => _hub.Current.Find(key);

    /// <summary>Every object as of now, for those who look at several and want one moment.</summary>
    public Snapshot Current => _hub.Current;

    /// <summary>Objects in order, now or at an earlier revision. Reads the disk only for the latter.</summary>
    public ListResult List(ListQuery query)
    {
        ContinueToken? after = null;
        if (query.Continue is { } text && (after = ContinueToken.Parse(text)) is null)
        {
            return new ListResult.InvalidContinue();
        }

        var current = _hub.Current;
        var wanted = after is { } token ? token.At : query.Exact;
        if (wanted is not { } at || at == current.Revision)
        {
            return query.PageOf(current, after);
        }

        if (at > current.Revision)
        {
            return after is null ? new ListResult.NotYet(current.Revision) : Expired(after);
        }

        return _history.ReadStatesAt(query.Range, at, current.Revision) switch
        {
            HistoryResult.States past => query.PageOf(current.Rewind(at, query.Range.Resource, past.At), after),
            HistoryResult.Failed failed => new ListResult.Unreadable(failed.Reason),
            _ => Expired(after),
        };
    }

    /// <summary>Begins a watch. The caller reads it once and disposes it.</summary>
    public WatchResult Watch(StoreRange range, WatchStart start)
    {
        var current = _hub.Current;
        return start switch
        {
            WatchStart.InitialList => Started(current, current.Revision),
            WatchStart.After(var after) when after > current.Revision => new WatchResult.NotYet(current.Revision),
            WatchStart.After(var after) when after < _log.Compacted => new WatchResult.Expired(_log.Compacted),
            WatchStart.After(var after) => Started(null, after),
            _ => Started(null, current.Revision),
        };

        WatchResult.Started Started(Snapshot? initial, Revision after) =>
            new(new Watch(_hub, _history, range, _options.WatchBuffer, initial, after));
    }

    /// <summary>Completes as soon as reads show that revision or a later one.</summary>
    public Task WaitForAsync(Revision revision, CancellationToken cancellation) => _hub.WaitForAsync(revision, cancellation);

    /// <summary>Adds an object. Written or AlreadyExists, or ReadOnly.</summary>
    /// <exception cref="ArgumentException">The key cannot be written down.</exception>
    public Task<StoreResult> CreateAsync(StoreKey key, StorePayload payload, CancellationToken cancellation) =>
        _writer.WriteAsync(new WriteOperation.Create(Storable(key), payload), cancellation);

    /// <summary>Replaces an object. Written, Unchanged, NotFound or Conflict, or ReadOnly.</summary>
    /// <param name="key">Which object.</param>
    /// <param name="expected">The revision the new state was made from; null to overwrite whatever is there.</param>
    /// <param name="payload">The new state.</param>
    /// <param name="cancellation">Ends the wait for a place in the queue; a write that is queued is done.</param>
    public Task<StoreResult> UpdateAsync(StoreKey key, Revision? expected, StorePayload payload, CancellationToken cancellation) =>
        _writer.WriteAsync(new WriteOperation.Update(Storable(key), expected, payload), cancellation);

    /// <summary>Removes an object. Written with its last state under the new revision, NotFound or Conflict, or ReadOnly.</summary>
    /// <param name="key">Which object.</param>
    /// <param name="expected">The revision the caller looked at; null to delete whatever is there.</param>
    /// <param name="cancellation">Ends the wait for a place in the queue; a write that is queued is done.</param>
    public Task<StoreResult> DeleteAsync(StoreKey key, Revision? expected, CancellationToken cancellation) =>
        _writer.WriteAsync(new WriteOperation.Delete(Storable(key), expected), cancellation);

    /// <summary>Cuts the log to its retention now instead of at the next interval.</summary>
    /// <returns>Entries removed.</returns>
    public Task<int> CompactAsync(CancellationToken cancellation) => _compaction.CompactAsync(cancellation);

    /// <summary>Writes what is queued, ends every watch, closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        await _compaction.DisposeAsync();
        await _writer.DisposeAsync();
        _hub.Close();
        _history.Dispose();
        if (_health.Fault is { MayPass: false })
        {
            _log.KeepWriteAheadLog();
        }

        _log.Dispose();
        _lock.Dispose();
    }

    private static StoreKey Storable(StoreKey key) =>
        key.IsStorable ? key : throw new ArgumentException($"{key} cannot be a key", nameof(key));

    private static ListResult.Expired Expired(ContinueToken? after) => new(after is { } token ? (token with { At = null }).ToString() : null);

    private static StoreOpenException? ExplainOpening(Exception failure, string file)
    {
        if (failure is IOException or UnauthorizedAccessException)
        {
            return new StoreOpenException(StoreOpenFailure.Inaccessible, $"{file} cannot be opened: {failure.Message}", failure);
        }

        if (!StoreFault.Explains(failure))
        {
            return null;
        }

        var fault = StoreFault.From(failure, file);
        return new StoreOpenException(
            fault.Kind == StoreFaultKind.Corrupt ? StoreOpenFailure.Corrupt : StoreOpenFailure.Inaccessible, fault.Message, failure);
    }
}
