using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Tests.Kinds;

/// <summary>Puts values of every sort in the place of each value of a document, one at a time.</summary>
internal static class OddValues
{
    private static readonly string[] s_odd =
    [
        "null", "true", "0", "-1", "1e400", "99999999999999999999", "0.5", "\"\"", "\"*\"", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"%\"", "\"\\\\\"", "[]", "[null]", "[[]]", "{}", "{\"\":{}}",
        $"\"{new string('a', 5000)}\"",
    ];

    public static void PutEverywhere(JsonElement document, Action<JsonElement> check)
    {
        foreach (var path in Paths(JsonNode.Parse(document.GetRawText())!, []))
        {
            foreach (var odd in s_odd)
            {
                var copy = JsonNode.Parse(document.GetRawText())!;
                var parent = path[..^1].Aggregate(copy, (node, step) => step is int i ? node[i]! : node[(string)step]!);
                var replacement = JsonNode.Parse(odd);
                if (path[^1] is int index)
                {
                    parent[index] = replacement;
                }
                else
                {
                    parent[(string)path[^1]] = replacement;
                }
                check(JsonElement.Parse(copy.ToJsonString()));
            }
        }
    }

    private static IEnumerable<object[]> Paths(JsonNode node, object[] prefix)
    {
        var children = node switch
        {
            JsonObject map => map.Select(m => (Step: (object)m.Key, m.Value)),
            JsonArray list => list.Select((item, i) => (Step: (object)i, Value: item)),
            _ => [],
        };
        foreach (var (step, child) in children)
        {
            object[] path = [.. prefix, step];
            yield return path;
            foreach (var deeper in child is null ? [] : Paths(child, path))
            {
                yield return deeper;
            }
        }
    }
}
