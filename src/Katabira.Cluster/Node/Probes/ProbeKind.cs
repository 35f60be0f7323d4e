namespace Katabira.Cluster.Node.Probes;

/// <summary>What a probe decides.</summary>
internal enum ProbeKind
{
    /// <summary>Whether the container has started; until then the others do not ask.</summary>
    Startup,

    /// <summary>Whether it is sent requests.</summary>
    Readiness,

    /// <summary>Whether it goes on.</summary>
    Liveness,
}

/// <summary>How one attempt went.</summary>
internal enum ProbeResult
{
    /// <summary>As it should be.</summary>
    Success,

    /// <summary>A success that people should hear of.</summary>
    Warning,

    /// <summary>The container answered wrongly, late or not at all.</summary>
    Failure,

    /// <summary>The container could not be asked; that says nothing about it.</summary>
    Unknown,
}

/// <param name="Output">What there was to be seen, as a kubelet tells it.</param>
internal readonly record struct ProbeOutcome(ProbeResult Result, string Output)
{
    public static ProbeOutcome Failed(string output) => new(ProbeResult.Failure, output);

    public static ProbeOutcome Unasked(string why) => new(ProbeResult.Unknown, why);
}

/// <summary>What an attempt means for the container.</summary>
/// <param name="Healthy">Ready, alive or started, by the thresholds.</param>
/// <param name="IsChange">Whether something is to be done: it became so just now.</param>
/// <param name="EventReason">The reason of the Event that tells of this attempt: <c>Unhealthy</c> or <c>ProbeWarning</c>; empty for none.</param>
/// <param name="Message">The Event's message, such as <c>Readiness probe failed: HTTP probe failed with statuscode: 500</c>.</param>
internal readonly record struct ProbeVerdict(bool Healthy, bool IsChange, string EventReason, string Message);
