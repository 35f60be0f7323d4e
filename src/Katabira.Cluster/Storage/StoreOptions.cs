namespace Katabira.Cluster.Storage;

/// <summary>How to keep a store.</summary>
internal sealed record StoreOptions
{
    /// <summary>
    /// The database. SQLite puts its write-ahead log beside it, and the store two small files for its lock.
    /// <c>sqlite3 FILE ".backup COPY"</c> makes a whole copy at any time.
    /// </summary>
    public required string File { get; init; }

    /// <summary>How large the database may grow, its write-ahead log aside; null for as large as its disk lets it.</summary>
    public long? MaxFileBytes { get; init; }

    /// <summary>How much history to keep.</summary>
    public Retention Retention { get; init; } = new();

    /// <summary>How often to look whether there is too much of it.</summary>
    public TimeSpan CompactionInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What may wait for each slow watcher.</summary>
    public WatchBufferLimit WatchBuffer { get; init; } = WatchBufferLimit.Default;
}
