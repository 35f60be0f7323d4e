using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Katabira.Cli.Output;

/// <summary>Writes JSON data as YAML in block style. Every YAML 1.1 and 1.2 reader gets the same data back.</summary>
/// <remarks>A text is plain only where no reader could take it for anything else; every other one is a JSON string, which YAML contains.</remarks>
internal static partial class YamlText
{
    private static readonly JsonSerializerOptions s_quoted = new() { Encoder = JavaScriptEncoder.Default, TypeInfoResolver = CliJson.Default };

    private static readonly HashSet<string> s_otherThings = new(StringComparer.OrdinalIgnoreCase) { "true", "false", "yes", "no", "on", "off", "y", "n", "null" };

    public static void Write(TextWriter to, JsonElement value)
    {
        WriteValue(to, value, indent: 0, inline: true);
    }

    /// <summary>Whether a text needs no quotes.</summary>
    public static bool IsPlain(string text) => Plain().IsMatch(text) && !s_otherThings.Contains(text);

    /// <param name="inline">Whether the first line continues a line that has begun: that of a list's dash, or the document's.</param>
    private static void WriteValue(TextWriter to, JsonElement value, int indent, bool inline)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.GetPropertyCount() > 0:
                foreach (var member in value.EnumerateObject())
                {
                    Indent(to, indent, ref inline);
                    to.Write(Scalar(member.Name) + ":");
                    WriteNested(to, member.Value, indent);
                }
                break;
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                foreach (var item in value.EnumerateArray())
                {
                    Indent(to, indent, ref inline);
                    to.Write("- ");
                    WriteValue(to, item, indent + 2, inline: true);
                }
                break;
            default:
                to.WriteLine(value.ValueKind == JsonValueKind.String ? Scalar(value.GetString()!) : value.GetRawText());
                break;
        }
    }

    private static void WriteNested(TextWriter to, JsonElement value, int indent)
    {
        var block = (value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() > 0)
            || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0);
        to.Write(block ? "\n" : " ");
        // A list stands under its key without further indentation, as kubectl writes it.
        WriteValue(to, value, value.ValueKind == JsonValueKind.Array ? indent : indent + 2, inline: !block);
    }

    private static void Indent(TextWriter to, int indent, ref bool inline)
    {
        if (!inline)
        {
            to.Write(new string(' ', indent));
        }
        inline = false;
    }

    private static string Scalar(string text) =>
        IsPlain(text) ? text : JsonSerializer.Serialize(text, s_quoted);

    [GeneratedRegex(@"\A[A-Za-z/][A-Za-z0-9_./-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
