using System.Text.Json.Nodes;
using Katabira.Cluster.Cel.Go;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>Whether a CustomResourceDefinition (apiextensions.k8s.io/v1) makes sense as a whole. Reports everything at once. Pure.</summary>
/// <remarks>
/// Expects names and conversion to be defaulted (<see cref="CrdNames.ApplyDefaults"/>); metadata in general is somebody else's.
/// What all versions share is reported under the place where Kubernetes keeps shared things: <c>spec.validation</c>, <c>spec.subresources</c>,
/// <c>spec.additionalPrinterColumns</c>.
/// Source: kubernetes/apiextensions-apiserver, pkg/apis/apiextensions/validation.
/// </remarks>
internal static class CrdCheck
{
    private const string ApprovalAnnotation = "api-approved.kubernetes.io";

    private static readonly string[] s_scopes = ["Cluster", "Namespaced"];

    /// <summary>What is wrong with a new definition.</summary>
    /// <param name="crd">The definition.</param>
    /// <param name="patterns">Shared with those who compile it afterwards.</param>
    public static IReadOnlyList<FieldIssue> Check(JsonObject crd, PatternCache patterns)
    {
        var issues = new FieldIssues();
        var spec = crd.Child("spec") ?? [];
        CheckName(crd, spec, issues);
        CheckSpec(spec, patterns, issues);
        CheckApproval(crd, spec, issues);
        return issues.ToList();
    }

    /// <summary>What is wrong with a changed definition.</summary>
    /// <param name="crd">As it is to be.</param>
    /// <param name="old">As it is stored, with its status.</param>
    /// <param name="patterns">Shared with those who compile it afterwards.</param>
    public static IReadOnlyList<FieldIssue> CheckUpdate(JsonObject crd, JsonObject old, PatternCache patterns)
    {
        var issues = new FieldIssues();
        var (spec, oldSpec) = (crd.Child("spec") ?? [], old.Child("spec") ?? []);
        CheckSpec(spec, patterns, issues);
        if (CrdStatus.IsTrue(old, "Established"))
        {
            Immutable(spec["scope"], oldSpec["scope"], "spec.scope", issues);
            Immutable(spec.Child("names")?["kind"], oldSpec.Child("names")?["kind"], "spec.names.kind", issues);
        }
        Immutable(spec["group"], oldSpec["group"], "spec.group", issues);
        Immutable(spec.Child("names")?["plural"], oldSpec.Child("names")?["plural"], "spec.names.plural", issues);
        CheckStoredVersions(spec, old, issues);
        return issues.ToList();
    }

    private static void CheckName(JsonObject crd, JsonObject spec, FieldIssues issues)
    {
        var name = crd.Child("metadata")?.Text("name") ?? "";
        if (NameRules.Dns1123Subdomain(name) is { } error && name.Length > 0)
        {
            issues.Invalid("metadata.name", name, error);
        }
        if (name != $"{spec.Child("names")?.Text("plural")}.{spec.Text("group")}")
        {
            issues.Invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group");
        }
    }

    private static void CheckSpec(JsonObject spec, PatternCache patterns, FieldIssues issues)
    {
        CheckGroup(spec.Text("group"), issues);
        if (spec.Text("scope").Length == 0)
        {
            issues.Required("spec.scope");
        }
        else if (!s_scopes.Contains(spec.Text("scope")))
        {
            issues.NotSupported("spec.scope", spec.Text("scope"), s_scopes);
        }
        CrdVersionsCheck.Check(spec, patterns, issues);
        CrdNames.Check(spec.Child("names") ?? [], issues);
        CheckConversion(spec.Child("conversion"), issues);
        if (spec.Flag("preserveUnknownFields"))
        {
            issues.Add(new("spec.preserveUnknownFields", FieldIssueReason.FieldValueInvalid,
                "Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"));
        }
    }

    private static void CheckGroup(string group, FieldIssues issues)
    {
        if (group.Length == 0)
        {
            issues.Required("spec.group");
        }
        else if (NameRules.Dns1123Subdomain(group) is { } error)
        {
            issues.Invalid("spec.group", group, error);
        }
        else if (!group.Contains('.', StringComparison.Ordinal))
        {
            issues.Invalid("spec.group", group, "should be a domain with at least one dot");
        }
    }

    /// <summary>Versions of one object differ in their apiVersion only; a webhook that converts more would have to be called, and is not.</summary>
    private static void CheckConversion(JsonObject? conversion, FieldIssues issues)
    {
        if (conversion is null)
        {
            return;
        }
        if (conversion.Text("strategy").Length == 0)
        {
            issues.Required("spec.conversion.strategy");
        }
        else if (conversion.Text("strategy") != "None")
        {
            issues.NotSupported("spec.conversion.strategy", conversion.Text("strategy"), ["None"]);
        }
        else if (conversion.Has("webhook"))
        {
            issues.Forbidden("spec.conversion.webhookClientConfig", "should not be set when strategy is not set to Webhook");
        }
    }

    /// <summary>Groups of the Kubernetes community ask for a sign that they were agreed upon.</summary>
    private static void CheckApproval(JsonObject crd, JsonObject spec, FieldIssues issues)
    {
        var group = spec.Text("group");
        if (group is not ("k8s.io" or "kubernetes.io") && !group.EndsWith(".k8s.io", StringComparison.Ordinal)
            && !group.EndsWith(".kubernetes.io", StringComparison.Ordinal))
        {
            return;
        }
        const string path = $"metadata.annotations[{ApprovalAnnotation}]";
        const string more = "see https://github.com/kubernetes/enhancements/pull/1111";
        var approval = crd.Child("metadata")?.Child("annotations")?.Text(ApprovalAnnotation) ?? "";
        if (approval.Length == 0)
        {
            issues.Required(path, $"protected groups must have approval annotation \"{ApprovalAnnotation}\", {more}");
        }
        else if (!approval.StartsWith("unapproved", StringComparison.Ordinal) && GoUrl.Parse(approval) is not { Host.Length: > 0, Scheme.Length: > 0 })
        {
            issues.Invalid(path, approval,
                $"protected groups must have approval annotation \"{ApprovalAnnotation}\" with either a URL or a reason starting with \"unapproved\", {more}");
        }
    }

    /// <summary>A version that objects may be stored in cannot go.</summary>
    private static void CheckStoredVersions(JsonObject spec, JsonObject old, FieldIssues issues)
    {
        var versions = spec.Items("versions").Select(v => v.Text("name")).ToHashSet(StringComparer.Ordinal);
        foreach (var (index, stored) in (old.Child("status")?.Texts("storedVersions") ?? []).Index())
        {
            if (!versions.Contains(stored))
            {
                issues.Invalid(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"status.storedVersions[{index}]"), stored,
                    $"missing from spec.versions; {stored} was previously a storage version, and must remain in spec.versions until a storage migration "
                    + $"ensures no data remains persisted in {stored} and removes {stored} from status.storedVersions");
            }
        }
    }

    private static void Immutable(JsonNode? value, JsonNode? old, string path, FieldIssues issues)
    {
        if (!JsonNode.DeepEquals(value, old))
        {
            issues.Invalid(path, value, "field is immutable");
        }
    }
}
