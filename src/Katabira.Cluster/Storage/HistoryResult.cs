namespace Katabira.Cluster.Storage;

/// <summary>What the log says about the past.</summary>
internal abstract record HistoryResult
{
    private HistoryResult()
    {
    }

    /// <param name="Changes">In the order of revisions.</param>
    /// <param name="ReadTo">Every change of the range up to here is in it.</param>
    internal sealed record Page(IReadOnlyList<Change> Changes, Revision ReadTo) : HistoryResult;

    /// <param name="At">Each object's state at the moment asked for; null for one that did not exist.</param>
    internal sealed record States(IReadOnlyDictionary<StoreKey, StoredObject?> At) : HistoryResult;

    /// <summary>A part of what was asked for is gone.</summary>
    internal sealed record Compacted : HistoryResult;

    /// <summary>The file cannot be read.</summary>
    internal sealed record Failed(StoreFault Reason) : HistoryResult;
}
