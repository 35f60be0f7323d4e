namespace Katabira.Cluster.Storage;

/// <summary>A kind of object, as URLs name it. The store knows nothing else about kinds.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Plural">Plural name in lower case, such as <c>deployments</c>.</param>
internal readonly record struct GroupResource(string Group, string Plural)
{
    public override string ToString() => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}

/// <summary>Where one object lies. Objects of a resource are ordered by namespace, then by name, both ordinal.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Plural">Plural name of the resource; never empty.</param>
/// <param name="Namespace">Empty for objects that are in no namespace.</param>
/// <param name="Name">Never empty.</param>
internal readonly record struct StoreKey(string Group, string Plural, string Namespace, string Name)
{
    /// <summary>Characters of the longest segment of a key: names are at most 253, groups too.</summary>
    public const int MaxSegmentLength = 512;

    public GroupResource Resource => new(Group, Plural);

    /// <summary>Whether each segment can be written down: no slash, no control character, no half of a surrogate pair.</summary>
    public bool IsStorable =>
        Plural.Length > 0 && Name.Length > 0
        && IsStorableSegment(Group) && IsStorableSegment(Plural) && IsStorableSegment(Namespace) && IsStorableSegment(Name);

    public override string ToString() => $"/{Group}/{Plural}/{Namespace}/{Name}";

    private static bool IsStorableSegment(string segment)
    {
        if (segment.Length > MaxSegmentLength)
        {
            return false;
        }

        for (var i = 0; i < segment.Length; i++)
        {
            var c = segment[i];
            if (char.IsHighSurrogate(c) && i + 1 < segment.Length && char.IsLowSurrogate(segment[i + 1]))
            {
                i++;
            }
            else if (c == '/' || char.IsControl(c) || char.IsSurrogate(c))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>The objects of one resource, in one namespace or in all.</summary>
/// <param name="Resource">Whose objects.</param>
/// <param name="Namespace">Null for all namespaces. Empty for those in none.</param>
internal readonly record struct StoreRange(GroupResource Resource, string? Namespace = null)
{
    public bool Contains(StoreKey key) => key.Resource == Resource && (Namespace is null || key.Namespace == Namespace);
}
