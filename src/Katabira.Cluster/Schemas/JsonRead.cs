using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Cel;

namespace Katabira.Cluster.Schemas;

/// <summary>Reads members of a definition, beside <see cref="Resources.JsonFields"/>. What is absent, null or of another kind reads as nothing: the shape is checked elsewhere.</summary>
internal static class JsonRead
{
    public static bool? FlagOrNull(this JsonObject source, string name) => source[name]?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    public static double? Real(this JsonObject source, string name) => JsonScalar.TryGetNumber(source[name], out var number) ? number.Double : null;

    public static long? Whole(this JsonObject source, string name) =>
        JsonScalar.TryGetNumber(source[name], out var number) && number.IsInteger ? number.Integer : null;

    /// <summary>The named objects of an object.</summary>
    public static IEnumerable<KeyValuePair<string, JsonObject>> Map(this JsonObject source, string name) =>
        source[name] is JsonObject map ? map.Where(m => m.Value is JsonObject).Select(m => KeyValuePair.Create(m.Key, (JsonObject)m.Value!)) : [];
}
