using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Cel;

namespace Katabira.Cluster.Schemas;

/// <summary>Reads members of a definition. What is absent, null or of another kind reads as nothing: the shape is checked elsewhere.</summary>
internal static class JsonRead
{
    public static string Text(this JsonObject source, string name) => JsonScalar.TryGetString(source[name], out var text) ? text : "";

    public static bool Flag(this JsonObject source, string name) => source[name]?.GetValueKind() == JsonValueKind.True;

    public static bool? FlagOrNull(this JsonObject source, string name) => source[name]?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    public static double? Real(this JsonObject source, string name) => JsonScalar.TryGetNumber(source[name], out var number) ? number.Double : null;

    public static long? Whole(this JsonObject source, string name) =>
        JsonScalar.TryGetNumber(source[name], out var number) && number.IsInteger ? number.Integer : null;

    public static JsonObject? Child(this JsonObject source, string name) => source[name] as JsonObject;

    /// <summary>The objects of an array.</summary>
    public static IEnumerable<JsonObject> Children(this JsonObject source, string name) => source[name] is JsonArray array ? array.OfType<JsonObject>() : [];

    /// <summary>The named objects of an object.</summary>
    public static IEnumerable<KeyValuePair<string, JsonObject>> Map(this JsonObject source, string name) =>
        source[name] is JsonObject map ? map.Where(m => m.Value is JsonObject).Select(m => KeyValuePair.Create(m.Key, (JsonObject)m.Value!)) : [];

    /// <summary>The strings of an array.</summary>
    public static IEnumerable<string> Texts(this JsonObject source, string name) =>
        source[name] is JsonArray array ? array.Select(item => JsonScalar.TryGetString(item, out var text) ? text : null).OfType<string>() : [];

    /// <summary>There, and not null.</summary>
    public static bool Has(this JsonObject source, string name) => source[name] is not null;
}
