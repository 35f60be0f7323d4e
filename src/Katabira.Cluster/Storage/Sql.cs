namespace Katabira.Cluster.Storage;

/// <summary>
/// All the SQL there is. Two tables say the same thing twice, and one transaction writes both: <c>current</c> is the state,
/// <c>log</c> is how it came about, oldest entries cut off. <c>meta</c> has one row.
/// <list type="bullet">
/// <item>The log has no gaps: its revisions are exactly those after <c>meta.compacted</c> up to <c>meta.revision</c>.</item>
/// <item>Columns before the blobs are found without reading these: a blob of 4 KiB lies on overflow pages.</item>
/// </list>
/// </summary>
internal static class Sql
{
    /// <summary>"KTBR": marks the file as ours.</summary>
    public const int ApplicationId = 0x4B544252;

    /// <summary>Version of the tables below.</summary>
    public const int SchemaVersion = 1;

    /// <summary>
    /// A commit is a flush of the write-ahead log (FULL). Checkpoints are the writer's own, because an automatic one that
    /// failed would not be reported. A log that grew is cut back at the next checkpoint.
    /// </summary>
    public const string ConfigureWriter = """
        PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = 0;
        PRAGMA journal_size_limit = 67108864;
        """;

    public const string UseWriteAheadLog = "PRAGMA journal_mode = WAL";

    public const string GetApplicationId = "PRAGMA application_id";

    public const string GetSchemaVersion = "PRAGMA user_version";

    public const string CountTables = "SELECT count(*) FROM sqlite_schema";

    /// <summary>
    /// Stops at the first finding. The whole check and not the quick one: that would not see an index that lost an entry, and
    /// history is read through an index. It takes about 80 ms for 100 MB in the page cache.
    /// </summary>
    public const string CheckIntegrity = "PRAGMA integrity_check(1)";

    public const string GetPageSize = "PRAGMA page_size";

    /// <summary>Followed by a number of pages.</summary>
    public const string LimitPages = "PRAGMA max_page_count = ";

    public const string Checkpoint = "PRAGMA wal_checkpoint(PASSIVE)";

    /// <summary>
    /// Empties the write-ahead log, on opening. A frame whose flush failed before the crash may sit in it, readable from the
    /// page cache and not on the disk; frames behind it would be lost with it.
    /// </summary>
    public const string EmptyWriteAheadLog = "PRAGMA wal_checkpoint(TRUNCATE)";

    public const string Begin = "BEGIN IMMEDIATE";

    /// <summary>A transaction that sees one state of the file until it ends.</summary>
    public const string BeginRead = "BEGIN DEFERRED";

    public const string Commit = "COMMIT";

    public const string Rollback = "ROLLBACK";

    public const string CreateSchema = """
        BEGIN IMMEDIATE;
        CREATE TABLE meta (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            revision INTEGER NOT NULL,
            compacted INTEGER NOT NULL,
            log_bytes INTEGER NOT NULL);
        INSERT INTO meta VALUES (1, 0, 0, 0);
        CREATE TABLE current (
            api_group TEXT NOT NULL, plural TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
            revision INTEGER NOT NULL, revision_at INTEGER NOT NULL,
            checksum INTEGER NOT NULL,
            json BLOB NOT NULL,
            PRIMARY KEY (api_group, plural, namespace, name));
        CREATE TABLE log (
            revision INTEGER PRIMARY KEY,
            time INTEGER NOT NULL,
            type INTEGER NOT NULL,
            api_group TEXT NOT NULL, plural TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
            revision_at INTEGER NOT NULL,
            previous_revision INTEGER, previous_at INTEGER,
            checksum INTEGER NOT NULL,
            json BLOB NOT NULL,
            previous BLOB);
        CREATE INDEX log_by_resource ON log (plural, api_group, revision);
        PRAGMA application_id = 1263813202;
        PRAGMA user_version = 1;
        COMMIT;
        """;

    public const string ReadMeta = "SELECT revision, compacted, log_bytes FROM meta WHERE id = 1";

    public const string ReadLogEnds = "SELECT (SELECT min(revision) FROM log), (SELECT max(revision) FROM log)";

    public const string ReadCurrent =
        "SELECT api_group, plural, namespace, name, revision, revision_at, checksum, json FROM current";

    public const string InsertCurrent = "INSERT INTO current VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

    /// <summary>The last condition holds unless somebody else changed the file.</summary>
    public const string UpdateCurrent = """
        UPDATE current SET revision = ?5, revision_at = ?6, checksum = ?7, json = ?8
        WHERE api_group = ?1 AND plural = ?2 AND namespace = ?3 AND name = ?4 AND revision = ?9
        """;

    public const string DeleteCurrent =
        "DELETE FROM current WHERE api_group = ?1 AND plural = ?2 AND namespace = ?3 AND name = ?4 AND revision = ?5";

    public const string InsertLog = "INSERT INTO log VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

    public const string AdvanceMeta = "UPDATE meta SET revision = ?1, log_bytes = log_bytes + ?2 WHERE revision = ?3";

    public const string ReadOldestLog =
        "SELECT revision, time, length(json) + ifnull(length(previous), 0) FROM log ORDER BY revision LIMIT ?1";

    public const string TrimLog = "DELETE FROM log WHERE revision <= ?1";

    public const string TrimMeta = "UPDATE meta SET compacted = ?1, log_bytes = log_bytes - ?2";

    /// <summary>?3 and ?4 bound the revisions, ?5 is the namespace or null.</summary>
    public const string ReadLog = """
        SELECT api_group, plural, namespace, name, revision, revision_at, checksum, json, type, previous_revision, previous_at, previous
        FROM log
        WHERE plural = ?1 AND api_group = ?2 AND revision > ?3 AND revision <= ?4 AND (?5 IS NULL OR namespace = ?5)
        ORDER BY revision
        """;
}
