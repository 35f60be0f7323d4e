using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Cel;

namespace Katabira.Cluster.Schemas;

/// <summary>Whether a value has the type of its schema, and what the API server calls the two.</summary>
internal static class TypeCheck
{
    /// <summary>True if a type or a format is demanded at all.</summary>
    public static bool Demands(StructuralSchema schema) => schema.Type != SchemaType.None || schema.IntOrString || schema.Bounds?.Format is not null;

    /// <summary>The value is not null.</summary>
    public static bool Fits(JsonNode value, JsonValueKind kind, StructuralSchema schema)
    {
        var whole = kind == JsonValueKind.Number && JsonScalar.TryGetNumber(value, out var number) && number.IsWhole;
        return schema.Type switch
        {
            _ when schema.IntOrString => whole || kind == JsonValueKind.String,
            SchemaType.None => true,
            SchemaType.Object => kind == JsonValueKind.Object,
            SchemaType.Array => kind == JsonValueKind.Array,
            SchemaType.String => kind == JsonValueKind.String,
            SchemaType.Boolean => kind is JsonValueKind.True or JsonValueKind.False,
            SchemaType.Integer => whole,
            _ => kind == JsonValueKind.Number,
        };
    }

    /// <summary>What is wanted and what is there. With a format the reference names formats instead of types, but for text and lists.</summary>
    public static (string Wanted, string Got) Names(JsonNode value, JsonValueKind kind, StructuralSchema schema)
    {
        var (type, format) = kind switch
        {
            JsonValueKind.Object => ("object", ""),
            JsonValueKind.Array => ("array", ""),
            JsonValueKind.String => ("string", ""),
            JsonValueKind.Number => JsonScalar.TryGetNumber(value, out var number) && number.IsInteger ? ("integer", "int64") : ("number", "float64"),
            _ => ("boolean", ""),
        };
        return schema.Bounds?.Format is { } wanted && kind is not (JsonValueKind.String or JsonValueKind.Array) ? (wanted, format) : (NameOf(schema), type);
    }

    public static string NameOf(StructuralSchema schema) => schema.IntOrString ? "integer,string" : schema.Type == SchemaType.None ? "" : schema.Type.ToString().ToLowerInvariant();
}
