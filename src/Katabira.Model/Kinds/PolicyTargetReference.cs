using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>Attaches a policy to one object of its own namespace, instead of choosing workloads by label.</summary>
/// <remarks>Source: istio/api type/v1beta1/selector.proto.</remarks>
public sealed record PolicyTargetReference : Extensible
{
    /// <summary>API group of the object; empty for the core group.</summary>
    [Field(MaxLength = 253, Pattern = "^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    public string? Group { get; init; }

    /// <summary>Kind of the object.</summary>
    [Field(Required = true, MinLength = 1, MaxLength = 63, Pattern = "^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$")]
    public string? Kind { get; init; }

    /// <summary>Name of the object.</summary>
    [Field(Required = true, MinLength = 1, MaxLength = 253)]
    public string? Name { get; init; }

    /// <summary>Reserved: an object of another namespace cannot be referred to, so this stays empty.</summary>
    [Cel("self == ''", "cross namespace referencing is not currently supported")]
    public string? Namespace { get; init; }

    /// <summary>Adds what the schema cannot say about one reference.</summary>
    internal void Check(string path, Findings findings)
    {
        if (!string.IsNullOrEmpty(Namespace))
        {
            findings.Invalid($"{path}.namespace", Namespace, "cross namespace referencing is not currently supported");
        }
        var target = $"{(Group == "core" ? "" : Group)}/{Kind}";
        if (!s_targets.Contains(target, StringComparer.Ordinal))
        {
            findings.NotSupported(path, target, s_targets);
        }
    }

    /// <summary>What a policy can be attached to, as <c>group/kind</c>.</summary>
    private static readonly string[] s_targets =
        ["gateway.networking.k8s.io/Gateway", "gateway.networking.k8s.io/GatewayClass", "/Service", "networking.istio.io/ServiceEntry"];
}
