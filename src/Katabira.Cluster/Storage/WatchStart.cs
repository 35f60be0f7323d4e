namespace Katabira.Cluster.Storage;

/// <summary>Where a watch begins.</summary>
internal abstract record WatchStart
{
    private WatchStart()
    {
    }

    /// <summary>With the changes after a revision, which the log must still have.</summary>
    internal sealed record After(Revision Revision) : WatchStart;

    /// <summary>With the changes after this moment.</summary>
    internal sealed record Now : WatchStart;

    /// <summary>With everything there is, as additions, then an <see cref="InitialListEnd"/>, then the changes.</summary>
    internal sealed record InitialList : WatchStart;
}

/// <summary>The answer to a request to watch.</summary>
internal abstract record WatchResult
{
    private WatchResult()
    {
    }

    /// <summary>It is on; the caller reads it once and disposes it.</summary>
    internal sealed record Started(Watch Watch) : WatchResult;

    /// <summary>The log does not reach back to that revision any more.</summary>
    internal sealed record Expired(Revision Compacted) : WatchResult;

    /// <summary>The revision asked for is still to come.</summary>
    internal sealed record NotYet(Revision Current) : WatchResult;
}
