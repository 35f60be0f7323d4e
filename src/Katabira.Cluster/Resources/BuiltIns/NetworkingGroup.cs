using System.Collections.Immutable;
using static Katabira.Cluster.Resources.BuiltIns.BuiltInVersion;

namespace Katabira.Cluster.Resources.BuiltIns;

/// <summary><c>/apis/networking.k8s.io/v1</c>: stored and listed; nothing here acts on them.</summary>
internal static class NetworkingGroup
{
    private const string Group = "networking.k8s.io";

    public static ImmutableArray<ResourceType> Types { get; } =
    [
        new()
        {
            Group = Group, Kind = "Ingress", ListKind = "IngressList", Plural = "ingresses", ShortNames = ["ing"], HasGeneration = true,
            Versions = V1(Subresource.Status(Group, "v1", "Ingress")),
        },
        new() { Group = Group, Kind = "NetworkPolicy", Plural = "networkpolicies", ShortNames = ["netpol"], HasGeneration = true, Versions = V1() },
    ];
}
