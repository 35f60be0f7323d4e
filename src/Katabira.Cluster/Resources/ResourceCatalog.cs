using System.Collections.Frozen;
using System.Collections.Immutable;
using Katabira.Cluster.Resources.BuiltIns;

namespace Katabira.Cluster.Resources;

/// <summary>
/// Every resource the API serves at one moment. Immutable: a change makes a new catalog, and its owner swaps one reference, so that
/// a request sees one catalog from beginning to end. Safe for any number of readers.
/// </summary>
internal sealed class ResourceCatalog
{
    private readonly FrozenDictionary<(string Group, string Version, string Plural), ServedResource> _byPlural;
    private readonly FrozenDictionary<GroupVersionKind, ServedResource> _byKind;

    private ResourceCatalog(ImmutableArray<ResourceType> types)
    {
        Types = types;
        Groups = [.. types.GroupBy(t => t.Group).Select(GroupOf)];
        var served = types.SelectMany(t => t.Versions.Select(v => new ServedResource(t, v))).ToArray();
        _byPlural = served.ToFrozenDictionary(s => (s.Type.Group, s.Version.Name, s.Type.Plural));
        // two resources of one kind (a CRD that repeats a kind is refused before it comes here): the first one is the kind's home
        _byKind = served.DistinctBy(s => s.Kind).ToFrozenDictionary(s => s.Kind);
    }

    /// <summary>The resources every cluster has.</summary>
    public static ResourceCatalog BuiltIn { get; } = new(
    [
        .. CoreGroup.Types, .. AppsGroup.Types, .. EventsGroup.Types, .. AuthenticationGroup.Types, .. AuthorizationGroup.Types,
        .. AutoscalingGroup.Types, .. BatchGroup.Types, .. NetworkingGroup.Types, .. PolicyGroup.Types, .. RbacGroup.Types,
        .. AdmissionRegistrationGroup.Types, .. ApiExtensionsGroup.Types, .. CoordinationGroup.Types, .. DiscoveryGroup.Types,
    ]);

    /// <summary>All types, built-ins first, in the order clients prefer them where a name is ambiguous.</summary>
    public ImmutableArray<ResourceType> Types { get; }

    /// <summary>The groups in the same order, the core group first.</summary>
    public ImmutableArray<ApiGroup> Groups { get; }

    /// <summary>A catalog that also has these types; one of the same group and plural takes the place of the older.</summary>
    public ResourceCatalog With(params IEnumerable<ResourceType> types)
    {
        var added = types.ToDictionary(NameOf);
        var kept = Types.Where(t => !added.ContainsKey(NameOf(t)));
        // custom groups come after the built-in ones, alphabetically, so that the order does not depend on the order of creation
        var all = kept.Concat(added.Values).ToLookup(t => t.IsCustom);
        return new([.. all[false], .. all[true].OrderBy(t => t.Group, StringComparer.Ordinal).ThenBy(t => t.Plural, StringComparer.Ordinal)]);
    }

    /// <summary>A catalog without that resource; the same one if it is not there.</summary>
    public ResourceCatalog Without(string group, string plural) =>
        Types.Any(t => NameOf(t) == (group, plural)) ? new([.. Types.Where(t => NameOf(t) != (group, plural))]) : this;

    /// <summary>What a path names; null if nothing is served there.</summary>
    public ServedResource? Find(string group, string version, string plural) =>
        _byPlural.TryGetValue((group, version, plural), out var found) ? found : null;

    /// <summary>The resource whose objects are of that kind; null if nothing of that kind and version is served.</summary>
    public ServedResource? FindKind(GroupVersionKind kind) => _byKind.TryGetValue(kind, out var found) ? found : null;

    /// <summary>The type whatever its version, or null.</summary>
    public ResourceType? FindType(string group, string plural) => Types.FirstOrDefault(t => NameOf(t) == (group, plural));

    /// <summary>The group, or null if no resource is in it.</summary>
    public ApiGroup? FindGroup(string name) => Groups.FirstOrDefault(g => g.Name == name);

    private static (string Group, string Plural) NameOf(ResourceType type) => (type.Group, type.Plural);

    private static ApiGroup GroupOf(IGrouping<string, ResourceType> types) =>
        new(types.Key,
        [
            .. types.SelectMany(t => t.Versions).Select(v => v.Name).Distinct().Order(VersionOrder.PreferredFirst)
                .Select(name => new ApiGroupVersion(types.Key, name, [.. types.SelectMany(t => In(t, name))])),
        ]);

    private static IEnumerable<ServedResource> In(ResourceType type, string version) =>
        type.Version(version) is { } served ? [new ServedResource(type, served)] : [];
}
