using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Access;

/// <summary>Reads fields of objects that anybody may have written: a missing field and one of the wrong type are the same.</summary>
internal static class Fields
{
    /// <summary>The text of a field; empty if there is none.</summary>
    public static string Text(this JsonObject? json, string name) => json?[name].AsText() ?? "";

    /// <summary>An object inside; null if there is none.</summary>
    public static JsonObject? Inner(this JsonObject? json, string name) => json?[name] as JsonObject;

    /// <summary>The objects of a list; what is no object is passed over.</summary>
    public static IEnumerable<JsonObject> Items(this JsonObject? json, string name) => (json?[name] as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>The texts of a list; what is no text is passed over.</summary>
    public static ImmutableArray<string> Texts(this JsonObject? json, string name) =>
        json?[name] is JsonArray { Count: > 0 } list ? [.. list.Select(AsText).OfType<string>()] : [];

    /// <summary>A whole number; null if there is none.</summary>
    public static long? Number(this JsonObject? json, string name)
    {
        if (json?[name] is not JsonValue value)
        {
            return null;
        }
        // a value made in memory from an int does not convert by itself
        return value.TryGetValue<long>(out var number) ? number : value.TryGetValue<int>(out var small) ? small : null;
    }

    /// <summary>True only if the field is the JSON value true.</summary>
    public static bool Flag(this JsonObject? json, string name) => json?[name] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    /// <summary>An object's labels.</summary>
    public static ImmutableDictionary<string, string> Labels(this JsonObject? json) =>
        json.Inner("metadata").Inner("labels") is { Count: > 0 } labels
            ? labels.Where(l => l.Value.AsText() is not null).ToImmutableDictionary(l => l.Key, l => l.Value.AsText()!) // the line's own condition
            : ImmutableDictionary<string, string>.Empty;

    public static string NameOf(this JsonObject? json) => json.Inner("metadata").Text("name");

    public static string NamespaceOf(this JsonObject? json) => json.Inner("metadata").Text("namespace");

    /// <summary>A JSON list of texts.</summary>
    public static JsonArray ToJson(this IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    private static string? AsText(this JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
