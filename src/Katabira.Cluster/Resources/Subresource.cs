using System.Collections.Immutable;

namespace Katabira.Cluster.Resources;

/// <summary>A part of an object, or an action on it, with a path of its own.</summary>
/// <param name="Name">The last path segment: <c>status</c>.</param>
/// <param name="Kind">The kind of bodies and answers. It may be of another group than the resource: <c>autoscaling/v1 Scale</c>.</param>
/// <param name="Verbs">As discovery announces them.</param>
internal sealed record Subresource(string Name, GroupVersionKind Kind, ImmutableArray<string> Verbs)
{
    public const string StatusName = "status";

    public const string ScaleName = "scale";

    public static Subresource Status(string group, string version, string kind) => new(StatusName, new(group, version, kind), ResourceVerbs.View);

    public static Subresource Scale { get; } = new(ScaleName, new("autoscaling", "v1", "Scale"), ResourceVerbs.View);
}
