using System.Text.Json.Nodes;

namespace Katabira.Tests.Cluster.Resources;

/// <summary>Objects written as text in tests; single quotes stand for double ones.</summary>
internal static class Json
{
    public static JsonObject Object(string text) => JsonNode.Parse(text.Replace('\'', '"'))!.AsObject();

    /// <summary>The same object on one line, in the same notation.</summary>
    public static string Line(JsonNode? node) => (node?.ToJsonString(s_options) ?? "null").Replace('"', '\'');

    private static readonly System.Text.Json.JsonSerializerOptions s_options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
