using Katabira.Cluster.Patching;

namespace Katabira.Cluster.Api;

/// <summary>Refusals of the patching code, which knows no objects' names, as failures of a request.</summary>
internal static class PatchFailures
{
    public static ApiFailure Of(PatchFailure failure, string group, string kind, string name) =>
        new(failure.Code, failure.Reason, failure.Message)
        {
            Group = group,
            Kind = kind,
            Name = name,
            Causes = [.. failure.Causes.Select(c => new StatusCause(c.Reason, c.Message, c.Field))],
        };
}
