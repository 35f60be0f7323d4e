using System.Globalization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What is tried again after a failure.</summary>
public sealed record HttpRetry : Extensible
{
    /// <summary>How often a request is tried again; 0 is never.</summary>
    public int? Attempts { get; init; }

    /// <summary>How long one try may take. Left out, as long as the whole request.</summary>
    [Duration]
    public string? PerTryTimeout { get; init; }

    /// <summary>Which failures are tried again: words of Envoy's retry policies and status codes, separated by commas.</summary>
    public string? RetryOn { get; init; }

    /// <summary>Whether another try may go to another locality.</summary>
    [Field(Nullable = true)]
    public bool? RetryRemoteLocalities { get; init; }

    /// <summary>Whether another try avoids the endpoints that have failed. Left out, it does.</summary>
    [Field(Nullable = true)]
    public bool? RetryIgnorePreviousHosts { get; init; }

    /// <summary>The least time between two tries; it doubles with every try. Left out, 25 milliseconds.</summary>
    [Duration]
    public string? Backoff { get; init; }

    /// <summary>The conditions that a retry can be bound to.</summary>
    private static readonly string[] s_conditions =
    [
        "5xx", "gateway-error", "reset", "reset-before-request", "connect-failure", "retriable-4xx", "refused-stream", "retriable-status-codes",
        "retriable-headers", "envoy-ratelimited", "http3-post-connect-failure",
        "cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable",
    ];

    private static readonly string s_notCondition = $"must be a status code or one of {string.Join(", ", s_conditions)}";

    internal void Check(string path, Findings findings)
    {
        findings.CheckNotNegative($"{path}.attempts", Attempts);
        if (Attempts is null or 0 && (PerTryTimeout is not null || !string.IsNullOrEmpty(RetryOn) || RetryRemoteLocalities is not null))
        {
            findings.Required($"{path}.attempts", "must be greater than 0 when a retry policy is configured");
        }
        findings.CheckDuration($"{path}.perTryTimeout", PerTryTimeout);
        findings.CheckDuration($"{path}.backoff", Backoff);
        foreach (var word in string.IsNullOrEmpty(RetryOn) ? [] : RetryOn.Split(','))
        {
            if (!s_conditions.Contains(word, StringComparer.Ordinal) && !IsStatus(word))
            {
                findings.Invalid($"{path}.retryOn", word, s_notCondition);
            }
        }
    }

    private static bool IsStatus(string word) =>
        ushort.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 100 and <= 599;
}
