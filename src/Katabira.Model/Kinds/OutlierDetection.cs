using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>When an endpoint that keeps failing is left alone for a while.</summary>
public sealed record OutlierDetection : Extensible
{
    /// <summary>Deprecated: use consecutiveGatewayErrors or consecutive5xxErrors.</summary>
    public int? ConsecutiveErrors { get; init; }

    /// <summary>Count failures of our own side (no connection, timeouts) apart from what the server answers.</summary>
    public bool? SplitExternalLocalOriginErrors { get; init; }

    /// <summary>Failures of our own side in a row before the endpoint is left out. Left out, 5. Counts only with splitExternalLocalOriginErrors.</summary>
    [Field(Nullable = true)]
    public uint? ConsecutiveLocalOriginFailures { get; init; }

    /// <summary>Answers 502, 503 and 504 in a row before the endpoint is left out. Left out or 0, they are not counted by themselves.</summary>
    [Field(Nullable = true)]
    public uint? ConsecutiveGatewayErrors { get; init; }

    /// <summary>Answers of class 5xx in a row before the endpoint is left out. Left out, 5; 0 switches it off.</summary>
    [Field(Nullable = true)]
    public uint? Consecutive5xxErrors { get; init; }

    /// <summary>Time between two looks at the counters. Left out, 10 seconds.</summary>
    [Duration]
    public string? Interval { get; init; }

    /// <summary>How long an endpoint is left out the first time; the n-th time, n times as long. Left out, 30 seconds.</summary>
    [Duration]
    public string? BaseEjectionTime { get; init; }

    /// <summary>The most endpoints that may be left out at a time, in per cent. Left out, 10.</summary>
    public int? MaxEjectionPercent { get; init; }

    /// <summary>With fewer healthy endpoints than this, in per cent, all are used again. Left out or 0, never.</summary>
    public int? MinHealthPercent { get; init; }

    /// <summary>Status codes that count as failures, 100 to 599. Left out, all of class 5xx.</summary>
    [Item(Minimum = 100, Maximum = 599)]
    public IReadOnlyList<uint>? OutlierDetectionHttpErrorCodes { get; init; }

    internal void Check(string path, Findings findings)
    {
        findings.CheckDuration($"{path}.interval", Interval);
        findings.CheckDuration($"{path}.baseEjectionTime", BaseEjectionTime);
        findings.CheckPercent($"{path}.maxEjectionPercent", MaxEjectionPercent);
        findings.CheckPercent($"{path}.minHealthPercent", MinHealthPercent);
        if (ConsecutiveLocalOriginFailures is > 0 && SplitExternalLocalOriginErrors is not true)
        {
            findings.Forbidden($"{path}.consecutiveLocalOriginFailures", "needs splitExternalLocalOriginErrors: true");
        }
        if (ConsecutiveErrors is not (null or 0))
        {
            findings.Warn($"{path}.consecutiveErrors is deprecated: use consecutiveGatewayErrors or consecutive5xxErrors");
        }
    }
}
