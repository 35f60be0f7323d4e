using System.Collections.Immutable;
using static Katabira.Cluster.Resources.BuiltIns.BuiltInVersion;

namespace Katabira.Cluster.Resources.BuiltIns;

/// <summary><c>/apis/rbac.authorization.k8s.io/v1</c>.</summary>
internal static class RbacGroup
{
    private const string Group = "rbac.authorization.k8s.io";

    public static ImmutableArray<ResourceType> Types { get; } =
    [
        new() { Group = Group, Kind = "ClusterRoleBinding", Plural = "clusterrolebindings", Namespaced = false, Versions = V1() },
        new() { Group = Group, Kind = "ClusterRole", Plural = "clusterroles", Namespaced = false, Versions = V1() },
        new() { Group = Group, Kind = "RoleBinding", Plural = "rolebindings", Versions = V1() },
        new() { Group = Group, Kind = "Role", Plural = "roles", Versions = V1() },
    ];
}
