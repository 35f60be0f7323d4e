using System.Text.Json.Nodes;
using Katabira.Cluster.Access;

namespace Katabira.Tests.Cluster.Access;

/// <summary>Roles and bindings in one line each.</summary>
internal static class RbacObjects
{
    /// <summary>Rules are <c>verbs|groups|resources|names</c> or <c>verbs|path…</c>, values separated by commas; the core group is <c>core</c>.</summary>
    public static JsonObject Role(string name, string ns, params string[] rules) => new()
    {
        ["metadata"] = Metadata(name, ns),
        ["rules"] = new JsonArray([.. rules.Select(Rule)]),
    };

    /// <summary>Subjects are <c>User:bob</c>, <c>Group:dev</c> or <c>ServiceAccount:ns/name</c>.</summary>
    public static JsonObject Binding(string name, string ns, string roleKind, string role, params string[] subjects) => new()
    {
        ["metadata"] = Metadata(name, ns),
        ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = roleKind, ["name"] = role },
        ["subjects"] = new JsonArray([.. subjects.Select(Subject)]),
    };

    public static bool MatchLabels(JsonObject selector, IReadOnlyDictionary<string, string> labels) =>
        selector["matchLabels"] is not JsonObject wanted || wanted.All(w => labels.GetValueOrDefault(w.Key) == (string?)w.Value);

    public static RbacModel Compile(JsonObject[]? roles = null, JsonObject[]? clusterRoles = null, JsonObject[]? bindings = null, JsonObject[]? clusterBindings = null) =>
        RbacModel.Build(roles ?? [], clusterRoles ?? [], bindings ?? [], clusterBindings ?? [], MatchLabels);

    private static JsonObject Metadata(string name, string ns) => ns.Length == 0 ? new() { ["name"] = name } : new() { ["name"] = name, ["namespace"] = ns };

    private static JsonNode Rule(string text)
    {
        var parts = text.Split('|');
        return parts.Length == 2
            ? new JsonObject { ["verbs"] = List(parts[0]), ["nonResourceURLs"] = List(parts[1]) }
            : new JsonObject
            {
                ["verbs"] = List(parts[0]),
                ["apiGroups"] = List(parts[1]),
                ["resources"] = List(parts[2]),
                ["resourceNames"] = parts.Length > 3 ? List(parts[3]) : new JsonArray(),
            };
    }

    private static JsonArray List(string text) => new([.. text.Split(',').Select(t => (JsonNode)(t == "core" ? "" : t))]);

    private static JsonNode Subject(string text)
    {
        var parts = text.Split(':', 2);
        return parts[0] == "ServiceAccount" && parts[1].Split('/') is [var ns, var name]
            ? new JsonObject { ["kind"] = parts[0], ["namespace"] = ns, ["name"] = name }
            : new JsonObject { ["kind"] = parts[0], ["name"] = parts[1] };
    }
}
