namespace Katabira.Cluster.Storage;

/// <summary>What became of a write.</summary>
internal abstract record StoreResult
{
    private StoreResult()
    {
    }

    /// <summary>On the disk, and seen by every reader. After a deletion, the last state under the revision of the deletion.</summary>
    internal sealed record Written(StoredObject Object) : StoreResult;

    /// <summary>The update equals what is stored: nothing was written, no revision was taken, no watcher was told.</summary>
    internal sealed record Unchanged(StoredObject Object) : StoreResult;

    /// <summary>There is nothing under the key.</summary>
    internal sealed record NotFound : StoreResult;

    /// <summary>There is something under the key already.</summary>
    internal sealed record AlreadyExists(StoredObject Current) : StoreResult;

    /// <summary>The object is at another revision than the caller expected.</summary>
    internal sealed record Conflict(StoredObject Current) : StoreResult;

    /// <summary>Nothing can be written now. The write was not acknowledged to anybody; only after
    /// <see cref="StoreFaultKind.InputOutput"/> may it be there when the file is opened again.</summary>
    internal sealed record ReadOnly(StoreFault Reason) : StoreResult;
}
