using System.Text.Json.Serialization;
using Katabira.Model.Schema;

namespace Katabira.Model.Resources;

/// <summary>What the control plane found out about an object; the same shape for every kind of the mesh.</summary>
public sealed record ResourceStatus : Extensible
{
    /// <summary>Findings by type, one entry a type.</summary>
    public IReadOnlyList<StatusCondition>? Conditions { get; init; }

    /// <summary>The generation of the specification that the findings are about.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString), Field(IntOrString = true)]
    public long? ObservedGeneration { get; init; }

    /// <summary>Problems that analysis found, in the form that Istio's tools print.</summary>
    public IReadOnlyList<StatusMessage>? ValidationMessages { get; init; }
}

/// <summary>One finding about an object, true or not, since when and why.</summary>
public sealed record StatusCondition : Extensible
{
    /// <summary>What is claimed, e.g. <c>Enforced</c>.</summary>
    public string? Type { get; init; }

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public string? Status { get; init; }

    /// <summary>The cause in one word.</summary>
    public string? Reason { get; init; }

    /// <summary>The cause in a sentence.</summary>
    public string? Message { get; init; }

    /// <summary>When the claim was last looked at.</summary>
    [JsonConverter(typeof(Rfc3339Converter)), Field(Format = "date-time")]
    public DateTimeOffset? LastProbeTime { get; init; }

    /// <summary>When the claim last changed.</summary>
    [JsonConverter(typeof(Rfc3339Converter)), Field(Format = "date-time")]
    public DateTimeOffset? LastTransitionTime { get; init; }

    /// <summary>The generation of the specification that the claim is about.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString), Field(IntOrString = true)]
    public long? ObservedGeneration { get; init; }
}

/// <summary>One problem that analysis found.</summary>
public sealed record StatusMessage : Extensible
{
    /// <summary>Which kind of problem it is.</summary>
    public StatusMessageType? Type { get; init; }

    /// <summary>How bad it is.</summary>
    public StatusLevel? Level { get; init; }

    /// <summary>Where it is explained.</summary>
    public string? DocumentationUrl { get; init; }
}

/// <summary>The kind of a problem.</summary>
public sealed record StatusMessageType : Extensible
{
    /// <summary>A readable name.</summary>
    public string? Name { get; init; }

    /// <summary>A stable code, e.g. <c>IST0106</c>.</summary>
    public string? Code { get; init; }
}

/// <summary>How bad a problem is.</summary>
[JsonConverter(typeof(UpperSnakeEnum<StatusLevel>))]
public enum StatusLevel
{
    /// <summary>Not said.</summary>
    Unknown,

    /// <summary>The object does not do what it says.</summary>
    Error,

    /// <summary>The object may not do what its author meant.</summary>
    Warning,

    /// <summary>Worth knowing.</summary>
    Info,
}
