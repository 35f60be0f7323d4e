using Microsoft.Data.Sqlite;

namespace Katabira.Cluster.Storage;

/// <summary>Rows as objects. Every row read is compared with its checksum.</summary>
internal static class SqliteRow
{
    /// <summary>A row of <see cref="Sql.ReadCurrent"/>.</summary>
    /// <exception cref="InvalidDataException">The row is not what was written.</exception>
    public static StoredObject ReadCurrent(SqliteDataReader row)
    {
        var state = new StoredObject(ReadKey(row), new Revision(row.GetInt64(4)), ReadBlob(row, 7), row.GetInt32(5));
        Verify(row, Checksum.Of(state), state);
        return state;
    }

    /// <summary>A row of <see cref="Sql.ReadLog"/>.</summary>
    /// <exception cref="InvalidDataException">The row is not what was written.</exception>
    public static Change ReadChange(SqliteDataReader row)
    {
        var key = ReadKey(row);
        var state = new StoredObject(key, new Revision(row.GetInt64(4)), ReadBlob(row, 7), row.GetInt32(5));
        var previous = row.IsDBNull(9)
            ? null
            : new StoredObject(key, new Revision(row.GetInt64(9)), ReadBlob(row, 11), row.GetInt32(10));
        var change = new Change((ChangeType)row.GetInt32(8), state, previous);
        Verify(row, Checksum.Of(change), state);
        return change;
    }

    /// <summary>The key of a row of either, without touching its blobs.</summary>
    public static StoreKey ReadKey(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3));

    private static byte[] ReadBlob(SqliteDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    private static void Verify(SqliteDataReader row, uint computed, StoredObject state)
    {
        if (row.GetInt64(6) != computed)
        {
            throw new InvalidDataException($"the checksum of {state} does not match");
        }
    }
}
