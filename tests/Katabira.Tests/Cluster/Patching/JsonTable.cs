using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Katabira.Cluster.Patching;
using Xunit;

namespace Katabira.Tests.Cluster.Patching;

/// <summary>JSON in tables: single quotes stand for double ones, so that rows stay readable.</summary>
internal static class JsonTable
{
    public static JsonNode? Json(string text) => JsonNode.Parse(text.Replace('\'', '"'));

    public static JsonObject Obj(string text) => Json(text)!.AsObject();

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Equal text: values, the order of members and the spelling of numbers.</summary>
    public static void SameText(string expected, JsonNode? actual) => Assert.Equal(Json(expected)?.ToJsonString() ?? "null", actual?.ToJsonString() ?? "null");

    /// <summary>Equal values, in whatever order the members stand.</summary>
    public static void Same(JsonNode? expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"expected {expected?.ToJsonString() ?? "null"}\nactual   {actual?.ToJsonString() ?? "null"}");

    public static JsonObject Done(PatchResult result)
    {
        Assert.True(result.Failure is null, result.Failure?.Message);
        return result.Node!;
    }

    public static PatchFailure Refused(PatchResult result)
    {
        Assert.Null(result.Node);
        return Assert.IsType<PatchFailure>(result.Failure);
    }

    /// <summary>Small objects without nulls over few names, so that two of them often share members.</summary>
    public static Gen<JsonObject> Objects { get; } = Members(Values(2));

    /// <summary>One of a few values.</summary>
    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static Gen<JsonNode> Values(int depth)
    {
        var scalar = OneOf("0", "1", "2.5", "true", "false", "\"x\"", "\"\"").Select(text => JsonNode.Parse(text)!);
        return depth == 0
            ? scalar
            : Gen.OneOf(
                scalar,
                Values(depth - 1).Array[0, 3].Select(items => (JsonNode)new JsonArray([.. items])),
                Members(Values(depth - 1)).Select(map => (JsonNode)map));
    }

    private static Gen<JsonObject> Members(Gen<JsonNode> value) =>
        Gen.Select(OneOf("a", "b", "c", "d"), value).Array[0, 4].Select(members =>
        {
            var map = new JsonObject();
            foreach (var (name, member) in members)
            {
                map[name] = member;
            }
            return map;
        });
}
