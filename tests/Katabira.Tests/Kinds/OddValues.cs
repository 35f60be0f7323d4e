using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Tests.Kinds;

/// <summary>Puts values of every sort in the place of each value of a document, one at a time.</summary>
internal static class OddValues
{
    private static readonly string[] s_odd =
        ["null", "true", "-1", "1e400", "0.5", "\"\"", "\"*\"", "\"\\\\%\\u0000\"", "[]", "[null]", "{}", "{\"\":{}}"];

    public static void PutEverywhere(JsonElement document, Action<JsonElement> check)
    {
        var root = JsonNode.Parse(document.GetRawText())!;
        Visit(root, () => check(JsonSerializer.SerializeToElement(root)));
    }

    private static void Visit(JsonNode node, Action check)
    {
        if (node is JsonObject map)
        {
            foreach (var (name, child) in map.ToArray())
            {
                Replace(child, value => map[name] = value, check);
            }
        }
        else if (node is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                Replace(list[i], value => list[i] = value, check);
            }
        }
    }

    private static void Replace(JsonNode? child, Action<JsonNode?> put, Action check)
    {
        foreach (var odd in s_odd)
        {
            put(JsonNode.Parse(odd));
            check();
        }
        put(child);
        if (child is not null)
        {
            Visit(child, check);
        }
    }
}
