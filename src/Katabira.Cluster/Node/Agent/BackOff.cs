namespace Katabira.Cluster.Node.Agent;

/// <summary>
/// How long something that failed waits before it is tried again: not at all the first time, then 10 s and twice as long each time, up to five minutes.
/// Who was not tried again for ten minutes begins anew.
/// </summary>
/// <param name="Pause">The wait after the next failure; zero for none.</param>
/// <param name="Since">When it was tried again last.</param>
/// <remarks>As the kubelet does: client-go's flowcontrol.Backoff, which its containers and images share.</remarks>
internal readonly record struct BackOff(TimeSpan Pause, DateTimeOffset Since)
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_memory = 2 * s_longest;

    /// <summary>The back-off of something that was tried again so often by an agent that is gone.</summary>
    public static BackOff After(int tries, DateTimeOffset since) =>
        tries <= 0 ? default : new(TimeSpan.FromTicks(Math.Min(s_longest.Ticks, s_first.Ticks << Math.Min(tries - 1, 10))), since);

    /// <summary>When something that failed may be tried again.</summary>
    /// <param name="now">So that what is long ago is forgotten.</param>
    public DateTimeOffset Until(DateTimeOffset failed, DateTimeOffset now) => IsForgotten(now) ? failed : failed + Pause;

    /// <summary>After one more try.</summary>
    public BackOff Next(DateTimeOffset now)
    {
        var pause = Pause == TimeSpan.Zero || IsForgotten(now) ? s_first : 2 * Pause;
        return new(pause < s_longest ? pause : s_longest, now);
    }

    private bool IsForgotten(DateTimeOffset now) => now - Since > s_memory;
}
