namespace Katabira.Cluster.Storage;

/// <summary>What happened to an object.</summary>
internal enum ChangeType
{
    Added = 1,
    Modified = 2,
    Deleted = 3,
}

/// <summary>Why a watch ended before its caller ended it.</summary>
internal enum WatchEndReason
{
    /// <summary>The reader fell behind and its buffer overflowed. It may watch again from the last revision it read.</summary>
    TooSlow,

    /// <summary>The history after the last revision it read was compacted away. It has to list again.</summary>
    Compacted,

    /// <summary>The history could not be read; the store's fault says why.</summary>
    Unreadable,

    /// <summary>The store is being closed.</summary>
    Closed,
}

/// <summary>What a watcher reads, in the order of revisions.</summary>
/// <param name="Revision">Everything up to here, of the watched range, has been read with this event.</param>
internal abstract record WatchEvent(Revision Revision);

/// <summary>One change: an entry of the log, and the event of everybody who watches its range.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Object">The new state. After a deletion, the last state under the deletion's revision.</param>
/// <param name="Previous">The state before. Null if there was none, and for the objects of an initial list.</param>
internal sealed record Change(ChangeType Type, StoredObject Object, StoredObject? Previous) : WatchEvent(Object.Revision)
{
    /// <summary>Bytes of JSON it keeps alive.</summary>
    public long LengthBytes => Object.Json.Length + (Previous?.Json.Length ?? 0);
}

/// <summary>The initial list is complete; it was the state at that revision. Live changes follow.</summary>
internal sealed record InitialListEnd(Revision Revision) : WatchEvent(Revision);

/// <summary>Asked for by <see cref="Watch.RequestProgress"/>: nothing up to that revision is still to come.</summary>
internal sealed record Progress(Revision Revision) : WatchEvent(Revision);

/// <summary>The last event of a watch that the store ended.</summary>
internal sealed record WatchEnded(Revision Revision, WatchEndReason Reason) : WatchEvent(Revision);
