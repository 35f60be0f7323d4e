using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching;

/// <summary>The limits that keep hostile JSON from costing more than it weighs, and the measures that go with them.</summary>
/// <remarks>Everything in this folder walks trees by recursion; what is deeper than <see cref="MaxDepth"/> is refused before the first step.</remarks>
internal static class JsonBounds
{
    /// <summary>Deepest nesting of objects and lists. Real objects stay below 40; CRD schemas reach about 100.</summary>
    public const int MaxDepth = 512;

    /// <summary>Most values in one body: a node costs about 60 bytes of memory and as little as 2 bytes of body.</summary>
    public const int MaxNodes = 500_000;

    /// <summary>Longest body, and the most that the copies of one JSON patch may add, in bytes. The API server's own limit.</summary>
    public const int MaxBytes = 3 * 1024 * 1024;

    /// <summary>What a tree that is nested too deeply is refused with.</summary>
    public const string TooDeep = "exceeded max depth of 512";

    /// <summary>True if objects and lists are nested deeper than <see cref="MaxDepth"/>.</summary>
    public static bool IsTooDeep(JsonNode? node) => Depth(node, MaxDepth) > MaxDepth;

    /// <summary>How deep the tree is: 0 for a scalar, 1 for an empty list. Counting stops one beyond <paramref name="limit"/>.</summary>
    public static int Depth(JsonNode? node, int limit)
    {
        var visited = 0L;
        return Depth(node, limit, ref visited);
    }

    /// <inheritdoc cref="Depth(JsonNode?, int)"/>
    /// <param name="node">The tree.</param>
    /// <param name="limit">The depth that matters.</param>
    /// <param name="visited">Grows by the number of values looked at.</param>
    public static int Depth(JsonNode? node, int limit, ref long visited)
    {
        visited++;
        if (limit < 0 || node is not (JsonObject or JsonArray))
        {
            return node is JsonObject or JsonArray ? 1 : 0;
        }
        var deepest = 0;
        if (node is JsonObject map)
        {
            foreach (var (_, value) in map)
            {
                deepest = Math.Max(deepest, Depth(value, limit - 1, ref visited));
            }
        }
        else
        {
            foreach (var value in node.AsArray())
            {
                deepest = Math.Max(deepest, Depth(value, limit - 1, ref visited));
            }
        }
        return deepest + 1;
    }

    /// <summary>The length of the tree as compact JSON, in bytes.</summary>
    public static long Bytes(JsonNode? node)
    {
        if (node is null)
        {
            return 4;
        }
        var sink = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(sink);
        node.WriteTo(writer);
        writer.Flush();
        return sink.WrittenCount;
    }
}
