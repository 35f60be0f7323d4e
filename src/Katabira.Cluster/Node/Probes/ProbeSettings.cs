using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Probes;

/// <summary>When a container is asked, and how many answers count.</summary>
internal sealed record ProbeSettings(TimeSpan InitialDelay, TimeSpan Period, TimeSpan Timeout, int SuccessThreshold, int FailureThreshold)
{
    /// <summary>Days and weeks: what fits into every timer.</summary>
    private const long MostSeconds = 1_000_000;

    /// <param name="probe">Such as a container's <c>readinessProbe</c>.</param>
    public static ProbeSettings Of(JsonObject probe) => new(
        Seconds(probe, "initialDelaySeconds", 0),
        Seconds(probe, "periodSeconds", 10),
        Seconds(probe, "timeoutSeconds", 1),
        (int)Math.Clamp(probe.Integer("successThreshold") ?? 1, 1, int.MaxValue),
        (int)Math.Clamp(probe.Integer("failureThreshold") ?? 3, 1, int.MaxValue));

    private static TimeSpan Seconds(JsonObject probe, string field, int otherwise) =>
        TimeSpan.FromSeconds(Math.Clamp(probe.Integer(field) ?? otherwise, otherwise == 0 ? 0 : 1, MostSeconds));
}
