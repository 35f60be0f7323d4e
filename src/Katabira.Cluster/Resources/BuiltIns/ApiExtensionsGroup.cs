using System.Collections.Immutable;
using static Katabira.Cluster.Resources.BuiltIns.BuiltInVersion;

namespace Katabira.Cluster.Resources.BuiltIns;

/// <summary><c>/apis/apiextensions.k8s.io/v1</c>.</summary>
internal static class ApiExtensionsGroup
{
    private const string Group = "apiextensions.k8s.io";

    public static ImmutableArray<ResourceType> Types { get; } =
    [
        new()
        {
            Group = Group, Kind = "CustomResourceDefinition", Plural = "customresourcedefinitions", ShortNames = ["crd", "crds"],
            Categories = ["api-extensions"], Namespaced = false, HasGeneration = true,
            Versions = V1(Subresource.Status(Group, "v1", "CustomResourceDefinition")),
        },
    ];
}
