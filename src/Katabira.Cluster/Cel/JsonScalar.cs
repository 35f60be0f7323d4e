using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Cel;

/// <summary>A JSON number as Kubernetes sees it: a whole number if its text is one and fits 64 bits, else a double.</summary>
/// <param name="IsInteger">Which of the two holds.</param>
/// <param name="Integer">The whole number.</param>
/// <param name="Double">The number as a double, in both cases.</param>
internal readonly record struct JsonNumber(bool IsInteger, long Integer, double Double)
{
    /// <summary>A whole number, however it is written (<c>1.0</c>), that a double holds exactly.</summary>
    public bool IsWhole => IsInteger || (Math.Abs(Double) <= 9007199254740991 && Double == Math.Floor(Double));
}

/// <summary>Reads scalars from nodes, whether they were parsed or made by code.</summary>
internal static class JsonScalar
{
    public static bool TryGetString(JsonNode? node, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
        {
            return false;
        }
        try
        {
            return value.TryGetValue(out text) || TryParseString(value, out text);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, written as an escape, is well-formed JSON and no text. Go reads a replacement character.
            text = "\uFFFD";
            return true;
        }
    }

    public static bool TryGetNumber(JsonNode? node, out JsonNumber number)
    {
        number = default;
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
        {
            return false;
        }
        if (value.TryGetValue<JsonElement>(out var element))
        {
            number = element.TryGetInt64(out var whole) ? new(true, whole, whole) : new(false, 0, element.GetDouble());
            return true;
        }
        return TryParse(value.ToJsonString(), out number);
    }

    private static bool TryParse(string text, out JsonNumber number)
    {
        number = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? new(true, whole, whole)
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? new(false, 0, real)
            : default;
        return number.IsInteger || number != default || text.AsSpan().TrimStart("-0.") is "" or ['e' or 'E', ..];
    }

    /// <summary>Values made by code may be a char, a Guid or a date; their JSON is text all the same.</summary>
    private static bool TryParseString(JsonValue value, [NotNullWhen(true)] out string? text)
    {
        using var document = JsonDocument.Parse(value.ToJsonString());
        text = document.RootElement.GetString();
        return text is not null;
    }
}
