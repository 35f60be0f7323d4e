using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Tests.Cluster.Resources;

/// <summary>JSON as golden files hold it: indented, one final newline.</summary>
internal static class PrettyJson
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(ReadOnlyMemory<byte> utf8) => Of(JsonNode.Parse(utf8.Span)!);

    public static string Of(JsonNode node) => node.ToJsonString(s_options) + "\n";
}
