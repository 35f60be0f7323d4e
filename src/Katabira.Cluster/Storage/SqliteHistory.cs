using Microsoft.Data.Sqlite;

namespace Katabira.Cluster.Storage;

/// <summary>
/// The log, as readers see it, on a connection of their own: they never wait for the writer, nor it for them.
/// Safe for many threads, which take turns.
/// </summary>
/// <param name="connection">Of <see cref="SqliteSchema.OpenReader"/>; owned from now on.</param>
/// <param name="health">Told when the file cannot be read.</param>
internal sealed class SqliteHistory(SqliteConnection connection, StoreHealth health) : IDisposable
{
    private const int PageEntries = 256;
    private const long PageBytes = 4 * 1024 * 1024;

    private readonly Lock _turn = new();
    private readonly SqliteStatement _begin = new(connection, Sql.BeginRead);
    private readonly SqliteStatement _end = new(connection, Sql.Rollback);
    private readonly SqliteStatement _readMeta = new(connection, Sql.ReadMeta);
    private readonly SqliteStatement _readLog = new(connection, Sql.ReadLog);
    private bool _disposed;

    /// <summary>The changes after one revision, up to and including another: a page of them.</summary>
    public HistoryResult ReadAfter(StoreRange range, Revision after, Revision upTo) =>
        ReadUncompacted(after, () => ReadPage(range, after, upTo));

    /// <summary>The states, at one revision, of the objects that changed after it, up to and including another.</summary>
    public HistoryResult ReadStatesAt(StoreRange range, Revision at, Revision upTo) =>
        ReadUncompacted(at, () => ReadStates(range, at, upTo));

    public void Dispose()
    {
        lock (_turn)
        {
            _disposed = true;
            _begin.Dispose();
            _end.Dispose();
            _readMeta.Dispose();
            _readLog.Dispose();
            connection.Dispose();
        }
    }

    private HistoryResult.Page ReadPage(StoreRange range, Revision after, Revision upTo)
    {
        var changes = new List<Change>();
        long bytes = 0;
        using var rows = QueryLog(range, after, upTo);
        while (rows.Read())
        {
            var change = SqliteRow.ReadChange(rows);
            changes.Add(change);
            bytes += change.LengthBytes;
            if (changes.Count == PageEntries || bytes >= PageBytes)
            {
                return new HistoryResult.Page(changes, change.Revision);
            }
        }

        return new HistoryResult.Page(changes, upTo);
    }

    private HistoryResult.States ReadStates(StoreRange range, Revision at, Revision upTo)
    {
        var states = new Dictionary<StoreKey, StoredObject?>();
        using var rows = QueryLog(range, at, upTo);
        while (rows.Read())
        {
            // The first change of an object says what was before; the blobs of later ones are not even read.
            if (!states.ContainsKey(SqliteRow.ReadKey(rows)))
            {
                var change = SqliteRow.ReadChange(rows);
                states.Add(change.Object.Key, change.Previous);
            }
        }

        return new HistoryResult.States(states);
    }

    /// <summary>Reads in a transaction, so that compaction does not remove what is being looked at.</summary>
    private HistoryResult ReadUncompacted(Revision after, Func<HistoryResult> read)
    {
        lock (_turn)
        {
            if (_disposed)
            {
                return new HistoryResult.Failed(StoreFault.Closed);
            }

            try
            {
                _begin.Run();
                try
                {
                    return ReadCompacted() > after ? new HistoryResult.Compacted() : read();
                }
                finally
                {
                    _end.Run();
                }
            }
            catch (Exception e) when (StoreFault.Explains(e))
            {
                return new HistoryResult.Failed(health.Report(e));
            }
        }
    }

    private Revision ReadCompacted()
    {
        using var row = _readMeta.Query();
        row.Read();
        return new Revision(row.GetInt64(1));
    }

    private SqliteDataReader QueryLog(StoreRange range, Revision after, Revision upTo) =>
        _readLog.Query(range.Resource.Plural, range.Resource.Group, after.Value, upTo.Value, range.Namespace);
}
