using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Access;

/// <summary>
/// The roles and bindings that every cluster has from its first start, named and labelled as upstream so that operators' own roles aggregate into
/// <c>admin</c>, <c>edit</c> and <c>view</c>. Each call makes new objects. Pure.
/// </summary>
internal static class DefaultRoles
{
    private const string Api = "rbac.authorization.k8s.io";
    private const string Read = "get list watch";
    private const string Write = "create delete deletecollection patch update";
    private const string Aggregate = "rbac.authorization.k8s.io/aggregate-to-";

    private static readonly ImmutableArray<PolicyRule> s_view =
    [
        Rule(Read, "", "bindings configmaps endpoints events limitranges namespaces namespaces/status persistentvolumeclaims persistentvolumeclaims/status "
            + "pods pods/log pods/status replicationcontrollers replicationcontrollers/scale replicationcontrollers/status resourcequotas "
            + "resourcequotas/status serviceaccounts services services/status"),
        Rule(Read, "discovery.k8s.io", "endpointslices"),
        Rule(Read, "apps", "controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets "
            + "replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status"),
        Rule(Read, "autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status"),
        Rule(Read, "batch", "cronjobs cronjobs/status jobs jobs/status"),
        Rule(Read, "policy", "poddisruptionbudgets poddisruptionbudgets/status"),
        Rule(Read, "networking.k8s.io", "ingresses ingresses/status networkpolicies"),
    ];

    private static readonly ImmutableArray<PolicyRule> s_edit =
    [
        Rule(Read, "", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy"),
        Rule("impersonate", "", "serviceaccounts"),
        Rule(Write, "", "configmaps events persistentvolumeclaims pods pods/attach pods/exec pods/portforward pods/proxy replicationcontrollers "
            + "replicationcontrollers/scale secrets serviceaccounts services services/proxy"),
        Rule("create", "", "pods/eviction serviceaccounts/token"),
        Rule(Write, "apps", "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale"),
        Rule(Write, "autoscaling", "horizontalpodautoscalers"),
        Rule(Write, "batch", "cronjobs jobs"),
        Rule(Write, "policy", "poddisruptionbudgets"),
        Rule(Write, "networking.k8s.io", "ingresses networkpolicies"),
        Rule($"{Read} {Write}", "coordination.k8s.io", "leases"),
    ];

    private static readonly ImmutableArray<PolicyRule> s_admin =
    [
        Rule("create", "authorization.k8s.io", "localsubjectaccessreviews"),
        Rule($"{Read} {Write}", Api, "rolebindings roles"),
    ];

    /// <summary>The ClusterRole objects.</summary>
    public static ImmutableArray<JsonObject> Roles() =>
    [
        Role("cluster-admin", [Rule("*", "*", "*"), Paths("*", "*")]),
        Aggregated("admin", "", [.. s_admin, .. s_edit, .. s_view]),
        Aggregated("edit", "admin", [.. s_edit, .. s_view]),
        Aggregated("view", "edit", s_view),
        Role("system:aggregate-to-admin", s_admin, "admin"),
        Role("system:aggregate-to-edit", s_edit, "edit"),
        Role("system:aggregate-to-view", s_view, "view"),
        Role("system:discovery",
            [Paths("get", "/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/")]),
        Role("system:public-info-viewer", [Paths("get", "/healthz /livez /readyz /version /version/")]),
        Role("system:basic-user",
        [
            Rule("create", "authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews"),
            Rule("create", "authentication.k8s.io", "selfsubjectreviews"),
        ]),
        Role("system:service-account-issuer-discovery",
            [Paths("get", "/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/")]),
    ];

    /// <summary>The ClusterRoleBinding objects.</summary>
    public static ImmutableArray<JsonObject> Bindings() =>
    [
        Binding("cluster-admin", UserInfo.Masters),
        Binding("system:discovery", UserInfo.Authenticated),
        Binding("system:public-info-viewer", UserInfo.Authenticated, UserInfo.Unauthenticated),
        Binding("system:basic-user", UserInfo.Authenticated),
        Binding("system:service-account-issuer-discovery", UserInfo.ServiceAccounts),
    ];

    private static PolicyRule Rule(string verbs, string group, string resources) => new([.. verbs.Split(' ')], [group], [.. resources.Split(' ')], [], []);

    private static PolicyRule Paths(string verbs, string paths) => new([.. verbs.Split(' ')], [], [], [], [.. paths.Split(' ')]);

    private static JsonObject Aggregated(string name, string into, ImmutableArray<PolicyRule> rules)
    {
        var role = Role(name, rules, into);
        var selector = new JsonObject { ["matchLabels"] = new JsonObject { [Aggregate + name] = "true" } };
        role.Insert(3, "aggregationRule", new JsonObject { ["clusterRoleSelectors"] = new JsonArray(selector) });
        return role;
    }

    private static JsonObject Role(string name, ImmutableArray<PolicyRule> rules, string into = "")
    {
        var role = Named("ClusterRole", name);
        if (into.Length > 0)
        {
            role["metadata"]!["labels"]![Aggregate + into] = "true"; // Named has just made them
        }
        role["rules"] = new JsonArray([.. rules.Select(r => (JsonNode)r.ToJson())]);
        return role;
    }

    private static JsonObject Binding(string name, params ReadOnlySpan<string> groups)
    {
        var binding = Named("ClusterRoleBinding", name);
        binding["roleRef"] = new JsonObject { ["apiGroup"] = Api, ["kind"] = "ClusterRole", ["name"] = name };
        var subjects = new JsonArray();
        foreach (var group in groups)
        {
            subjects.Add((JsonNode)new JsonObject { ["kind"] = "Group", ["apiGroup"] = Api, ["name"] = group });
        }
        binding["subjects"] = subjects;
        return binding;
    }

    private static JsonObject Named(string kind, string name) => new()
    {
        ["kind"] = kind,
        ["apiVersion"] = $"{Api}/v1",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["labels"] = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" },
            ["annotations"] = new JsonObject { ["rbac.authorization.kubernetes.io/autoupdate"] = "true" },
        },
    };
}
