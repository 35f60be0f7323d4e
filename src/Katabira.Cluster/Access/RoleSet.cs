using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Access;

/// <summary>True if the labels fit the selector (<c>matchLabels</c>, <c>matchExpressions</c>); an empty selector fits all, a malformed one none.</summary>
internal delegate bool LabelMatch(JsonObject selector, IReadOnlyDictionary<string, string> labels);

/// <summary>The rules of all roles, aggregated ones resolved. Immutable after it is built.</summary>
internal sealed class RoleSet
{
    private const string Group = "rbac.authorization.k8s.io";

    /// <summary>Aggregation is two steps deep upstream (view, edit, admin).</summary>
    private const int DeepestAggregation = 8;

    private readonly Dictionary<(string Namespace, string Name), ImmutableArray<PolicyRule>> _rules = [];

    /// <param name="roles">Role objects.</param>
    /// <param name="clusterRoles">ClusterRole objects.</param>
    /// <param name="match">Reads selectors of aggregation rules.</param>
    public RoleSet(IEnumerable<JsonObject> roles, IEnumerable<JsonObject> clusterRoles, LabelMatch match)
    {
        foreach (var role in roles)
        {
            _rules[(role.NamespaceOf(), role.NameOf())] = PolicyRule.All(role);
        }
        JsonObject[] all = [.. clusterRoles];
        foreach (var role in all)
        {
            _rules[("", role.NameOf())] = Aggregate(role, all, match);
        }
    }

    /// <summary>The rules of a role; default if there is no such role.</summary>
    /// <param name="ns">Empty for a ClusterRole.</param>
    /// <param name="name">The role's name.</param>
    public ImmutableArray<PolicyRule> Find(string ns, string name) => _rules.GetValueOrDefault((ns, name));

    /// <summary>How a missing role is called in a message.</summary>
    public static string Missing(string kind, string name) => $"{kind.ToLowerInvariant()}.{Group} {GoQuoted.Text(name)} not found";

    /// <summary>
    /// The rules that an aggregated ClusterRole has: those of all roles its selectors find, each once, themselves aggregated. What the object says in
    /// <c>rules</c> is a copy made by a controller, and is not trusted.
    /// </summary>
    public static ImmutableArray<PolicyRule> Aggregate(JsonObject role, IReadOnlyCollection<JsonObject> clusterRoles, LabelMatch match)
    {
        var found = new Dictionary<string, PolicyRule>(StringComparer.Ordinal);
        Collect(role, clusterRoles, match, found, [], DeepestAggregation);
        return [.. found.Values];
    }

    private static void Collect(JsonObject role, IReadOnlyCollection<JsonObject> clusterRoles, LabelMatch match,
        Dictionary<string, PolicyRule> found, HashSet<string> seen, int depth)
    {
        if (depth == 0 || !seen.Add(role.NameOf()))
        {
            return;
        }
        if (role["aggregationRule"] is not JsonObject aggregation)
        {
            foreach (var rule in PolicyRule.All(role))
            {
                found.TryAdd(rule.ToString(), rule);
            }
            return;
        }
        JsonObject[] selectors = [.. aggregation.Items("clusterRoleSelectors")];
        foreach (var other in clusterRoles)
        {
            var labels = other.Labels();
            if (selectors.Any(s => match(s, labels)))
            {
                Collect(other, clusterRoles, match, found, seen, depth - 1);
            }
        }
    }
}
