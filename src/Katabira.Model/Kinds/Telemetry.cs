using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What workloads tell about their traffic: traces, metrics and access logs, for the mesh, a namespace or some workloads.</summary>
/// <remarks>Source: istio/api telemetry/v1alpha1/telemetry.proto.</remarks>
[Cel(PolicyAttachment.Rule, PolicyAttachment.Message)]
public sealed record Telemetry : Extensible
{
    /// <summary>The workloads it is about. Left out, it holds for the namespace; in the root namespace, for the mesh.</summary>
    public WorkloadSelector? Selector { get; init; }

    /// <summary>Deprecated: one object it is attached to. Use targetRefs.</summary>
    public PolicyTargetReference? TargetRef { get; init; }

    /// <summary>Objects of the same namespace it is attached to, in place of a selector.</summary>
    [Field(MaxItems = 16)]
    public IReadOnlyList<PolicyTargetReference>? TargetRefs { get; init; }

    /// <summary>How requests are traced. What is left out comes from the next wider object.</summary>
    public IReadOnlyList<TelemetryTracing>? Tracing { get; init; }

    /// <summary>How metrics differ from the standard ones.</summary>
    public IReadOnlyList<TelemetryMetrics>? Metrics { get; init; }

    /// <summary>What is logged of requests and connections.</summary>
    public IReadOnlyList<TelemetryAccessLogging>? AccessLogging { get; init; }

    /// <summary>The kind.</summary>
    public static ResourceKind<Telemetry> Kind { get; } = new()
    {
        Group = "telemetry.istio.io",
        Versions = ["v1", "v1alpha1"],
        StorageVersion = "v1alpha1",
        Kind = "Telemetry",
        Plural = "telemetries",
        ShortNames = ["telemetry"],
        Columns = [PrinterColumn.Age],
        Json = SchemaJson.Default.ResourceTelemetry,
        Rules = (resource, findings) => resource.Spec.Check(findings),
    };

    private void Check(Findings findings)
    {
        PolicyAttachment.Check(Selector, TargetRef, TargetRefs, findings);
        if (Tracing?.Count > 1)
        {
            findings.Warn("spec.tracing: multiple tracing is not currently supported, only the first has effect");
        }
        for (var i = 0; i < (Tracing?.Count ?? 0); i++)
        {
            Tracing![i].Check($"spec.tracing[{i}]", findings);
        }
        for (var i = 0; i < (Metrics?.Count ?? 0); i++)
        {
            Metrics![i].Check($"spec.metrics[{i}]", findings);
        }
        for (var i = 0; i < (AccessLogging?.Count ?? 0); i++)
        {
            AccessLogging![i].Check($"spec.accessLogging[{i}]", findings);
        }
    }
}
