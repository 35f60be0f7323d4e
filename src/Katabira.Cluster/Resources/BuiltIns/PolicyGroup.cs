using System.Collections.Immutable;
using static Katabira.Cluster.Resources.BuiltIns.BuiltInVersion;

namespace Katabira.Cluster.Resources.BuiltIns;

/// <summary><c>/apis/policy/v1</c>.</summary>
internal static class PolicyGroup
{
    private const string Group = "policy";

    public static ImmutableArray<ResourceType> Types { get; } =
    [
        new()
        {
            Group = Group, Kind = "PodDisruptionBudget", Plural = "poddisruptionbudgets", ShortNames = ["pdb"], HasGeneration = true,
            Versions = V1(Subresource.Status(Group, "v1", "PodDisruptionBudget")),
        },
    ];
}
