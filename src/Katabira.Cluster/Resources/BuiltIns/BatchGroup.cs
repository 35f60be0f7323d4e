using System.Collections.Immutable;
using static Katabira.Cluster.Resources.BuiltIns.BuiltInVersion;

namespace Katabira.Cluster.Resources.BuiltIns;

/// <summary><c>/apis/batch/v1</c>.</summary>
internal static class BatchGroup
{
    private const string Group = "batch";

    public static ImmutableArray<ResourceType> Types { get; } =
    [
        new()
        {
            Group = Group, Kind = "CronJob", Plural = "cronjobs", ShortNames = ["cj"], Categories = ["all"], HasGeneration = true,
            Versions = V1(Subresource.Status(Group, "v1", "CronJob")),
        },
        new()
        {
            Group = Group, Kind = "Job", Plural = "jobs", Categories = ["all"], HasGeneration = true,
            Versions = V1([SelectableField.At("status.successful", "0") with { Path = "status.succeeded" }], Subresource.Status(Group, "v1", "Job")),
        },
    ];
}
