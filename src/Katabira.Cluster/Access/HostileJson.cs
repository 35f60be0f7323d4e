using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Katabira.Cluster.Access;

/// <summary>
/// Parses JSON of strangers once and for all: what this returns can be read without surprise. The platform decodes texts only when they are asked
/// for, and throws then for half a surrogate pair or bytes that are no UTF-8. Pure.
/// </summary>
internal static class HostileJson
{
    /// <summary>The value; null if it is malformed, too deep, or has a property twice (and for the JSON value null).</summary>
    public static JsonNode? Parse(ReadOnlySpan<byte> json, int maxDepth)
    {
        try
        {
            return HasReadableTexts(json, maxDepth)
                ? JsonNode.Parse(json, nodeOptions: null, new JsonDocumentOptions { MaxDepth = maxDepth, AllowDuplicateProperties = false })
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool HasReadableTexts(ReadOnlySpan<byte> json, int maxDepth)
    {
        if (!Utf8.IsValid(json))
        {
            return false;
        }
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader is { TokenType: JsonTokenType.String or JsonTokenType.PropertyName, ValueIsEscaped: true })
                {
                    _ = reader.GetString();
                }
            }
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
