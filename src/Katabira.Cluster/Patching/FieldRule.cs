using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching;

/// <summary>How a strategic merge patch treats a field.</summary>
internal enum PatchStrategy
{
    /// <summary>Objects merge, everything else is replaced.</summary>
    Default,

    /// <summary>Lists merge: by their key, or as a set of scalars.</summary>
    Merge,

    /// <summary>Even an object is replaced.</summary>
    Replace,
}

/// <summary>A member that tells a list's items apart.</summary>
/// <param name="Name">The member.</param>
/// <param name="Default">Its value where an item does not have it; null if it then counts as absent. Only to be read.</param>
internal readonly record struct ListKey(string Name, JsonValue? Default);

/// <summary>One entry of <see cref="BuiltInFields"/>.</summary>
/// <param name="Type">The row of the value, or of the list's items; empty for a plain one.</param>
/// <param name="IsAlwaysThere">Go has the struct even where the JSON has nothing.</param>
/// <param name="Strategy">For patches. The strategy retainKeys is not here: the directive in the patch says it all.</param>
/// <param name="PatchKey">The merge key of a list that merges by one; null for a set of scalars.</param>
/// <param name="ApplyKeys">The keys by which items are owned; default if the list is owned whole, empty if it is a set of scalars.</param>
internal sealed record FieldRule(string Type, bool IsAlwaysThere, PatchStrategy Strategy, string? PatchKey, ImmutableArray<ListKey> ApplyKeys)
{
    /// <summary>A field without an entry.</summary>
    public static FieldRule Plain { get; } = new("", false, PatchStrategy.Default, null, default);

    /// <summary>Reads one word of the table, e.g. <c>ports[port|port,protocol:TCP]=Port</c>.</summary>
    public static (string Name, FieldRule Rule) Parse(string word)
    {
        var (rest, type) = Cut(word, '=');
        var open = rest.IndexOf('[');
        var close = rest.IndexOf(']');
        var keys = open < 0 ? null : rest[(open + 1)..close];
        var (name, strategy) = Cut(open < 0 ? rest : rest[..open] + rest[(close + 1)..], ':');
        var patch = keys?.Split('|')[0] ?? "";
        var apply = keys?.Split('|')[^1] ?? "";
        return (name.TrimEnd('!'), new FieldRule(
            type,
            name.EndsWith('!'),
            strategy == "replace" ? PatchStrategy.Replace : patch.Length > 0 ? PatchStrategy.Merge : PatchStrategy.Default,
            patch is "" or "*" ? null : patch,
            apply is "" ? default : apply is "*" ? [] : [.. apply.Split(',').Select(key => Cut(key, ':') is var (k, d) ? new ListKey(k, d.Length == 0 ? null : JsonValue.Create(d)) : default)]));
    }

    private static (string Before, string After) Cut(string text, char at) => text.IndexOf(at) is var i and >= 0 ? (text[..i], text[(i + 1)..]) : (text, "");
}
