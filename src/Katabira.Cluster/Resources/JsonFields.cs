using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources;

/// <summary>
/// Reads fields of objects that nobody has checked: an absent field and one of another JSON type read as nothing, and so does every field
/// of a null object, so that a path needs no checks in between.
/// </summary>
internal static class JsonFields
{
    private const string Rfc3339 = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";

    /// <summary>A field that is an object, or null.</summary>
    public static JsonObject? Child(this JsonObject? owner, string name) => owner?[name] as JsonObject;

    /// <summary>A field that is a list, or null.</summary>
    public static JsonArray? List(this JsonObject? owner, string name) => owner?[name] as JsonArray;

    /// <summary>The objects of a list, in order; what is not an object is skipped.</summary>
    public static IEnumerable<JsonObject> Items(this JsonObject? owner, string name) => owner.List(name)?.OfType<JsonObject>() ?? [];

    /// <summary>The strings of a list, in order; what is not a string is skipped.</summary>
    public static ImmutableArray<string> Texts(this JsonObject? owner, string name) =>
        owner.List(name) is { Count: > 0 } list ? [.. list.Select(AsText).OfType<string>()] : [];

    /// <summary>The members of a map of strings, in order; what is not a string is skipped.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Pairs(this JsonObject? owner, string name)
    {
        foreach (var (key, value) in owner.Child(name) ?? [])
        {
            if (AsText(value) is { } text)
            {
                yield return new(key, text);
            }
        }
    }

    /// <summary>A string field; empty if there is none.</summary>
    public static string Text(this JsonObject? owner, string name) => AsText(owner?[name]) ?? "";

    /// <summary>The same, with another text for absent and empty.</summary>
    public static string Text(this JsonObject? owner, string name, string otherwise) => AsText(owner?[name]) is { Length: > 0 } text ? text : otherwise;

    /// <summary>An integer field, or null; a number with a fraction is none.</summary>
    public static long? Integer(this JsonObject? owner, string name) => AsInteger(owner?[name]);

    /// <summary>An integer field; 0 if there is none.</summary>
    public static long Count(this JsonObject? owner, string name) => AsInteger(owner?[name]) ?? 0;

    /// <summary>A boolean field; false if there is none.</summary>
    public static bool Flag(this JsonObject? owner, string name) => AsBoolean(owner?[name]) ?? false;

    /// <summary>A time in RFC 3339, or null.</summary>
    public static DateTimeOffset? Time(this JsonObject? owner, string name) => AsText(owner?[name]) is { } text ? ParseTime(text) : null;

    /// <summary>True if the field stands there with any value but null.</summary>
    public static bool Has(this JsonObject? owner, string name) => owner?[name] is not null;

    public static string? AsText(this JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static long? AsInteger(this JsonNode? node)
    {
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
        {
            return null;
        }
        if (value.TryGetValue<long>(out var number))
        {
            return number;
        }
        return value.TryGetValue<int>(out var small) ? small : null;
    }

    public static bool? AsBoolean(this JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    /// <summary>A time as Kubernetes writes it; digits beyond 100 ns are cut. Null if the text is anything else.</summary>
    public static DateTimeOffset? ParseTime(string text)
    {
        const int longest = 27; // yyyy-MM-ddTHH:mm:ss.fffffff
        var exact = text;
        if (text.Length > longest && text[19] == '.')
        {
            var zone = text.AsSpan(20).IndexOfAnyExceptInRange('0', '9') + 20;
            exact = zone > longest ? string.Concat(text.AsSpan(0, longest), text.AsSpan(zone)) : text;
        }
        return exact.Length > 19
            && DateTimeOffset.TryParseExact(exact, Rfc3339, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : null;
    }
}
