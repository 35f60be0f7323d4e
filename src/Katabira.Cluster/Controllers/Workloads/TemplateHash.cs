using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Controllers.Workloads;

/// <summary>The label that tells the pods of one template from those of the next. Pure.</summary>
internal static class TemplateHash
{
    public const string Label = "pod-template-hash";

    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>A hash of the template, in the letters of generated names.</summary>
    /// <param name="collisions">How many templates have had the same hash before.</param>
    public static string Of(JsonObject template, long collisions)
    {
        // FNV-1a, 32 bits, as upstream; the bytes are other ones, and nobody compares hashes between servers
        var hash = 2166136261u;
        foreach (var b in StoredJson.Write(Ordered(template)!).Span) // not null: a template is an object
        {
            hash = (hash ^ b) * 16777619u;
        }
        for (var rest = collisions; rest > 0; rest >>= 8)
        {
            hash = (hash ^ (byte)rest) * 16777619u;
        }
        return string.Concat(hash.ToString(CultureInfo.InvariantCulture).Select(c => Alphabet[c % Alphabet.Length]));
    }

    /// <summary>Whether two templates make the same pods: the hash in the labels aside.</summary>
    public static bool IsSame(JsonObject? one, JsonObject? other) => JsonNode.DeepEquals(Bare(one), Bare(other));

    private static JsonObject? Bare(JsonObject? template)
    {
        var bare = template?.DeepClone().AsObject();
        (bare?["metadata"]?["labels"] as JsonObject)?.Remove(Label);
        return bare;
    }

    /// <summary>The order of members says nothing, so it must not change the hash.</summary>
    private static JsonNode? Ordered(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Ordered(m.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Ordered)]),
        _ => node?.DeepClone(),
    };
}
