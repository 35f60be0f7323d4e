using System.Collections.Immutable;

namespace Katabira.Cluster.Resources;

/// <summary>A group with the versions that at least one of its resources is served in, preferred first.</summary>
/// <param name="Name">Empty for the core group.</param>
internal sealed record ApiGroup(string Name, ImmutableArray<ApiGroupVersion> Versions);

/// <summary>The resources of one group and version, in catalog order.</summary>
internal sealed record ApiGroupVersion(string Group, string Version, ImmutableArray<ServedResource> Resources)
{
    /// <summary><c>v1</c>, <c>apps/v1</c>.</summary>
    public string Name => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The key of the OpenAPI index: <c>api/v1</c>, <c>apis/apps/v1</c>.</summary>
    public string Path => Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
}
