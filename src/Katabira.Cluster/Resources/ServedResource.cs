namespace Katabira.Cluster.Resources;

/// <summary>What a path or a kind means: a resource in one of its versions.</summary>
internal readonly record struct ServedResource(ResourceType Type, ServedVersion Version)
{
    public GroupVersionKind Kind => Type.KindIn(Version);

    /// <summary><c>apps/v1</c>.</summary>
    public string ApiVersion => Kind.ApiVersion;
}
