namespace Katabira.Cluster.Storage;

/// <summary>An entry at the old end of the log.</summary>
/// <param name="Revision">Its revision.</param>
/// <param name="Time">When it was committed, by the wall clock.</param>
/// <param name="LengthBytes">JSON in it, the state before included.</param>
internal readonly record struct LogEntryHead(Revision Revision, DateTimeOffset Time, long LengthBytes);

/// <summary>How much log there is.</summary>
internal readonly record struct LogSize(long Entries, long LengthBytes);

/// <summary>How much history the store keeps. Watchers can resume, and pages of a list can go on, as far back as that.</summary>
internal sealed record Retention
{
    /// <summary>Entries at most.</summary>
    public long MaxEntries { get; init; } = 10_000;

    /// <summary>JSON in the entries at most. Keeps the file small where objects are large and change often.</summary>
    public long MaxBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Entries older than that may go. Kubernetes keeps five minutes.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Age alone does not cut below that many entries: a laptop that wakes up can still resume its watches.</summary>
    public long KeptWhateverTheirAge { get; init; } = 1_000;

    /// <summary>How many of the oldest entries are to go.</summary>
    /// <param name="oldest">The first entries of the log, oldest first.</param>
    /// <param name="size">Of the whole log.</param>
    /// <param name="now">The wall clock.</param>
    public int CountExcess(IReadOnlyList<LogEntryHead> oldest, LogSize size, DateTimeOffset now)
    {
        var (entries, bytes) = (size.Entries, size.LengthBytes);
        for (var i = 0; i < oldest.Count; i++)
        {
            var tooOld = entries > KeptWhateverTheirAge && now - oldest[i].Time > MaxAge;
            if (entries <= MaxEntries && bytes <= MaxBytes && !tooOld)
            {
                return i;
            }

            entries--;
            bytes -= oldest[i].LengthBytes;
        }

        return oldest.Count;
    }
}
