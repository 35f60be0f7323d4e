namespace Katabira.Cluster.Storage;

/// <summary>Why a store cannot be opened.</summary>
internal enum StoreOpenFailure
{
    /// <summary>Another process has it open, or this one.</summary>
    InUse,

    /// <summary>It is damaged.</summary>
    Corrupt,

    /// <summary>It is not a store, or was written by a newer program.</summary>
    Foreign,

    /// <summary>The file system refuses it.</summary>
    Inaccessible,
}

/// <summary>The store cannot be opened; the message names the file, the cause and the way out.</summary>
internal sealed class StoreOpenException(StoreOpenFailure failure, string message, Exception? cause = null) : Exception(message, cause)
{
    public StoreOpenFailure Failure { get; } = failure;
}
