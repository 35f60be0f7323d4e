using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching.Ownership;

/// <summary>How the items of a list that is not owned whole are named.</summary>
internal static class ListItems
{
    /// <summary>The name of an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="list">The place of its list, a set or a map.</param>
    /// <param name="problem">Why it has none, in the words of structured-merge-diff.</param>
    /// <returns>The name, or null.</returns>
    public static PathElement? ElementOf(JsonNode? item, ListTypes list, out string problem)
    {
        problem = "";
        if (list.List == ListKind.Set)
        {
            if (item is JsonValue scalar)
            {
                return PathElement.Item(scalar);
            }
            problem = item switch
            {
                null => "associative list without keys has an element that's an explicit null",
                JsonObject => "associative list without keys has an element that's a map type",
                _ => "not supported: associative list with lists as elements",
            };
            return null;
        }
        if (item is not JsonObject map)
        {
            problem = $"associative list with keys may not have {(item is null ? "a null element" : "non-map elements")}";
            return null;
        }
        var keys = new List<(string, JsonValue?)>(list.Keys.Length);
        foreach (var key in list.Keys)
        {
            if (map.TryGetPropertyValue(key.Name, out var value) && value is null or JsonValue)
            {
                keys.Add((key.Name, value as JsonValue));
            }
            else if (value is null && key.Default is not null)
            {
                keys.Add((key.Name, key.Default));
            }
        }
        if (keys.Count > 0)
        {
            return PathElement.Item(keys);
        }
        problem = $"associative list with keys has an element that omits all key fields [{string.Join(' ', list.Keys.Select(key => GoText.Quoted(key.Name)))}] "
            + "(and doesn't have default values for any key fields)";
        return null;
    }
}
