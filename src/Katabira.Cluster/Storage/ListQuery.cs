namespace Katabira.Cluster.Storage;

/// <summary>A question for the objects of a range, in order.</summary>
/// <param name="Range">Which objects.</param>
internal sealed record ListQuery(StoreRange Range)
{
    /// <summary>Objects of one page at most; zero for all of them.</summary>
    public int Limit { get; init; }

    /// <summary>The token of the page before. It decides the revision; <see cref="Exact"/> is not looked at then.</summary>
    public string? Continue { get; init; }

    /// <summary>The state at that revision instead of the current one.</summary>
    public Revision? Exact { get; init; }

    /// <summary>Which objects count, towards the limit too. Null for all. It runs on the caller's thread.</summary>
    public Func<StoredObject, bool>? Where { get; init; }

    /// <summary>Answers from a state: the objects after a token's, or from the first one on.</summary>
    public ListResult.Page PageOf(Snapshot state, ContinueToken? after)
    {
        var rest = after is { } token ? state.RangeAfter(Range, token.Namespace, token.Name) : state.Range(Range);
        var most = Limit > 0 ? Limit : int.MaxValue;
        var items = new List<StoredObject>(Where is null ? Math.Min(most, rest.Count) : 0);
        var seen = 0;
        for (; seen < rest.Count && items.Count < most; seen++)
        {
            var item = rest[seen];
            if (Where is null || Where(item))
            {
                items.Add(item);
            }
        }

        if (seen == rest.Count)
        {
            return new ListResult.Page(state.Revision, items, null, null);
        }

        var last = rest[seen - 1].Key;
        var next = new ContinueToken(state.Revision, last.Namespace, last.Name);
        return new ListResult.Page(state.Revision, items, next.ToString(), Where is null ? rest.Count - seen : null);
    }
}

/// <summary>The answer to a <see cref="ListQuery"/>.</summary>
internal abstract record ListResult
{
    private ListResult()
    {
    }

    /// <param name="Revision">The moment the page shows.</param>
    /// <param name="Items">In order of namespace and name.</param>
    /// <param name="Continue">Token of the next page; null on the last one.</param>
    /// <param name="Remaining">Objects after this page; null on the last one, and where a filter makes it unknown.</param>
    internal sealed record Page(Revision Revision, IReadOnlyList<StoredObject> Items, string? Continue, int? Remaining) : ListResult;

    /// <summary>The log does not reach back to that revision any more.</summary>
    /// <param name="Continue">For a page: a token that goes on after the same object in the state of now. Else null.</param>
    internal sealed record Expired(string? Continue) : ListResult;

    /// <summary>The token is not one this store gave out.</summary>
    internal sealed record InvalidContinue : ListResult;

    /// <summary>The revision asked for is still to come.</summary>
    internal sealed record NotYet(Revision Current) : ListResult;

    /// <summary>The history that leads back there cannot be read.</summary>
    internal sealed record Unreadable(StoreFault Reason) : ListResult;
}
