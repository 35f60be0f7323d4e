using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>Failures and delays made on purpose. Both may be set; they are independent of each other.</summary>
public sealed record HttpFault : Extensible
{
    /// <summary>Lets some requests wait before they are forwarded.</summary>
    public HttpFaultDelay? Delay { get; init; }

    /// <summary>Answers some requests with an error instead of forwarding them.</summary>
    public HttpFaultAbort? Abort { get; init; }

    internal void Check(string path, Findings findings)
    {
        if (Delay is null && Abort is null)
        {
            findings.Required(path, "delay or abort");
        }
        Delay?.Check($"{path}.delay", findings);
        Abort?.Check($"{path}.abort", findings);
    }

    /// <summary>A share of requests to fail: what is not zero must be at least one in a million.</summary>
    internal static void CheckShare(Percent? percentage, string path, Findings findings)
    {
        percentage?.Check(path, findings);
        if (percentage?.Value is > 0 and < 0.0001)
        {
            findings.Invalid($"{path}.value", percentage.Value.Value, "must be 0 or at least 0.0001");
        }
    }
}

/// <summary>A delay made on purpose.</summary>
[AtMostOne("fixedDelay", "exponentialDelay")]
public sealed record HttpFaultDelay : Extensible
{
    /// <summary>Deprecated: share of the requests, in whole percent. Use percentage.</summary>
    public int? Percent { get; init; }

    /// <summary>How long each of them waits.</summary>
    [Duration]
    public string? FixedDelay { get; init; }

    /// <summary>Reserved: not supported.</summary>
    [Duration]
    public string? ExponentialDelay { get; init; }

    /// <summary>Share of the requests. Left out, none of them.</summary>
    public Percent? Percentage { get; init; }

    internal void Check(string path, Findings findings)
    {
        findings.CheckPercent($"{path}.percent", Percent);
        HttpFault.CheckShare(Percentage, $"{path}.percentage", findings);
        findings.CheckDuration($"{path}.fixedDelay", FixedDelay);
        if (ExponentialDelay is not null)
        {
            findings.CheckDuration($"{path}.exponentialDelay", ExponentialDelay);
            findings.Forbidden($"{path}.exponentialDelay", "not supported, use fixedDelay");
        }
        else if (FixedDelay is null)
        {
            findings.Warn($"{path}: nothing is delayed, for there is no fixedDelay");
        }
        else if (Percentage is null && Percent is null)
        {
            findings.Warn($"{path}: nothing is delayed, for there is no percentage");
        }
    }
}

/// <summary>An error made on purpose.</summary>
[AtMostOne("httpStatus", "grpcStatus", "http2Error")]
public sealed record HttpFaultAbort : Extensible
{
    /// <summary>The HTTP status of the answer, 200 to 599.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>The gRPC status of the answer by name, e.g. UNAVAILABLE.</summary>
    public string? GrpcStatus { get; init; }

    /// <summary>Reserved: not supported.</summary>
    public string? Http2Error { get; init; }

    /// <summary>Share of the requests. Left out, none of them.</summary>
    public Percent? Percentage { get; init; }

    /// <summary>The names of gRPC's status codes, in the order of their numbers.</summary>
    private static readonly string[] s_grpcStatuses =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    internal void Check(string path, Findings findings)
    {
        HttpFault.CheckShare(Percentage, $"{path}.percentage", findings);
        findings.CheckHttpStatus($"{path}.httpStatus", HttpStatus);
        if (GrpcStatus is not null && !s_grpcStatuses.Contains(GrpcStatus, StringComparer.Ordinal))
        {
            findings.NotSupported($"{path}.grpcStatus", GrpcStatus, s_grpcStatuses);
        }
        if (Http2Error is not null)
        {
            findings.Forbidden($"{path}.http2Error", "not supported, use httpStatus or grpcStatus");
        }
        if (HttpStatus is null && GrpcStatus is null && Http2Error is null)
        {
            findings.Warn($"{path}: nothing is aborted, for there is neither httpStatus nor grpcStatus");
        }
        else if (Percentage is null)
        {
            findings.Warn($"{path}: nothing is aborted, for there is no percentage");
        }
    }
}
