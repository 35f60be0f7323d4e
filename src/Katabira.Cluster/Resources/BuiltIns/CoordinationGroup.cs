using System.Collections.Immutable;
using static Katabira.Cluster.Resources.BuiltIns.BuiltInVersion;

namespace Katabira.Cluster.Resources.BuiltIns;

/// <summary><c>/apis/coordination.k8s.io/v1</c>.</summary>
internal static class CoordinationGroup
{
    public static ImmutableArray<ResourceType> Types { get; } =
    [
        new() { Group = "coordination.k8s.io", Kind = "Lease", Plural = "leases", Versions = V1() },
    ];
}
