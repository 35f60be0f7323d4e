using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Katabira.Cluster.Storage;

/// <summary>What one step of trimming did.</summary>
/// <param name="Removed">Entries removed.</param>
/// <param name="MayContinue">Whether the next step may find more.</param>
internal readonly record struct TrimStep(int Removed, bool MayContinue);

/// <summary>
/// The rows, as their only writer sees them: changes go in, a transaction at a time, and are on the disk when the call returns.
/// For one thread. Exceptions of SQLite pass through; after one, the transaction has left nothing behind.
/// </summary>
internal sealed class SqliteLog : IDisposable
{
    private const int TrimStepEntries = 200;
    private const long TrimStepBytes = 4 * 1024 * 1024;

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;
    private readonly SqliteStatement _checkpoint;
    private readonly SqliteStatement _insertCurrent;
    private readonly SqliteStatement _updateCurrent;
    private readonly SqliteStatement _deleteCurrent;
    private readonly SqliteStatement _insertLog;
    private readonly SqliteStatement _advanceMeta;
    private readonly SqliteStatement _readOldestLog;
    private readonly SqliteStatement _trimLog;
    private readonly SqliteStatement _trimMeta;

    private Revision _revision;
    private long _compacted;
    private long _logBytes;

    /// <param name="connection">Of <see cref="SqliteSchema.OpenWriter"/>; owned from now on.</param>
    public SqliteLog(SqliteConnection connection)
    {
        _connection = connection;
        _begin = new(connection, Sql.Begin);
        _commit = new(connection, Sql.Commit);
        _rollback = new(connection, Sql.Rollback);
        _checkpoint = new(connection, Sql.Checkpoint);
        _insertCurrent = new(connection, Sql.InsertCurrent);
        _updateCurrent = new(connection, Sql.UpdateCurrent);
        _deleteCurrent = new(connection, Sql.DeleteCurrent);
        _insertLog = new(connection, Sql.InsertLog);
        _advanceMeta = new(connection, Sql.AdvanceMeta);
        _readOldestLog = new(connection, Sql.ReadOldestLog);
        _trimLog = new(connection, Sql.TrimLog);
        _trimMeta = new(connection, Sql.TrimMeta);
    }

    /// <summary>The newest change whose entry is gone: history begins after it. Any thread may ask.</summary>
    public Revision Compacted => new(Interlocked.Read(ref _compacted));

    /// <summary>Reads the whole state; once, before anything else.</summary>
    /// <exception cref="InvalidDataException">The rows contradict each other or their checksums.</exception>
    public Snapshot Load()
    {
        ReadMeta();
        using var statement = new SqliteStatement(_connection, Sql.ReadCurrent);
        using var rows = statement.Query();
        var objects = new List<StoredObject>();
        while (rows.Read())
        {
            var state = SqliteRow.ReadCurrent(rows);
            if (state.Revision > _revision)
            {
                throw new InvalidDataException($"{state} is newer than the store, which is at {_revision}");
            }

            objects.Add(state);
        }

        return Snapshot.Create(_revision, objects);
    }

    /// <summary>Writes changes with consecutive revisions, the first of them the next of the store, in one transaction.</summary>
    public void Append(IReadOnlyList<Change> changes, DateTimeOffset now)
    {
        var last = changes[^1].Revision;
        var bytes = changes.Sum(c => c.LengthBytes);
        Transact(() =>
        {
            foreach (var change in changes)
            {
                WriteCurrent(change);
                WriteLog(change, now);
            }

            ExpectOne(_advanceMeta.Run(last.Value, bytes, _revision.Value), "the revision of the store");
        });
        _revision = last;
        _logBytes += bytes;
    }

    /// <summary>Removes a few of the oldest entries, if there are too many; few enough not to keep writers waiting.</summary>
    public TrimStep Trim(Retention retention, DateTimeOffset now)
    {
        var oldest = ReadOldest();
        var excess = retention.CountExcess(oldest, new LogSize(_revision - Compacted, _logBytes), now);
        if (excess == 0)
        {
            return default;
        }

        var last = oldest[excess - 1].Revision;
        var bytes = oldest.Take(excess).Sum(e => e.LengthBytes);
        Transact(() =>
        {
            _trimLog.Run(last.Value);
            ExpectOne(_trimMeta.Run(last.Value, bytes), "the compacted revision");
        });
        _logBytes -= bytes;
        Interlocked.Exchange(ref _compacted, last.Value);
        return new TrimStep(excess, MayContinue: excess == oldest.Count);
    }

    /// <summary>Moves what is in the write-ahead log into the database, as far as readers let it; never waits for them.</summary>
    public void Checkpoint()
    {
        using var row = _checkpoint.Query();
        row.Read();
    }

    /// <summary>
    /// Makes closing leave the write-ahead log as it is. After a failed flush a checkpoint could succeed without its pages
    /// being on the disk, and would remove their only copy.
    /// </summary>
    public void KeepWriteAheadLog() => raw.sqlite3_db_config(_connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])
            [_begin, _commit, _rollback, _checkpoint, _insertCurrent, _updateCurrent, _deleteCurrent, _insertLog, _advanceMeta,
            _readOldestLog, _trimLog, _trimMeta])
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private void Transact(Action write)
    {
        _begin.Run();
        try
        {
            write();
            _commit.Run();
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    private void RollBack()
    {
        try
        {
            _rollback.Run();
        }
        catch (SqliteException)
        {
            // A full disk and a failed one have rolled back by themselves; the first failure is the one to tell.
        }
    }

    private void WriteCurrent(Change change)
    {
        var (state, key) = (change.Object, change.Object.Key);
        var rows = change.Type switch
        {
            ChangeType.Added => _insertCurrent.Run(
                key.Group, key.Plural, key.Namespace, key.Name, state.Revision.Value, state.RevisionAt, (long)Checksum.Of(state), state.Json),
            ChangeType.Modified => _updateCurrent.Run(
                key.Group, key.Plural, key.Namespace, key.Name, state.Revision.Value, state.RevisionAt, (long)Checksum.Of(state), state.Json,
                change.Previous!.Revision.Value), // only an addition has none
            _ => _deleteCurrent.Run(key.Group, key.Plural, key.Namespace, key.Name, change.Previous!.Revision.Value),
        };
        ExpectOne(rows, "the row of " + key);
    }

    private void WriteLog(Change change, DateTimeOffset now)
    {
        var (state, previous, key) = (change.Object, change.Previous, change.Object.Key);
        _insertLog.Run(
            state.Revision.Value, now.ToUnixTimeMilliseconds(), (int)change.Type, key.Group, key.Plural, key.Namespace, key.Name,
            state.RevisionAt, previous?.Revision.Value, previous?.RevisionAt, (long)Checksum.Of(change), state.Json, previous?.Json);
    }

    private List<LogEntryHead> ReadOldest()
    {
        var heads = new List<LogEntryHead>();
        using var rows = _readOldestLog.Query(TrimStepEntries);
        for (long bytes = 0; bytes < TrimStepBytes && rows.Read(); bytes += heads[^1].LengthBytes)
        {
            heads.Add(new LogEntryHead(
                new Revision(rows.GetInt64(0)), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(1)), rows.GetInt64(2)));
        }

        return heads;
    }

    private void ReadMeta()
    {
        using (var statement = new SqliteStatement(_connection, Sql.ReadMeta))
        using (var row = statement.Query())
        {
            if (!row.Read())
            {
                throw new InvalidDataException("the row of meta is gone");
            }

            (_revision, _compacted, _logBytes) = (new Revision(row.GetInt64(0)), row.GetInt64(1), row.GetInt64(2));
        }

        using (var statement = new SqliteStatement(_connection, Sql.ReadLogEnds))
        using (var row = statement.Query())
        {
            row.Read();
            var empty = row.IsDBNull(0);
            var whole = empty
                ? _compacted == _revision.Value
                : row.GetInt64(0) == _compacted + 1 && row.GetInt64(1) == _revision.Value;
            if (!whole)
            {
                throw new InvalidDataException($"the log does not reach from {_compacted} to {_revision}");
            }
        }
    }

    /// <summary>The writer knows every row; another count means that somebody else wrote to the file.</summary>
    private static void ExpectOne(int rows, string what)
    {
        if (rows != 1)
        {
            throw new InvalidDataException($"{what} is not as it was written");
        }
    }
}
