namespace Katabira.Cluster.Node.Probes;

/// <summary>
/// What the attempts so far say: thresholds are answers in a row. A container begins alive, not ready and not started. One that fails its liveness or
/// startup probe will be replaced, so there is nothing more to ask it; one that has started is not asked again either. Not thread-safe.
/// </summary>
internal sealed class ProbeState(ProbeKind kind, ProbeSettings settings)
{
    private bool? _last;
    private int _row;

    public bool Healthy { get; private set; } = kind == ProbeKind.Liveness;

    /// <summary>Whether there is nothing more to ask.</summary>
    public bool IsOver { get; private set; }

    public ProbeVerdict Take(ProbeOutcome outcome)
    {
        var (reason, words) = outcome.Result switch
        {
            ProbeResult.Failure => ("Unhealthy", "failed"),
            ProbeResult.Warning => ("ProbeWarning", "warning"),
            ProbeResult.Unknown => ("Unhealthy", "errored and resulted in unknown state"),
            _ => ("", ""),
        };
        var message = reason.Length > 0 ? $"{kind} probe {words}: {outcome.Output}" : "";
        var changed = outcome.Result != ProbeResult.Unknown && Count(outcome.Result != ProbeResult.Failure);
        return new(Healthy, changed, reason, message);
    }

    /// <summary>True if that changed something.</summary>
    private bool Count(bool success)
    {
        _row = _last == success ? Math.Min(_row + 1, int.MaxValue - 1) : 1;
        _last = success;
        if (_row < (success ? settings.SuccessThreshold : settings.FailureThreshold))
        {
            return false;
        }
        IsOver = kind == ProbeKind.Startup || (kind == ProbeKind.Liveness && !success);
        // a startup probe that fails for good leaves the container as it was, not started: that too is news
        var changed = Healthy != success || IsOver;
        Healthy = success;
        return changed;
    }
}
