using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching;

/// <summary>A JSON pointer, RFC 6901: <c>/spec/ports/0</c>, with <c>~1</c> for a slash and <c>~0</c> for a tilde.</summary>
/// <param name="Text">As the patch wrote it, cut to a length that suits a message.</param>
/// <param name="Tokens">The unescaped steps from the root; none for the root itself.</param>
internal readonly record struct JsonPointer(string Text, ImmutableArray<string> Tokens)
{
    /// <summary>True if this is the whole document.</summary>
    public bool IsRoot => Tokens.IsEmpty;

    /// <summary>The last step.</summary>
    public string Last => Tokens[^1];

    /// <summary>Reads a pointer; false if it is none or deeper than any document.</summary>
    public static bool TryParse(string text, out JsonPointer pointer)
    {
        pointer = new JsonPointer(GoText.Shown(text), []);
        if (text.Length == 0)
        {
            return true;
        }
        if (text[0] != '/' || text.AsSpan().Count('/') > JsonBounds.MaxDepth + 1 || !EscapesAreValid(text))
        {
            return false;
        }
        pointer = new JsonPointer(GoText.Shown(text), [.. text[1..].Split('/').Select(token => token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]);
        return true;
    }

    /// <summary>True if <paramref name="other"/> lies inside what this points at.</summary>
    public bool Contains(JsonPointer other) => other.Tokens.Length > Tokens.Length && other.Tokens.AsSpan()[..Tokens.Length].SequenceEqual(Tokens.AsSpan());

    /// <summary>The object or list that holds the last step; null if the document has no such place.</summary>
    public JsonNode? Parent(JsonNode? root)
    {
        var node = root;
        foreach (var token in Tokens.AsSpan()[..^1])
        {
            node = node switch
            {
                JsonObject map => map[token],
                JsonArray list => TryIndex(token, list.Count - 1, out var index) ? list[index] : null,
                _ => null,
            };
        }
        return node is JsonObject or JsonArray ? node : null;
    }

    /// <summary>Reads a position: digits without a leading zero, at most <paramref name="last"/>.</summary>
    public static bool TryIndex(string token, int last, out int index) =>
        int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out index)
        && index <= last && (token.Length == 1 || token[0] != '0');

    private static bool EscapesAreValid(string text)
    {
        for (var i = text.IndexOf('~'); i >= 0; i = text.IndexOf('~', i + 1))
        {
            if (i + 1 == text.Length || text[i + 1] is not ('0' or '1'))
            {
                return false;
            }
        }
        return true;
    }
}
