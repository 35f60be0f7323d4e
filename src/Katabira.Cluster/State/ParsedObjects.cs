using System.Text.Json.Nodes;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.State;

/// <summary>The objects of a resource as trees that nobody changes. A tree stays the same one as long as its object does. Not thread-safe.</summary>
internal sealed class ParsedObjects(GroupResource resource)
{
    private Dictionary<StoreKey, (StoredObject From, JsonObject Tree)> _known = [];

    /// <summary>As of a moment, ordered by namespace and name.</summary>
    public IReadOnlyList<JsonObject> Read(Snapshot now)
    {
        var range = now.Range(new StoreRange(resource));
        var (next, trees) = (new Dictionary<StoreKey, (StoredObject From, JsonObject Tree)>(range.Count), new JsonObject[range.Count]);
        for (var i = 0; i < trees.Length; i++)
        {
            var stored = range[i];
            trees[i] = _known.TryGetValue(stored.Key, out var known) && ReferenceEquals(known.From, stored) ? known.Tree : StoredJson.Read(stored);
            next.Add(stored.Key, (stored, trees[i]));
        }
        _known = next;
        return trees;
    }
}
