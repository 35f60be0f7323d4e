using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Access;

/// <summary>
/// Who may do what, compiled from one snapshot of roles and bindings and indexed by subject, so that a request looks only at what is bound to
/// its user and groups. Immutable; thread-safe. A change of any role or binding is a new model.
/// </summary>
internal sealed class RbacModel
{
    private static readonly PolicyRule s_everything = new(["*"], ["*"], ["*"], [], []);
    private static readonly PolicyRule s_everyPath = new(["*"], [], [], [], ["*"]);

    private readonly RoleSet _roles;
    private readonly Dictionary<Subject, List<Grant>> _grants = [];

    private RbacModel(RoleSet roles) => _roles = roles;

    /// <summary>The roles the bindings of this model refer to.</summary>
    public RoleSet Roles => _roles;

    /// <summary>Compiles a snapshot. A subject or a role reference that cannot be read grants nothing.</summary>
    public static RbacModel Build(IEnumerable<JsonObject> roles, IEnumerable<JsonObject> clusterRoles, IEnumerable<JsonObject> roleBindings,
        IEnumerable<JsonObject> clusterRoleBindings, LabelMatch match)
    {
        var model = new RbacModel(new RoleSet(roles, clusterRoles, match));
        foreach (var binding in clusterRoleBindings)
        {
            model.Add(binding, "");
        }
        foreach (var binding in roleBindings.Where(b => b.NamespaceOf().Length > 0))
        {
            model.Add(binding, binding.NamespaceOf());
        }
        return model;
    }

    /// <summary>Whether the user may, and why.</summary>
    public AccessDecision Authorize(UserInfo user, in AccessRequest request)
    {
        if (user.IsMaster)
        {
            return new(true, "");
        }
        List<string>? missing = null;
        foreach (var subject in SubjectsOf(user))
        {
            if (!_grants.TryGetValue(subject, out var grants))
            {
                continue;
            }
            foreach (var grant in grants)
            {
                if (!grant.Reaches(request))
                {
                    continue;
                }
                if (grant.Rules.IsDefault)
                {
                    (missing ??= []).Add(RoleSet.Missing(grant.RoleKind, grant.RoleName));
                }
                else if (AnyAllows(grant.Rules, request))
                {
                    return new(true, $"RBAC: allowed by {grant.Describe(subject)}");
                }
            }
        }
        return new(false, missing is null ? "" : $"RBAC: {Aggregated(missing)}");
    }

    /// <summary>All rules that hold for the user in a namespace; with an empty one, in the whole cluster.</summary>
    public ImmutableArray<PolicyRule> RulesFor(UserInfo user, string ns)
    {
        var rules = ImmutableArray.CreateBuilder<PolicyRule>();
        if (user.IsMaster)
        {
            rules.Add(s_everything);
            rules.Add(s_everyPath);
        }
        foreach (var subject in SubjectsOf(user))
        {
            foreach (var grant in _grants.GetValueOrDefault(subject) ?? [])
            {
                if ((grant.Namespace.Length == 0 || grant.Namespace == ns) && !grant.Rules.IsDefault)
                {
                    rules.AddRange(grant.Namespace.Length == 0 ? grant.Rules : grant.Rules.Where(r => r.Paths.IsEmpty));
                }
            }
        }
        return rules.ToImmutable();
    }

    private void Add(JsonObject binding, string ns)
    {
        var reference = binding.Child("roleRef");
        var (kind, role) = (reference.Text("kind"), reference.Text("name"));
        // a cluster-wide binding of a namespace's role means nothing
        if (kind is not ("Role" or "ClusterRole") || (kind == "Role" && ns.Length == 0))
        {
            return;
        }
        var rules = _roles.Find(kind == "Role" ? ns : "", role);
        var grant = new Grant(ns, binding.NameOf(), kind, role, rules);
        foreach (var subject in binding.Items("subjects").Select(s => Subject.From(s, ns)).OfType<Subject>().Distinct())
        {
            if (!_grants.TryGetValue(subject, out var grants))
            {
                _grants[subject] = grants = [];
            }
            grants.Add(grant);
        }
    }

    private static IEnumerable<Subject> SubjectsOf(UserInfo user)
    {
        yield return new(false, user.Name);
        foreach (var group in user.Groups)
        {
            yield return new(true, group);
        }
    }

    private static bool AnyAllows(ImmutableArray<PolicyRule> rules, in AccessRequest request)
    {
        foreach (var rule in rules)
        {
            if (rule.Allows(request))
            {
                return true;
            }
        }
        return false;
    }

    private static string Aggregated(List<string> messages) =>
        messages.Distinct().ToArray() is [var only] ? only : $"[{string.Join(", ", messages.Distinct())}]";

    /// <summary>Whom a binding names. A service account is the user of its name, so that is what it is found by. There are no wildcards.</summary>
    private readonly record struct Subject(bool IsGroup, string Name)
    {
        public static Subject? From(JsonObject subject, string ns)
        {
            var name = subject.Text("name");
            if (name.Length == 0)
            {
                return null;
            }
            switch (subject.Text("kind"))
            {
                case "User":
                    return new(false, name);
                case "Group":
                    return new(true, name);
                case "ServiceAccount":
                    var home = subject.Text("namespace") is { Length: > 0 } own ? own : ns;
                    return home.Length == 0 ? null : new(false, UserInfo.ServiceAccountName(home, name));
                default:
                    return null;
            }
        }

        public override string ToString() => Name.Split(':') is ["system", "serviceaccount", var ns, var account] && !IsGroup
            ? $"ServiceAccount {GoQuoted.Text($"{account}/{ns}")}"
            : $"{(IsGroup ? "Group" : "User")} {GoQuoted.Text(Name)}";
    }

    /// <summary>What one binding gives to its subjects.</summary>
    /// <param name="Namespace">Where; empty for the whole cluster.</param>
    /// <param name="Rules">Default if the role does not exist.</param>
    private sealed record Grant(string Namespace, string Binding, string RoleKind, string RoleName, ImmutableArray<PolicyRule> Rules)
    {
        public bool Reaches(in AccessRequest request) => Namespace.Length == 0 || (request.Path is null && Namespace == request.Namespace);

        public string Describe(Subject subject)
        {
            var (kind, name) = Namespace.Length == 0 ? ("ClusterRoleBinding", Binding) : ("RoleBinding", $"{Binding}/{Namespace}");
            return $"{kind} {GoQuoted.Text(name)} of {RoleKind} {GoQuoted.Text(RoleName)} to {subject}";
        }
    }
}

/// <param name="Allowed">Whether the request may go on.</param>
/// <param name="Reason">Which binding allows it, or what is wrong with one that might have; may be empty.</param>
internal readonly record struct AccessDecision(bool Allowed, string Reason);
