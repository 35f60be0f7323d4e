using System.Collections.Immutable;
using static Katabira.Cluster.Resources.BuiltIns.BuiltInVersion;

namespace Katabira.Cluster.Resources.BuiltIns;

/// <summary><c>/apis/apps/v1</c>.</summary>
internal static class AppsGroup
{
    private const string Group = "apps";

    public static ImmutableArray<ResourceType> Types { get; } =
    [
        new() { Group = Group, Kind = "ControllerRevision", Plural = "controllerrevisions", Versions = V1() },
        new()
        {
            Group = Group, Kind = "DaemonSet", Plural = "daemonsets", ShortNames = ["ds"], Categories = ["all"], HasGeneration = true,
            Versions = V1(Status("DaemonSet")),
        },
        new()
        {
            Group = Group, Kind = "Deployment", Plural = "deployments", ShortNames = ["deploy"], Categories = ["all"], HasGeneration = true,
            Versions = V1(Subresource.Scale, Status("Deployment")),
        },
        new()
        {
            Group = Group, Kind = "ReplicaSet", Plural = "replicasets", ShortNames = ["rs"], Categories = ["all"], HasGeneration = true,
            Versions = V1([SelectableField.At("status.replicas", "0")], Subresource.Scale, Status("ReplicaSet")),
        },
        new()
        {
            Group = Group, Kind = "StatefulSet", Plural = "statefulsets", ShortNames = ["sts"], Categories = ["all"], HasGeneration = true,
            Versions = V1(Subresource.Scale, Status("StatefulSet")),
        },
    ];

    private static Subresource Status(string kind) => Subresource.Status(Group, "v1", kind);
}
