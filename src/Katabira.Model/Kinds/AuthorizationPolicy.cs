using System.Globalization;
using System.Text.Json.Serialization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>Decides who may connect to a workload: for the mesh, a namespace, some workloads or the objects it is attached to.</summary>
/// <remarks>Source: istio/api security/v1beta1/authorization_policy.proto.</remarks>
[AtMostOne("provider")]
[Cel(PolicyAttachment.Rule, PolicyAttachment.Message)]
public sealed record AuthorizationPolicy : Extensible
{
    /// <summary>The annotation that makes a policy speak without deciding.</summary>
    public const string DryRunAnnotation = "istio.io/dry-run";

    /// <summary>The workloads it is about. Left out, it holds for the namespace; in the root namespace, for the mesh.</summary>
    public WorkloadSelector? Selector { get; init; }

    /// <summary>The one object it is attached to. The older form of targetRefs.</summary>
    public PolicyTargetReference? TargetRef { get; init; }

    /// <summary>The objects it is attached to, instead of workloads chosen by label.</summary>
    [Field(MaxItems = 16)]
    public IReadOnlyList<PolicyTargetReference>? TargetRefs { get; init; }

    /// <summary>What it is about; one rule that matches is enough. Without rules it matches nothing, and an ALLOW policy admits nobody.</summary>
    [Field(MaxItems = 512)]
    public IReadOnlyList<AuthorizationRule>? Rules { get; init; }

    /// <summary>What happens to traffic that a rule matches. Left out, ALLOW.</summary>
    public AuthorizationAction? Action { get; init; }

    /// <summary>Who is asked. Only with CUSTOM.</summary>
    public AuthorizationProvider? Provider { get; init; }

    /// <summary>The kind.</summary>
    public static ResourceKind<AuthorizationPolicy> Kind { get; } = new()
    {
        Group = "security.istio.io",
        Versions = ["v1", "v1beta1"],
        StorageVersion = "v1",
        Kind = "AuthorizationPolicy",
        Plural = "authorizationpolicies",
        ShortNames = ["ap"],
        Columns = [new("Action", ".spec.action"), PrinterColumn.Age],
        Json = SchemaJson.Default.ResourceAuthorizationPolicy,
        Rules = (resource, findings) => resource.Spec.Check(resource.Metadata, findings),
    };

    /// <summary>True if the policy only speaks. Null if the annotation is there and unreadable: the policy decides then.</summary>
    internal static bool? ReadDryRun(ObjectMeta metadata) =>
        metadata.Annotations?.TryGetValue(DryRunAnnotation, out var text) != true ? false
        : text switch
        {
            // the words that Istio takes for a boolean
            "1" or "t" or "T" or "true" or "True" or "TRUE" => true,
            "0" or "f" or "F" or "false" or "False" or "FALSE" => false,
            _ => null,
        };

    private void Check(ObjectMeta metadata, Findings findings)
    {
        PolicyAttachment.Check(Selector, TargetRef, TargetRefs, findings);
        CheckAction(findings);
        CheckDryRun(metadata, findings);
        for (var i = 0; i < Rules?.Count; i++)
        {
            Rules[i].Check(string.Create(CultureInfo.InvariantCulture, $"spec.rules[{i}]"), Action ?? AuthorizationAction.Allow, findings);
        }
    }

    private void CheckAction(Findings findings)
    {
        if (Action is AuthorizationAction.Custom && string.IsNullOrEmpty(Provider?.Name))
        {
            findings.Required("spec.provider.name", "action CUSTOM asks a provider");
        }
        if (Action is not AuthorizationAction.Custom && Provider is not null)
        {
            findings.Forbidden("spec.provider", "may only be set with action CUSTOM");
        }
        if (Rules is { Count: > 0 })
        {
            return;
        }
        switch (Action)
        {
            case AuthorizationAction.Custom:
                findings.Required("spec.rules", "action CUSTOM without rules never asks; an empty rule {} asks always");
                break;
            case AuthorizationAction.Deny:
                findings.Warn("spec.rules: a DENY policy without rules denies nothing; an empty rule {} denies everything");
                break;
            case AuthorizationAction.Audit:
                findings.Warn("spec.rules: an AUDIT policy without rules notes nothing; an empty rule {} notes everything");
                break;
            default:
                findings.Warn("spec.rules: an ALLOW policy without rules admits nobody: everything that no other ALLOW policy admits is denied");
                break;
        }
    }

    private void CheckDryRun(ObjectMeta metadata, Findings findings)
    {
        const string path = $"metadata.annotations[{DryRunAnnotation}]";
        if (ReadDryRun(metadata) is null)
        {
            findings.Invalid(path, metadata.Annotations![DryRunAnnotation], "must be true or false");
        }
        if (Action is AuthorizationAction.Audit or AuthorizationAction.Custom && metadata.Annotations?.ContainsKey(DryRunAnnotation) == true)
        {
            findings.Forbidden(path, "may only be set with action ALLOW or DENY");
        }
    }
}

/// <summary>Somebody outside the mesh who is asked whether traffic may pass.</summary>
public sealed record AuthorizationProvider : Extensible
{
    /// <summary>Name of the provider in the settings of the mesh.</summary>
    public string? Name { get; init; }
}

/// <summary>What a policy does with traffic that one of its rules matches.</summary>
[JsonConverter(typeof(UpperSnakeEnum<AuthorizationAction>))]
public enum AuthorizationAction
{
    /// <summary>Admits it. Where an ALLOW policy holds, what none of them admits is denied.</summary>
    Allow,

    /// <summary>Denies it, whatever other policies admit.</summary>
    Deny,

    /// <summary>Notes it and decides nothing.</summary>
    Audit,

    /// <summary>Asks the provider, before any other policy is looked at.</summary>
    Custom,
}
