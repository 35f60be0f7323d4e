using System.Collections.Immutable;

namespace Katabira.Cluster.Resources.BuiltIns;

/// <summary><c>/apis/autoscaling/v2</c> and <c>/v1</c>. v2 is stored; v1 knows only a CPU target.</summary>
internal static class AutoscalingGroup
{
    private const string Group = "autoscaling";
    private const string Kind = "HorizontalPodAutoscaler";

    public static ImmutableArray<ResourceType> Types { get; } =
    [
        new()
        {
            Group = Group, Kind = Kind, Plural = "horizontalpodautoscalers", ShortNames = ["hpa"], Categories = ["all"],
            Versions =
            [
                new() { Name = "v2", IsStorage = true, Subresources = [Subresource.Status(Group, "v2", Kind)] },
                new()
                {
                    Name = "v1",
                    Subresources = [Subresource.Status(Group, "v1", Kind)],
                    FromStorage = AutoscalerForms.FromV2,
                    ToStorage = AutoscalerForms.ToV2,
                },
            ],
        },
    ];
}
