using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Tests.Manifests;

/// <summary>Prints JSON as block YAML; strings that YAML could misread are quoted as JSON, which YAML contains.</summary>
internal static class YamlText
{
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(JsonObject document)
    {
        var text = new StringBuilder();
        var anchors = new Dictionary<string, string>(StringComparer.Ordinal);
        WriteMembers(text, document, 0, anchors);
        return text.ToString();
    }

    private static void WriteMembers(StringBuilder text, JsonObject map, int indent, Dictionary<string, string> anchors)
    {
        var first = true;
        foreach (var (name, value) in map)
        {
            // the caller has already written the indentation of a list item's first member
            text.Append(' ', first && text.Length > 0 && text[^1] == ' ' ? 0 : indent).Append(Scalar(name)).Append(':');
            first = false;
            if (name == "openAPIV3Schema" && !Share(text, value!, anchors))
            {
                continue;
            }
            WriteValue(text, value, indent, anchors);
        }
    }

    /// <summary>Every version has the same schema: it is written once and referred to afterwards.</summary>
    private static bool Share(StringBuilder text, JsonNode schema, Dictionary<string, string> anchors)
    {
        var json = schema.ToJsonString();
        if (anchors.TryGetValue(json, out var anchor))
        {
            text.Append(" *").Append(anchor).Append('\n');
            return false;
        }
        anchors[json] = "schema";
        text.Append(" &schema");
        return true;
    }

    private static void WriteValue(StringBuilder text, JsonNode? value, int indent, Dictionary<string, string> anchors)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map:
                text.Append('\n');
                WriteMembers(text, map, indent + 2, anchors);
                break;
            case JsonArray { Count: > 0 } list:
                text.Append('\n');
                foreach (var item in list)
                {
                    text.Append(' ', indent).Append("- ");
                    if (item is JsonObject { Count: > 0 } map)
                    {
                        WriteMembers(text, map, indent + 2, anchors);
                    }
                    else
                    {
                        text.Append(Scalar(item)).Append('\n');
                    }
                }
                break;
            default:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                break;
        }
    }

    private static string Scalar(JsonNode? value) =>
        value is JsonValue v && v.TryGetValue<string>(out var s) && IsPlain(s) ? s
        : value is JsonValue n && n.TryGetValue<double>(out var d) ? d.ToString("R", CultureInfo.InvariantCulture)
        : value?.ToJsonString(s_readable) ?? "null";

    /// <summary>Words that no YAML version takes for anything but a string.</summary>
    private static bool IsPlain(string s) =>
        s.Length > 1 && char.IsAsciiLetter(s[0]) && s.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '/' or '_')
        && s.ToLowerInvariant() is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off");
}
