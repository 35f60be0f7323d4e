using System.Globalization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>Says which tokens (JWT) of requests to a workload are believed. A request without a token passes; one with a bad token does not.</summary>
/// <remarks>Source: istio/api security/v1beta1/request_authentication.proto.</remarks>
[Cel(PolicyAttachment.Rule, PolicyAttachment.Message)]
public sealed record RequestAuthentication : Extensible
{
    /// <summary>The workloads it is about. Left out, it holds for the namespace; in the root namespace, for the mesh.</summary>
    public WorkloadSelector? Selector { get; init; }

    /// <summary>The one object it is attached to. The older form of targetRefs.</summary>
    public PolicyTargetReference? TargetRef { get; init; }

    /// <summary>The objects it is attached to, instead of workloads chosen by label.</summary>
    [Field(MaxItems = 16)]
    public IReadOnlyList<PolicyTargetReference>? TargetRefs { get; init; }

    /// <summary>Whose tokens are believed, and where they are looked for.</summary>
    [Field(MaxItems = 4096)]
    public IReadOnlyList<JwtRule>? JwtRules { get; init; }

    /// <summary>The kind.</summary>
    public static ResourceKind<RequestAuthentication> Kind { get; } = new()
    {
        Group = "security.istio.io",
        Versions = ["v1", "v1beta1"],
        StorageVersion = "v1",
        Kind = "RequestAuthentication",
        Plural = "requestauthentications",
        ShortNames = ["ra"],
        Json = SchemaJson.Default.ResourceRequestAuthentication,
        Rules = (resource, findings) => resource.Spec.Check(findings),
    };

    private void Check(Findings findings)
    {
        PolicyAttachment.Check(Selector, TargetRef, TargetRefs, findings);
        for (var i = 0; i < JwtRules?.Count; i++)
        {
            JwtRules[i].Check(string.Create(CultureInfo.InvariantCulture, $"spec.jwtRules[{i}]"), findings);
        }
    }
}
