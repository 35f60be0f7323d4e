using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching;

/// <summary>A document while the operations of a JSON patch are at work on it, with the meters that bound what they can cost.</summary>
/// <remarks>Each operation returns the text of its problem, or null when it was done. Not thread-safe; after a problem the document is half-changed and must be dropped.</remarks>
internal sealed class PatchedDocument(JsonNode? root)
{
    /// <summary>
    /// Most elementary steps of one patch: nodes walked, and list or map entries that have to move up. Honest patches take a few thousand;
    /// ten thousand removals from the front of a list of a million would take minutes.
    /// </summary>
    private const long MaxWork = 20_000_000;

    private const string TooMuchWork = "the patch takes too much work";

    private long _copiedBytes;
    private long _work;

    /// <summary>The document as it is now.</summary>
    public JsonNode? Root { get; private set; } = root;

    /// <summary>Puts <paramref name="value"/>, which must have no parent, at a place: a member, before a list's item, or <c>-</c> for behind the last.</summary>
    public string? Add(JsonPointer path, JsonNode? value)
    {
        if (IsTooDeep(path, value) || !Afford(0))
        {
            return $"error in add for path: '{path.Text}': {(_work > MaxWork ? TooMuchWork : JsonBounds.TooDeep)}";
        }
        if (path.IsRoot)
        {
            Root = value;
            return null;
        }
        var problem = path.Parent(Root) switch
        {
            JsonObject map => Set(map, path.Last, value),
            JsonArray list => Insert(list, path.Last, value),
            _ => "",
        };
        return problem switch
        {
            null => null,
            "" => $"add operation does not apply: doc is missing path: \"{path.Text}\": missing value",
            _ => $"error in add for path: '{path.Text}': {problem}",
        };
    }

    /// <summary>Takes away what is at a place.</summary>
    public string? Remove(JsonPointer path)
    {
        if (path.IsRoot || path.Parent(Root) is not { } parent)
        {
            return $"remove operation does not apply: doc is missing path: \"{path.Text}\": missing value";
        }
        return Take(parent, path.Last, out _) is { } problem ? $"error in remove for path: '{path.Text}': {problem}" : null;
    }

    /// <summary>Puts <paramref name="value"/> where something is already.</summary>
    public string? Replace(JsonPointer path, JsonNode? value)
    {
        if (IsTooDeep(path, value))
        {
            return $"error in replace for path: '{path.Text}': {JsonBounds.TooDeep}";
        }
        if (path.IsRoot)
        {
            Root = value;
            return null;
        }
        switch (path.Parent(Root))
        {
            case JsonObject map when map.ContainsKey(path.Last):
                map[path.Last] = value;
                return null;
            case JsonArray list when JsonPointer.TryIndex(path.Last, list.Count - 1, out var index):
                list[index] = value;
                return null;
            case null:
                return $"replace operation does not apply: doc is missing path: {path.Text}: missing value";
            default:
                return $"replace operation does not apply: doc is missing key: {path.Text}: missing value";
        }
    }

    /// <summary>Takes what is at <paramref name="from"/> and adds it at <paramref name="path"/>.</summary>
    public string? Move(JsonPointer from, JsonPointer path)
    {
        if (from.Contains(path))
        {
            return $"move operation does not apply: {path.Text} is inside {from.Text}";
        }
        if (from.IsRoot)
        {
            return null;
        }
        if (from.Parent(Root) is not { } parent)
        {
            return $"move operation does not apply: doc is missing from path: {from.Text}: missing value";
        }
        return Take(parent, from.Last, out var value) is { } problem ? $"error in move for path: '{GoText.Shown(from.Last)}': {problem}" : Add(path, value);
    }

    /// <summary>Adds a copy of what is at <paramref name="from"/> at <paramref name="path"/>.</summary>
    public string? Copy(JsonPointer from, JsonPointer path)
    {
        JsonNode? value;
        if (from.IsRoot)
        {
            value = Root;
        }
        else if (!TryGet(from.Parent(Root), from.Last, out value))
        {
            return $"copy operation does not apply: doc is missing from path: {from.Text}: missing value";
        }
        _copiedBytes += JsonBounds.Bytes(value);
        return _copiedBytes > JsonBounds.MaxBytes
            ? $"Unable to complete the copy, the accumulated size increase of copy is {_copiedBytes}, exceeding the limit {JsonBounds.MaxBytes}"
            : Add(path, value?.DeepClone());
    }

    /// <summary>Passes if what is at a place equals <paramref name="expected"/>; order of members and spelling of numbers do not matter.</summary>
    public string? Test(JsonPointer path, JsonNode? expected)
    {
        JsonNode? actual;
        if (path.IsRoot)
        {
            actual = Root;
        }
        else
        {
            var parent = path.Parent(Root);
            if (parent is null)
            {
                return $"test operation does not apply: is missing path: {path.Text}: missing value";
            }
            if (!TryGet(parent, path.Last, out actual) && (parent is JsonArray || expected is not null))
            {
                return $"error in test for path: '{path.Text}': {(parent is JsonArray ? BadIndex(path.Last) : "missing value")}";
            }
        }
        return JsonNode.DeepEquals(actual, expected) ? null : $"testing value {path.Text} failed: test failed";
    }

    private bool IsTooDeep(JsonPointer path, JsonNode? value) =>
        path.Tokens.Length + JsonBounds.Depth(value, JsonBounds.MaxDepth, ref _work) > JsonBounds.MaxDepth;

    private static string? Set(JsonObject map, string name, JsonNode? value)
    {
        map[name] = value;
        return null;
    }

    private string? Insert(JsonArray list, string token, JsonNode? value)
    {
        if (token == "-")
        {
            list.Add(value);
            return null;
        }
        if (!JsonPointer.TryIndex(token, list.Count, out var index))
        {
            return BadIndex(token);
        }
        if (!Afford(list.Count - index))
        {
            return TooMuchWork;
        }
        list.Insert(index, value);
        return null;
    }

    private string? Take(JsonNode parent, string token, out JsonNode? value)
    {
        value = null;
        switch (parent)
        {
            case JsonObject map:
                if (!map.TryGetPropertyValue(token, out value))
                {
                    return $"Unable to remove nonexistent key: {GoText.Shown(token)}: missing value";
                }
                if (!Afford(map.Count))
                {
                    return TooMuchWork;
                }
                map.Remove(token);
                return null;
            default:
                var list = parent.AsArray();
                if (!JsonPointer.TryIndex(token, list.Count - 1, out var index))
                {
                    return BadIndex(token);
                }
                if (!Afford(list.Count - index))
                {
                    return TooMuchWork;
                }
                value = list[index];
                list.RemoveAt(index);
                return null;
        }
    }

    /// <summary>Pays for entries that have to move up; false once the patch has used up its share.</summary>
    private bool Afford(int steps) => (_work += 1 + (steps / 8)) <= MaxWork;

    private static bool TryGet(JsonNode? parent, string token, out JsonNode? value)
    {
        value = null;
        switch (parent)
        {
            case JsonObject map:
                return map.TryGetPropertyValue(token, out value);
            case JsonArray list when JsonPointer.TryIndex(token, list.Count - 1, out var index):
                value = list[index];
                return true;
            default:
                return false;
        }
    }

    private static string BadIndex(string token) =>
        token.Length > 0 && !token.AsSpan(token[0] == '-' && token.Length > 1 ? 1 : 0).ContainsAnyExceptInRange('0', '9')
            ? $"Unable to access invalid index: {GoText.Shown(token)}: invalid index referenced"
            : $"value was not a proper array index: '{GoText.Shown(token)}': strconv.Atoi: parsing {GoText.Quoted(GoText.Shown(token))}: invalid syntax";
}
