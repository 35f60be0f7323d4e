using Microsoft.Data.Sqlite;

namespace Katabira.Cluster.Storage;

/// <summary>Why the store cannot write, or a part of its history cannot be read.</summary>
internal enum StoreFaultKind
{
    /// <summary>No room. The failed transaction left no trace; writes are tried again by themselves.</summary>
    DiskFull,

    /// <summary>Another program holds a lock on the database. Writes are tried again by themselves.</summary>
    Busy,

    /// <summary>The disk failed to read, write or flush. What the failed write left on it is unknown until the file is opened again.</summary>
    InputOutput,

    /// <summary>The file is not what was written to it.</summary>
    Corrupt,

    /// <summary>The file or its file system does not let us write.</summary>
    WriteProtected,

    /// <summary>SQLite failed in a way that has no name here.</summary>
    Unknown,

    /// <summary>The store is being closed.</summary>
    Closed,
}

/// <summary>A failure of the store, as data. While one lasts, reads are served from memory and writes are refused with it.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Message">For the operator: the file, the cause, and what to do about it. Lower case, no final period.</param>
internal sealed record StoreFault(StoreFaultKind Kind, string Message)
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int CorruptFile = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    public static StoreFault Closed { get; } = new(StoreFaultKind.Closed, "the store is being closed");

    /// <summary>
    /// Whether the next write may try again. Only where the failed transaction certainly left nothing behind: after a failed
    /// flush the kernel may have dropped the dirty pages, and trying again would acknowledge what is not on the disk.
    /// </summary>
    public bool MayPass => Kind is StoreFaultKind.DiskFull or StoreFaultKind.Busy;

    /// <summary>Whether an exception is the file's doing, and not a mistake of ours.</summary>
    public static bool Explains(Exception failure) => failure is SqliteException or InvalidDataException;

    /// <summary>Names what SQLite reported (result codes as in sqlite.org/rescode.html), or what a row read back shows.</summary>
    public static StoreFault From(Exception failure, string file)
    {
        if (failure is not SqliteException sqlite)
        {
            return new StoreFault(StoreFaultKind.Corrupt, $"{Explain(StoreFaultKind.Corrupt, file)} ({failure.Message})");
        }

        var kind = sqlite.SqliteErrorCode switch
        {
            Full => StoreFaultKind.DiskFull,
            Busy or Locked => StoreFaultKind.Busy,
            IoError => StoreFaultKind.InputOutput,
            CorruptFile or NotADatabase => StoreFaultKind.Corrupt,
            ReadOnly or CannotOpen => StoreFaultKind.WriteProtected,
            _ => StoreFaultKind.Unknown,
        };
        return new StoreFault(kind, $"{Explain(kind, file)} ({sqlite.SqliteExtendedErrorCode}: {sqlite.Message})");
    }

    private static string Explain(StoreFaultKind kind, string file) => kind switch
    {
        StoreFaultKind.DiskFull => $"no room to write to {file}; free some space on its disk, writes are tried again by themselves",
        StoreFaultKind.Busy => $"another program has locked {file}; close it, writes are tried again by themselves",
        StoreFaultKind.InputOutput =>
            $"the disk failed under {file}; look at the kernel's messages, repair the disk, then start the cluster again",
        StoreFaultKind.Corrupt =>
            $"{file} is damaged; stop the cluster, keep a copy of the file, and restore a backup or rescue it with `sqlite3 FILE .recover`",
        StoreFaultKind.WriteProtected =>
            $"{file} cannot be written; make it and its folder writable (a file system turned read-only shows in the kernel's messages), "
            + "then start the cluster again",
        _ => $"{file} cannot be used; stop the cluster, keep a copy of the file, then start the cluster again",
    };
}
