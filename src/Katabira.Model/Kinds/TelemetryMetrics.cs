using System.Text.Json.Serialization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>How metrics differ from the standard ones.</summary>
public sealed record TelemetryMetrics : Extensible
{
    /// <summary>Whose metrics are changed. Left out, the mesh's default provider's.</summary>
    public IReadOnlyList<TelemetryProvider>? Providers { get; init; }

    /// <summary>The changes, applied in order, after those of wider objects.</summary>
    public IReadOnlyList<MetricOverride>? Overrides { get; init; }

    /// <summary>How often metrics of open TCP connections are brought up to date. Left out, every 5 seconds.</summary>
    [Duration]
    public string? ReportingInterval { get; init; }

    internal void Check(string path, Findings findings)
    {
        TelemetryProvider.WarnOfDuplicates(Providers, $"{path}.providers", findings);
        for (var i = 0; i < (Overrides?.Count ?? 0); i++)
        {
            Overrides![i].Check($"{path}.overrides[{i}]", findings);
        }
        findings.CheckDuration($"{path}.reportingInterval", ReportingInterval);
    }
}

/// <summary>A change to some metrics.</summary>
public sealed record MetricOverride : Extensible
{
    /// <summary>The metrics. Left out, all of them.</summary>
    public MetricSelector? Match { get; init; }

    /// <summary>Turns them off, or, where a wider object turned them off, on again.</summary>
    [Field(Nullable = true)]
    public bool? Disabled { get; init; }

    /// <summary>Changes to their labels, by the label's name.</summary>
    public IReadOnlyDictionary<string, TagOverride>? TagOverrides { get; init; }

    internal void Check(string path, Findings findings)
    {
        if (TagOverrides is null)
        {
            return;
        }
        foreach (var (name, tag) in TagOverrides)
        {
            if (name.Length == 0)
            {
                findings.Warn($"{path}.tagOverrides: the name of a tag may not be empty");
            }
            tag.Check($"{path}.tagOverrides[{name}]", findings);
        }
    }
}

/// <summary>Chooses metrics.</summary>
[AtMostOne("metric", "customMetric")]
public sealed record MetricSelector : Extensible
{
    /// <summary>A standard metric.</summary>
    public StandardMetric? Metric { get; init; }

    /// <summary>A metric of another name.</summary>
    [Field(MinLength = 1)]
    public string? CustomMetric { get; init; }

    /// <summary>The workload's part in the traffic that is counted. Left out, either.</summary>
    public WorkloadMode? Mode { get; init; }
}

/// <summary>A change to one label.</summary>
[Cel("(has(self.operation) && self.operation == 'REMOVE') || (has(self.value) && self.value != '')", "value must be set when operation is UPSERT")]
[Cel("!has(self.value) || !has(self.operation) || self.operation != 'REMOVE'", "value must not be set when operation is REMOVE")]
public sealed record TagOverride : Extensible
{
    /// <summary>What is done to it. Left out, UPSERT.</summary>
    public TagOperation? Operation { get; init; }

    /// <summary>Its new value: an expression over attributes, e.g. request.host. Only for UPSERT.</summary>
    public string? Value { get; init; }

    internal void Check(string path, Findings findings)
    {
        if (Operation == TagOperation.Remove)
        {
            if (Value is not null)
            {
                findings.Forbidden($"{path}.value", "value must not be set when operation is REMOVE");
            }
        }
        else if (string.IsNullOrEmpty(Value))
        {
            findings.Required($"{path}.value", "value must be set when operation is UPSERT");
        }
        else if (!ExpressionText.IsPaired(Value))
        {
            findings.Invalid($"{path}.value", Value, "not an expression: brackets or quotes do not pair");
        }
    }
}

/// <summary>What is done to a label.</summary>
[JsonConverter(typeof(UpperSnakeEnum<TagOperation>))]
public enum TagOperation
{
    /// <summary>It is added, or gets another value.</summary>
    Upsert,

    /// <summary>It is left out.</summary>
    Remove,
}

/// <summary>The metrics that every workload of a mesh has.</summary>
[JsonConverter(typeof(UpperSnakeEnum<StandardMetric>))]
public enum StandardMetric
{
    /// <summary>All of them.</summary>
    AllMetrics,

    /// <summary>Requests, counted.</summary>
    RequestCount,

    /// <summary>How long requests took.</summary>
    RequestDuration,

    /// <summary>How large the bodies of requests were.</summary>
    RequestSize,

    /// <summary>How large the bodies of responses were.</summary>
    ResponseSize,

    /// <summary>TCP connections opened, counted.</summary>
    TcpOpenedConnections,

    /// <summary>TCP connections closed, counted.</summary>
    TcpClosedConnections,

    /// <summary>Bytes sent over TCP, counted.</summary>
    TcpSentBytes,

    /// <summary>Bytes received over TCP, counted.</summary>
    TcpReceivedBytes,

    /// <summary>Messages that gRPC clients sent, counted.</summary>
    GrpcRequestMessages,

    /// <summary>Messages that gRPC servers sent, counted.</summary>
    GrpcResponseMessages,
}
