using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Admission;

/// <summary>What a webhook wants to see. Immutable and pure; <c>*</c> is any.</summary>
internal sealed record WebhookRule(
    ImmutableArray<string> Operations, ImmutableArray<string> Groups, ImmutableArray<string> Versions, ImmutableArray<string> Resources, string Scope)
{
    public static WebhookRule From(JsonObject rule) =>
        new(rule.Texts("operations"), rule.Texts("apiGroups"), rule.Texts("apiVersions"), rule.Texts("resources"), rule.Text("scope"));

    public bool Matches(AdmissionRequest request) =>
        Has(Operations, request.Operation) && Has(Groups, request.Group) && Has(Versions, request.Version) && InScope(request)
        && Resources.Any(r => MatchesResource(r, request));

    private static bool Has(ImmutableArray<string> values, string value) => values.Contains("*") || values.Contains(value);

    /// <summary><c>*</c> alone is every object and no part of one; <c>*/*</c> is everything.</summary>
    private static bool MatchesResource(string rule, AdmissionRequest request)
    {
        var slash = rule.IndexOf('/');
        var (plural, sub) = slash < 0 ? (rule, "") : (rule[..slash], rule[(slash + 1)..]);
        return (plural == "*" || plural == request.Plural) && (sub == "*" || sub == request.Subresource);
    }

    /// <summary>A namespace counts as cluster-scoped, though requests for it carry its name as the namespace.</summary>
    private bool InScope(AdmissionRequest request)
    {
        var clusterScoped = request.Namespace.Length == 0 || request is { Group: "", Plural: "namespaces" };
        return Scope switch
        {
            "Cluster" => clusterScoped,
            "Namespaced" => !clusterScoped,
            _ => true,
        };
    }
}
