using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Schemas;

/// <summary>Finds the item of an old map list that has the keys of a new one, so that rules can compare the two.</summary>
internal sealed class MapListIndex
{
    private readonly ImmutableArray<string> _keys;
    private readonly Dictionary<string, JsonNode?> _items = new(StringComparer.Ordinal);

    public MapListIndex(JsonArray items, ImmutableArray<string> keys)
    {
        _keys = keys;
        foreach (var item in items)
        {
            if (KeyOf(item) is { } key)
            {
                _items.TryAdd(key, item);
            }
        }
    }

    public JsonNode? Find(JsonNode? item) => KeyOf(item) is { } key ? _items.GetValueOrDefault(key) : null;

    private string? KeyOf(JsonNode? item) => item is JsonObject fields
        ? string.Join('\n', _keys.Select(k => fields.TryGetPropertyValue(k, out var value) ? value?.ToJsonString() ?? "null" : "-"))
        : null;
}
