using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

/// <summary>Roles and their bindings.</summary>
internal static class RbacStrategies
{
    private const string Group = "rbac.authorization.k8s.io";

    public static KindStrategy Role { get; } = RoleOf(namespaced: true);

    public static KindStrategy ClusterRole { get; } = RoleOf(namespaced: false);

    public static KindStrategy RoleBinding { get; } = BindingOf(namespaced: true, "Role", "ClusterRole");

    public static KindStrategy ClusterRoleBinding { get; } = BindingOf(namespaced: false, "ClusterRole");

    private static KindStrategy RoleOf(bool namespaced) => new()
    {
        Name = NameRules.PathSegment,
        Validate = (item, issues) =>
        {
            foreach (var (index, rule) in item.Items("rules").Index())
            {
                Rule(rule, $"rules[{index}]", namespaced, issues);
            }
        },
    };

    private static KindStrategy BindingOf(bool namespaced, params string[] kinds) => new()
    {
        Name = NameRules.PathSegment,
        Default = item =>
        {
            item.Child("roleRef")?.Default("apiGroup", Group);
            foreach (var subject in item.Items("subjects").Where(s => s.Text("kind") is "User" or "Group"))
            {
                subject.Default("apiGroup", Group);
            }
        },
        Validate = (item, issues) =>
        {
            var role = item.Child("roleRef");
            if (role.Text("apiGroup") != Group)
            {
                issues.NotSupported("roleRef.apiGroup", role.Text("apiGroup"), Group);
            }
            if (!kinds.Contains(role.Text("kind")))
            {
                issues.NotSupported("roleRef.kind", role.Text("kind"), kinds);
            }
            if (role.Text("name").Length == 0)
            {
                issues.Required("roleRef.name");
            }
            issues.Invalid("roleRef.name", role.Text("name"), NameRules.PathSegment(role.Text("name")));
            foreach (var (index, subject) in item.Items("subjects").Index())
            {
                Subject(subject, $"subjects[{index}]", namespaced, issues);
            }
        },
        ValidateUpdate = (item, old, issues) => Immutability.Require(item, old, "roleRef", "roleRef", issues, "cannot change roleRef"),
    };

    private static void Rule(JsonObject rule, string path, bool namespaced, FieldIssues issues)
    {
        static bool Any(JsonObject rule, string field) => rule.List(field) is { Count: > 0 };
        if (!Any(rule, "verbs"))
        {
            issues.Required($"{path}.verbs", "verbs must contain at least one value");
        }
        if (Any(rule, "nonResourceURLs"))
        {
            if (namespaced)
            {
                issues.Invalid($"{path}.nonResourceURLs", rule["nonResourceURLs"], "namespaced rules cannot apply to non-resource URLs");
            }
            if (Any(rule, "apiGroups") || Any(rule, "resources") || Any(rule, "resourceNames"))
            {
                issues.Invalid($"{path}.nonResourceURLs", rule["nonResourceURLs"], "rules cannot apply to both regular resources and non-resource URLs");
            }
            return;
        }
        if (!Any(rule, "apiGroups"))
        {
            issues.Required($"{path}.apiGroups", "resource rules must supply at least one api group");
        }
        if (!Any(rule, "resources"))
        {
            issues.Required($"{path}.resources", "resource rules must supply at least one resource");
        }
    }

    private static void Subject(JsonObject subject, string path, bool namespaced, FieldIssues issues)
    {
        var (kind, name, group) = (subject.Text("kind"), subject.Text("name"), subject.Text("apiGroup"));
        if (name.Length == 0)
        {
            issues.Required($"{path}.name");
        }
        switch (kind)
        {
            case "ServiceAccount":
                if (name.Length > 0)
                {
                    issues.Invalid($"{path}.name", name, NameRules.DnsSubdomain(name));
                }
                if (group.Length > 0)
                {
                    issues.NotSupported($"{path}.apiGroup", group, "");
                }
                if (!namespaced && subject.Text("namespace").Length == 0)
                {
                    issues.Required($"{path}.namespace");
                }
                break;
            case "User" or "Group" when group != Group:
                issues.NotSupported($"{path}.apiGroup", group, Group);
                break;
            case "User" or "Group":
                break;
            default:
                issues.NotSupported($"{path}.kind", kind, "ServiceAccount", "User", "Group");
                break;
        }
    }
}
