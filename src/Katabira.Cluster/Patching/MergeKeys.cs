namespace Katabira.Cluster.Patching;

/// <summary>A place in the type graph of the built-in kinds, as a strategic merge patch sees it. Immutable; costs nothing to pass around.</summary>
/// <remarks>Walk it along the patch: <c>MergeKeys.Of("apps/v1", "Deployment")</c>, then a <see cref="Field"/> for each step down.</remarks>
internal readonly record struct MergeKeys
{
    private readonly string _type;
    private readonly bool _isRoot;

    private MergeKeys(string type, bool isRoot) => (_type, _isRoot) = (type, isRoot);

    /// <summary>The root of a built-in kind. Kinds without lists that merge need no entry anywhere.</summary>
    public static MergeKeys Of(string apiVersion, string kind) => new(BuiltInFields.TypeOf(apiVersion, kind), isRoot: true);

    /// <summary>How the field <paramref name="name"/> merges.</summary>
    /// <param name="name">The member's name.</param>
    /// <param name="next">The place of its value, or of its items if it is a list.</param>
    public FieldRule Field(string name, out MergeKeys next)
    {
        if (!BuiltInFields.Row(_type ?? "").TryGetValue(name, out var rule) && !(_isRoot && BuiltInFields.Row(BuiltInFields.AnyKind).TryGetValue(name, out rule)))
        {
            rule = FieldRule.Plain;
        }
        next = new MergeKeys(rule.Type, isRoot: false);
        return rule;
    }
}
