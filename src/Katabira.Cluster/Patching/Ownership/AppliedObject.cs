using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching.Ownership;

/// <summary>The two steps that make the new object of an apply: the applied values go in, and what its manager no longer mentions goes out.</summary>
internal static class AppliedObject
{
    /// <summary>The live value with the applied one merged into it. A null in what is applied takes the field away.</summary>
    /// <param name="live">The value as it is; null if there is none.</param>
    /// <param name="applied">The value to apply.</param>
    /// <param name="types">Their place.</param>
    /// <returns>A tree of its own. Members keep the live order, new ones follow; items of lists take the order of the applied list as far as it names them.</returns>
    public static JsonNode Merge(JsonNode? live, JsonNode applied, ListTypes types)
    {
        if (types.IsUntracked)
        {
            return (live ?? applied).DeepClone();
        }
        return applied switch
        {
            JsonObject map when !types.IsAtomic => MergeMaps(live as JsonObject, map, types),
            JsonArray list when types.List != ListKind.Atomic => MergeLists(live as JsonArray ?? [], list, types),
            _ => applied.DeepClone(),
        };
    }

    /// <summary>Takes fields out of a value; a container that becomes empty by that goes, too, unless somebody owns it as such.</summary>
    /// <param name="value">The value; taken over and taken apart.</param>
    /// <param name="gone">The fields to take out.</param>
    /// <param name="owned">What anybody still owns.</param>
    /// <param name="types">Their place.</param>
    public static JsonNode Without(JsonNode value, FieldSet gone, FieldSet owned, ListTypes types)
    {
        if (gone.IsEmpty)
        {
            return value;
        }
        switch (value)
        {
            case JsonObject map when !types.IsAtomic:
                var members = map.ToList();
                map.Clear();
                foreach (var (name, member) in members)
                {
                    if (Rest(PathElement.Field(name), member, gone, owned, types, out var kept))
                    {
                        map.Add(name, kept);
                    }
                }
                return map;
            case JsonArray list when types.List != ListKind.Atomic:
                var items = list.ToList();
                list.Clear();
                foreach (var item in items)
                {
                    if (ListItems.ElementOf(item, types, out _) is not { } element)
                    {
                        list.Add(item);
                    }
                    else if (Rest(element, item, gone, owned, types, out var kept))
                    {
                        list.Add(kept);
                    }
                }
                return list;
            default:
                return value;
        }
    }

    private static bool Rest(PathElement element, JsonNode? value, FieldSet gone, FieldSet owned, ListTypes types, out JsonNode? kept)
    {
        kept = value;
        if (gone.Has(element))
        {
            return false;
        }
        if (value is null || gone.Below(element).IsEmpty)
        {
            return true;
        }
        kept = Without(value, gone.Below(element), owned.Below(element), types.At(element, out _));
        return kept is not (JsonObject { Count: 0 } or JsonArray { Count: 0 }) || owned.Has(element);
    }

    private static JsonObject MergeMaps(JsonObject? live, JsonObject applied, ListTypes types)
    {
        var result = new JsonObject();
        foreach (var (name, value) in live ?? [])
        {
            if (!applied.TryGetPropertyValue(name, out var change))
            {
                result.Add(name, value?.DeepClone());
            }
            else if (change is not null)
            {
                result.Add(name, Merge(value, change, types.At(PathElement.Field(name), out _)));
            }
            else if (types.At(PathElement.Field(name), out _).IsUntracked)
            {
                result.Add(name, value?.DeepClone());
            }
        }
        foreach (var (name, change) in applied)
        {
            if (change is not null && live?.ContainsKey(name) != true)
            {
                result.Add(name, Merge(null, change, types.At(PathElement.Field(name), out _)));
            }
        }
        return result;
    }

    /// <summary>
    /// Merges item by item. Both lists are walked side by side: live items that are not applied keep their place; where the two lists disagree about the
    /// order of items that they share, the applied list is right.
    /// </summary>
    private static JsonArray MergeLists(JsonArray live, JsonArray applied, ListTypes types)
    {
        var old = Named(live, types);
        var young = Named(applied, types);
        var wanted = young.Select(item => item.Name).ToHashSet();
        var byName = new Dictionary<PathElement, JsonNode?>();
        foreach (var (name, item) in old.Where(item => item.Name is not null))
        {
            // of items that share a name none is merged into: which one would be meant?
            byName[name!] = byName.ContainsKey(name!) ? null : item;
        }
        var shared = new Queue<PathElement?>(young.Select(item => item.Name).Where(name => name is not null && byName.ContainsKey(name)));
        var result = new JsonArray();
        var at = 0;
        foreach (var (name, item) in young)
        {
            for (; at < old.Count && !(shared.Count > 0 && shared.Peek()!.Equals(old[at].Name)); at++)
            {
                KeepUnlessWanted(old[at]);
            }
            var before = name is null ? null : byName.GetValueOrDefault(name);
            result.Add(item is null ? null : Merge(before, item, types.Item ?? ListTypes.Unknown));
            if (shared.Count > 0 && shared.Peek()!.Equals(name))
            {
                shared.Dequeue();
                at++;
            }
        }
        for (; at < old.Count; at++)
        {
            KeepUnlessWanted(old[at]);
        }
        return result;

        void KeepUnlessWanted((PathElement? Name, JsonNode? Item) item)
        {
            if (item.Name is null || !wanted.Contains(item.Name))
            {
                result.Add(item.Item?.DeepClone());
            }
        }
    }

    private static List<(PathElement? Name, JsonNode? Item)> Named(JsonArray list, ListTypes types) => [.. list.Select(item => (ListItems.ElementOf(item, types, out _), item))];
}
