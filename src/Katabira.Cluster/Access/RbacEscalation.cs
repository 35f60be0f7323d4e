using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Access;

/// <summary>
/// Nobody gives away what they do not have: the check before a role or a binding is written. The verbs <c>escalate</c> (on a role) and <c>bind</c>
/// (on the role a binding names) lift it. Pure.
/// </summary>
internal static class RbacEscalation
{
    private const string Group = "rbac.authorization.k8s.io";

    /// <summary>
    /// Comparisons that one check may cost, about a second. A rule whose verbs times groups times resources times names need more is refused,
    /// unless one rule of the user covers it whole.
    /// </summary>
    private const long MostComparisons = 100_000_000;

    /// <summary>Looks at a Role or ClusterRole that is to be written; null if it may.</summary>
    /// <param name="model">Who may what now.</param>
    /// <param name="user">Who writes.</param>
    /// <param name="role">The new object.</param>
    /// <param name="old">The stored one; null for a create. Unchanged rules are not checked again.</param>
    /// <param name="ns">The Role's namespace; empty for a ClusterRole.</param>
    public static ApiFailure? CheckRole(RbacModel model, UserInfo user, JsonObject role, JsonObject? old, string ns)
    {
        if (old is not null && JsonNode.DeepEquals(old["rules"], role["rules"]) && JsonNode.DeepEquals(old["aggregationRule"], role["aggregationRule"]))
        {
            return null;
        }
        var plural = ns.Length == 0 ? "clusterroles" : "roles";
        var name = role.NameOf();
        if (MayAnyway(model, user, "escalate", plural, ns, name))
        {
            return null;
        }
        if (ns.Length == 0 && role["aggregationRule"] is not null && Missing(model.RulesFor(user, ""), Everything) is not [])
        {
            return ApiFailure.Forbidden(Group, plural, name, "must have cluster-admin privileges to use the aggregationRule");
        }
        return Check(model, user, PolicyRule.All(role), ns, plural, name);
    }

    /// <summary>Looks at a RoleBinding or ClusterRoleBinding that is to be written; null if it may.</summary>
    /// <param name="model">Who may what now.</param>
    /// <param name="user">Who writes.</param>
    /// <param name="binding">The new object.</param>
    /// <param name="ns">The RoleBinding's namespace; empty for a ClusterRoleBinding.</param>
    public static ApiFailure? CheckBinding(RbacModel model, UserInfo user, JsonObject binding, string ns)
    {
        var reference = binding.Child("roleRef");
        var (kind, role) = (reference.Text("kind"), reference.Text("name"));
        if (MayAnyway(model, user, "bind", kind == "Role" ? "roles" : "clusterroles", ns, role))
        {
            return null;
        }
        var plural = ns.Length == 0 ? "clusterrolebindings" : "rolebindings";
        var rules = model.Roles.Find(kind == "Role" ? ns : "", role);
        // who may not bind blindly cannot bind a role that somebody fills later
        return rules.IsDefault
            ? ApiFailure.NotFound(Group, kind == "Role" ? "roles" : "clusterroles", role)
            : Check(model, user, rules, ns, plural, binding.NameOf());
    }

    private static ImmutableArray<PolicyRule> Everything => [new(["*"], ["*"], ["*"], [], []), new(["*"], [], [], [], ["*"])];

    private static bool MayAnyway(RbacModel model, UserInfo user, string verb, string plural, string ns, string name) =>
        model.Authorize(user, new AccessRequest(verb) { Group = Group, Plural = plural, Namespace = ns, Name = name }).Allowed;

    private static ApiFailure? Check(RbacModel model, UserInfo user, ImmutableArray<PolicyRule> wanted, string ns, string plural, string name)
    {
        var missing = Missing(model.RulesFor(user, ns), wanted);
        if (missing is [])
        {
            return null;
        }
        var lines = missing.Select(m => m.ToString()).Distinct().Order(StringComparer.Ordinal).Take(32);
        return ApiFailure.Forbidden(Group, plural, name,
            $"user {GoQuoted.Text(user.Name)} (groups={GoQuoted.List(user.Groups)}) is attempting to grant RBAC permissions not currently held:\n{string.Join('\n', lines)}");
    }

    /// <summary>The parts of the wanted rules that no rule held covers.</summary>
    private static List<PolicyRule> Missing(ImmutableArray<PolicyRule> held, ImmutableArray<PolicyRule> wanted)
    {
        var missing = new List<PolicyRule>();
        var size = held.Sum(Size);
        if (wanted.Sum(Size) * size > MostComparisons)
        {
            return [.. wanted];
        }
        var left = MostComparisons;
        foreach (var rule in wanted)
        {
            if (held.Any(h => CoversWhole(h, rule)))
            {
                continue;
            }
            left -= Grains(rule) * size;
            if (left < 0)
            {
                missing.Add(rule);
                continue;
            }
            missing.AddRange(MissingVerbs(held, rule));
        }
        return missing;
    }

    private static long Size(PolicyRule rule) =>
        1L + rule.Verbs.Length + rule.Groups.Length + rule.Resources.Length + rule.Names.Length + rule.Paths.Length;

    /// <summary>Bounded itself: a request body holds too few texts for the product to overflow a double, and what is beyond the bound is all the same.</summary>
    private static long Grains(PolicyRule rule)
    {
        var product = (double)rule.Verbs.Length * Math.Max(1, rule.Groups.Length) * Math.Max(1, rule.Resources.Length) * Math.Max(1, rule.Names.Length)
            + ((double)rule.Verbs.Length * rule.Paths.Length);
        return (long)Math.Min(product, MostComparisons);
    }

    private static bool CoversWhole(PolicyRule held, PolicyRule wanted) =>
        wanted.Verbs.All(v => held.Verbs.Contains("*") || held.Verbs.Contains(v))
        && wanted.Groups.All(g => held.Groups.Contains("*") || held.Groups.Contains(g))
        && wanted.Resources.All(r => held.Holds(held.Verbs.FirstOrDefault(""), held.Groups.FirstOrDefault(""), r, held.Names.FirstOrDefault("")))
        && (held.Names.IsEmpty || (!wanted.Names.IsEmpty && wanted.Names.All(n => held.Names.Contains(n))))
        && wanted.Paths.All(p => held.HoldsPath(held.Verbs.FirstOrDefault(""), p));

    /// <summary>A rule for each group, resource, name and path of the wanted one that lacks verbs, with just those verbs.</summary>
    private static IEnumerable<PolicyRule> MissingVerbs(ImmutableArray<PolicyRule> held, PolicyRule rule)
    {
        foreach (var path in rule.Paths)
        {
            if (Lacking(rule.Verbs, v => held.Any(h => h.HoldsPath(v, path))) is { IsEmpty: false } verbs)
            {
                yield return new(verbs, [], [], [], [path]);
            }
        }
        foreach (var group in rule.Groups)
        {
            foreach (var resource in rule.Resources)
            {
                foreach (var name in rule.Names.IsEmpty ? [""] : rule.Names)
                {
                    if (Lacking(rule.Verbs, v => held.Any(h => h.Holds(v, group, resource, name))) is { IsEmpty: false } verbs)
                    {
                        yield return new(verbs, [group], [resource], name.Length == 0 ? [] : [name], []);
                    }
                }
            }
        }
    }

    private static ImmutableArray<string> Lacking(ImmutableArray<string> verbs, Func<string, bool> holds) => [.. verbs.Where(v => !holds(v))];
}
