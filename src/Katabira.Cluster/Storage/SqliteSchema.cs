using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Katabira.Cluster.Storage;

/// <summary>Opens the database: creates what is missing and refuses what is not ours or not whole.</summary>
internal static class SqliteSchema
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The connection that writes. The file is made readable by its owner only, for it holds Secrets.</summary>
    /// <param name="file">The database; made if it is missing.</param>
    /// <param name="maxBytes">How large it may grow; null for as large as its disk lets it.</param>
    /// <exception cref="StoreOpenException">The file is foreign or damaged.</exception>
    public static SqliteConnection OpenWriter(string file, long? maxBytes = null)
    {
        Touch(file);
        var connection = Open(file, SqliteOpenMode.ReadWrite);
        try
        {
            Prepare(connection, file);
            if (maxBytes is { } limit)
            {
                var pages = Math.Max(1, limit / ReadNumber(connection, Sql.GetPageSize));
                Run(connection, Sql.LimitPages + pages.ToString(CultureInfo.InvariantCulture));
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection that only reads. The writer's is open.</summary>
    public static SqliteConnection OpenReader(string file) => Open(file, SqliteOpenMode.ReadOnly);

    /// <summary>SQLite gives the write-ahead log the mode of the database.</summary>
    private static void Touch(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        new FileStream(file, options).Dispose();
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = mode,
            Pooling = false, // closing means closed: the last one takes the write-ahead log with it
            DefaultTimeout = 5, // seconds to wait for another program's lock
        }.ToString());
        connection.Open();
        return connection;
    }

    private static void Prepare(SqliteConnection connection, string file)
    {
        if (ReadText(connection, Sql.CheckIntegrity) is var finding && finding != "ok")
        {
            throw new StoreOpenException(StoreOpenFailure.Corrupt, StoreFault.From(new InvalidDataException(finding), file).Message);
        }

        if (ReadText(connection, Sql.UseWriteAheadLog) != "wal")
        {
            throw new StoreOpenException(
                StoreOpenFailure.Inaccessible, $"{file} lies on a file system without shared memory maps; choose a home on a local disk");
        }

        Run(connection, Sql.ConfigureWriter);
        try
        {
            Run(connection, Sql.EmptyWriteAheadLog);
        }
        catch (SqliteException e) when (StoreFault.From(e, file).MayPass)
        {
            // No room for it now. Reading works, and the first write says what is wrong.
        }

        if (ReadNumber(connection, Sql.CountTables) == 0)
        {
            Run(connection, Sql.CreateSchema);
        }

        RefuseForeign(connection, file);
    }

    private static void RefuseForeign(SqliteConnection connection, string file)
    {
        if (ReadNumber(connection, Sql.GetApplicationId) != Sql.ApplicationId)
        {
            throw new StoreOpenException(StoreOpenFailure.Foreign, $"{file} is a database of another program; choose another home");
        }

        if (ReadNumber(connection, Sql.GetSchemaVersion) is var version && version > Sql.SchemaVersion)
        {
            throw new StoreOpenException(
                StoreOpenFailure.Foreign,
                $"{file} has schema {version} and this program knows schema {Sql.SchemaVersion}: it was written by a newer version; use that one");
        }
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string? ReadText(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static long ReadNumber(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
