using System.Collections.Immutable;

namespace Katabira.Cluster.Resources.BuiltIns;

/// <summary>Shorthand for the versions of built-in resources, nearly all of which have one: v1.</summary>
internal static class BuiltInVersion
{
    /// <summary>Only v1, without subresources.</summary>
    public static ImmutableArray<ServedVersion> V1(params ImmutableArray<Subresource> subresources) =>
        [new ServedVersion { Name = "v1", IsStorage = true, Subresources = subresources }];

    /// <summary>Only v1, with fields that selectors may name.</summary>
    public static ImmutableArray<ServedVersion> V1(ImmutableArray<SelectableField> fields, params ImmutableArray<Subresource> subresources) =>
        [new ServedVersion { Name = "v1", IsStorage = true, SelectableFields = fields, Subresources = subresources }];

    /// <summary>A resource that is asked, not stored.</summary>
    public static ResourceType Review(string group, string kind, string plural, bool namespaced = false) => new()
    {
        Group = group,
        Kind = kind,
        Plural = plural,
        Namespaced = namespaced,
        Verbs = ResourceVerbs.CreateOnly,
        Versions = V1(),
    };
}
