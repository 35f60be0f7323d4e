using System.Collections.Immutable;

namespace Katabira.Cluster.Resources;

/// <summary>
/// A resource of the API: its names, its verbs, and what the generic machinery must know to store and serve it.
/// Immutable, compared by reference, shared between threads.
/// </summary>
internal sealed class ResourceType
{
    /// <summary>Empty for the core group.</summary>
    public required string Group { get; init; }

    /// <summary>The served versions, the preferred one first. Never empty.</summary>
    public required ImmutableArray<ServedVersion> Versions { get; init; }

    public required string Kind { get; init; }

    /// <summary>The resource's name in paths: <c>deployments</c>.</summary>
    public required string Plural { get; init; }

    public string ListKind
    {
        get => field ?? Kind + "List";
        init;
    }

    public string Singular
    {
        get => field ?? Kind.ToLowerInvariant();
        init;
    }

    public ImmutableArray<string> ShortNames { get; init; } = [];

    /// <summary>Group names for <c>kubectl get</c>: <c>all</c>.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    public bool Namespaced { get; init; } = true;

    public ImmutableArray<string> Verbs { get; init; } = ResourceVerbs.All;

    /// <summary>True if <c>metadata.generation</c> counts the changes of what users wish for.</summary>
    public bool HasGeneration { get; init; }

    /// <summary>True if a DELETE only sets a deadline and the object's keeper ends it: pods.</summary>
    public bool IsGraceful { get; init; }

    /// <summary>True if a CustomResourceDefinition made it.</summary>
    public bool IsCustom { get; init; }

    /// <summary>The resource in whose place objects are stored, if two resources show the same objects; null: its own.</summary>
    /// <remarks><c>events.k8s.io</c> events are the core events in another form.</remarks>
    public (string Group, string Plural)? StoredAs { get; init; }

    /// <summary>False for reviews, which are answered and forgotten.</summary>
    public bool IsStored => Verbs.Contains("list");

    /// <summary><c>deployments.apps</c>, or <c>pods</c> in the core group: how errors name the resource.</summary>
    public string QualifiedName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>The version whose form is stored.</summary>
    public ServedVersion StorageVersion => Versions.FirstOrDefault(v => v.IsStorage) ?? Versions[0];

    /// <summary>The version of that name, or null if it is not served.</summary>
    public ServedVersion? Version(string name)
    {
        foreach (var version in Versions)
        {
            if (version.Name == name)
            {
                return version;
            }
        }
        return null;
    }

    public GroupVersionKind KindIn(ServedVersion version) => new(Group, version.Name, Kind);

    public override string ToString() => QualifiedName;
}
