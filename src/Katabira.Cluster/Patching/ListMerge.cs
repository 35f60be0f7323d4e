using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching;

/// <summary>How two lists become one in a strategic merge patch: items are told apart by a key, or, without one, by their value.</summary>
/// <param name="key">The merge key; null for a list of scalars.</param>
/// <param name="items">The place of the items in the type graph.</param>
internal sealed class ListMerge(string? key, MergeKeys items)
{
    /// <summary>Merges <paramref name="patch"/> into <paramref name="live"/>. What the patch names takes the patch's order; the rest keeps its place around it as well as it can.</summary>
    /// <remarks>An item that is new comes before the items that the patch does not name: odd, but that is where a real server puts it.</remarks>
    public JsonArray Merge(JsonArray live, JsonArray patch)
    {
        if (live.Count == 0 && patch.Count == 0)
        {
            return [];
        }
        var isOfMaps = CheckKinds(live, patch);
        if (isOfMaps && key is null)
        {
            throw Invalid("cannot merge lists without merge key for struct");
        }
        if (!isOfMaps)
        {
            return Arrange(Distinct(live, patch), Positions(patch), Positions(live));
        }
        var (changes, deleted, replaces) = Directives(patch);
        if (replaces)
        {
            return [.. changes.Select(item => StrategicMergePatch.Clean(item))];
        }
        var kept = new JsonArray([.. live.Where(item => !deleted.Contains(KeyOf(item))).Select(item => item?.DeepClone())]);
        return Arrange(MergeItems(kept, changes), Positions(changes), Positions(live));
    }

    /// <summary>Puts the items that <paramref name="order"/> names into its order; server-only items keep their place relative to their neighbours.</summary>
    /// <param name="merged">The items; taken over.</param>
    /// <param name="patch">The list as the patch has it, if it has it: its order must not contradict <paramref name="order"/>.</param>
    /// <param name="order">The directive: keys, or scalars.</param>
    /// <param name="live">The list as it was.</param>
    public JsonArray Reorder(JsonArray merged, JsonArray? patch, JsonArray order, JsonArray? live)
    {
        if (patch is { Count: > 0 } && order.Count > 0)
        {
            CheckOrder(patch, order);
        }
        return Arrange(merged, Positions(order), Positions(OrderBefore(live ?? [], patch)));
    }

    /// <summary>The list without the given scalars.</summary>
    public static JsonArray Without(JsonArray list, JsonArray scalars)
    {
        var gone = scalars.Select(Identity).ToHashSet(StringComparer.Ordinal);
        return [.. list.Where(item => item is not JsonValue || !gone.Contains(Identity(item))).Select(item => item?.DeepClone())];
    }

    /// <summary>Items of one kind only, and no lists of lists. True if they are objects.</summary>
    private static bool CheckKinds(JsonArray live, JsonArray patch)
    {
        JsonValueKind? kind = null;
        foreach (var item in live.Concat(patch))
        {
            var its = item?.GetValueKind() ?? JsonValueKind.Null;
            its = its == JsonValueKind.False ? JsonValueKind.True : its;
            if (its == JsonValueKind.Array)
            {
                throw Invalid("lists of lists are not supported");
            }
            if (kind is not null && its != kind)
            {
                throw Invalid($"list element types are not identical: [{GoText.Plain(live)} {GoText.Plain(patch)}]");
            }
            kind = its;
        }
        return kind == JsonValueKind.Object;
    }

    /// <summary>
    /// The order in which the live list stood. Where the patch deletes items, as many new ones count as if they had stood at its end: upstream reuses the list's
    /// memory, and its users know the order that comes of it.
    /// </summary>
    private IEnumerable<JsonNode?> OrderBefore(JsonArray live, JsonArray? patch)
    {
        if (key is null || patch is null || live.Count == 0)
        {
            return live;
        }
        var (changes, deleted, _) = Directives(patch);
        var known = Positions(live);
        var gone = known.Keys.Count(deleted.Contains);
        return live.Where(item => !deleted.Contains(KeyOf(item))).Concat(changes.Where(item => !known.ContainsKey(KeyOf(item))).Take(gone));
    }

    /// <summary>Splits the patch into what it brings, the keys it deletes, and whether it replaces the whole list.</summary>
    private (List<JsonObject> Changes, HashSet<string> Deleted, bool Replaces) Directives(JsonArray patch)
    {
        var changes = new List<JsonObject>();
        var deleted = new HashSet<string>(StringComparer.Ordinal);
        var replaces = false;
        foreach (var item in patch)
        {
            var map = item!.AsObject();
            if (!map.TryGetPropertyValue(StrategicMergePatch.Marker, out var directive))
            {
                changes.Add(map);
                continue;
            }
            switch (StrategicMergePatch.Text(directive))
            {
                case "delete":
                    deleted.Add(KeyOf(map));
                    break;
                case "replace":
                    replaces = true;
                    break;
                case "merge":
                    throw Invalid("merging lists cannot yet be specified in the patch");
                default:
                    throw StrategicMergePatch.UnknownDirective(directive, map);
            }
        }
        return (changes, deleted, replaces);
    }

    private JsonArray MergeItems(JsonArray list, List<JsonObject> changes)
    {
        var places = Positions(list);
        foreach (var change in changes)
        {
            var name = KeyOf(change);
            if (places.TryGetValue(name, out var place))
            {
                list[place] = StrategicMergePatch.Merge(list[place]!.AsObject(), change, items);
            }
            else
            {
                places.Add(name, list.Count);
                list.Add(StrategicMergePatch.Clean(change));
            }
        }
        return list;
    }

    private static JsonArray Distinct(JsonArray live, JsonArray patch)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. live.Concat(patch).Where(item => seen.Add(Identity(item))).Select(item => item?.DeepClone())];
    }

    /// <summary>
    /// Interleaves the items that were asked for, in the order asked for, with the others, in the order they had: another one goes first
    /// while it stood before the next wanted one. Takes <paramref name="list"/> apart.
    /// </summary>
    private JsonArray Arrange(JsonArray list, Dictionary<string, int> asked, Dictionary<string, int> before)
    {
        var all = list.Select(item => (Item: item, Key: KeyOf(item))).ToList();
        list.Clear();
        var wanted = new Queue<(JsonNode? Item, string Key)>(all.Where(item => asked.ContainsKey(item.Key)).OrderBy(item => asked[item.Key]));
        var others = new Queue<(JsonNode? Item, string Key)>(all.Where(item => !asked.ContainsKey(item.Key)).OrderBy(item => before.GetValueOrDefault(item.Key, int.MaxValue)));
        while (wanted.Count + others.Count > 0)
        {
            var otherFirst = others.Count > 0 && (wanted.Count == 0
                || (before.TryGetValue(others.Peek().Key, out var other) && before.TryGetValue(wanted.Peek().Key, out var next) && other < next));
            list.Add((otherFirst ? others : wanted).Dequeue().Item);
        }
        return list;
    }

    private void CheckOrder(JsonArray patch, JsonArray order)
    {
        var at = 0;
        foreach (var item in patch)
        {
            if (item is JsonObject map && map.ContainsKey(StrategicMergePatch.Marker))
            {
                continue;
            }
            while (at < order.Count && KeyOf(order[at]) != KeyOf(item))
            {
                at++;
            }
            if (at++ >= order.Count)
            {
                throw Invalid($"The order in patch list:\n{GoText.Plain(patch)}\n doesn't match $setElementOrder list:\n{GoText.Plain(order)}\n");
            }
        }
    }

    private Dictionary<string, int> Positions(IEnumerable<JsonNode?> list)
    {
        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        var position = 0;
        foreach (var item in list)
        {
            positions.TryAdd(KeyOf(item), position++);
        }
        return positions;
    }

    private string KeyOf(JsonNode? item)
    {
        if (item is not JsonObject map || key is null)
        {
            return item is JsonArray or JsonObject || key is not null ? throw Invalid($"expected a {(key is null ? "scalar" : "map")} in a list, but received {GoText.Plain(item)}") : Identity(item);
        }
        return map[key] is JsonValue value ? Identity(value) : throw Invalid($"map: {GoText.Plain(map)} does not contain declared merge key: {key}");
    }

    /// <summary>A scalar as a text that differs exactly if the scalar differs; a number and a text of the same look are not the same.</summary>
    private static string Identity(JsonNode? scalar) => StrategicMergePatch.Text(scalar) is { } text ? "\"" + text : scalar?.ToJsonString() ?? "null";

    private static PatchRefusedException Invalid(string message) => new(PatchFailure.Invalid(message));
}
