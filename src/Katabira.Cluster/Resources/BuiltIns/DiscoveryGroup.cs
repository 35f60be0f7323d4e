using System.Collections.Immutable;
using static Katabira.Cluster.Resources.BuiltIns.BuiltInVersion;

namespace Katabira.Cluster.Resources.BuiltIns;

/// <summary><c>/apis/discovery.k8s.io/v1</c>: where a Service's pods are.</summary>
internal static class DiscoveryGroup
{
    public static ImmutableArray<ResourceType> Types { get; } =
    [
        new() { Group = "discovery.k8s.io", Kind = "EndpointSlice", Plural = "endpointslices", HasGeneration = true, Versions = V1() },
    ];
}
