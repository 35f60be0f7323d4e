using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Schemas;

/// <summary>Every keyword a schema may have, and what its value looks like in JSON.</summary>
internal static class SchemaKeywords
{
    /// <summary>What the value of a keyword is.</summary>
    internal enum Shape
    {
        Text,
        Flag,
        Number,
        Whole,
        Any,
        Texts,
        Values,
        Schema,
        Schemas,
        SchemaMap,
        SchemaOrFlag,
        SchemaOrSchemas,
        Object,
        Rules,
    }

    public static readonly FrozenDictionary<string, Shape> Shapes = new Dictionary<string, Shape>(StringComparer.Ordinal)
    {
        ["id"] = Shape.Text,
        ["$schema"] = Shape.Text,
        ["$ref"] = Shape.Text,
        ["description"] = Shape.Text,
        ["type"] = Shape.Text,
        ["format"] = Shape.Text,
        ["title"] = Shape.Text,
        ["default"] = Shape.Any,
        ["maximum"] = Shape.Number,
        ["exclusiveMaximum"] = Shape.Flag,
        ["minimum"] = Shape.Number,
        ["exclusiveMinimum"] = Shape.Flag,
        ["maxLength"] = Shape.Whole,
        ["minLength"] = Shape.Whole,
        ["pattern"] = Shape.Text,
        ["maxItems"] = Shape.Whole,
        ["minItems"] = Shape.Whole,
        ["uniqueItems"] = Shape.Flag,
        ["multipleOf"] = Shape.Number,
        ["enum"] = Shape.Values,
        ["maxProperties"] = Shape.Whole,
        ["minProperties"] = Shape.Whole,
        ["required"] = Shape.Texts,
        ["items"] = Shape.SchemaOrSchemas,
        ["allOf"] = Shape.Schemas,
        ["oneOf"] = Shape.Schemas,
        ["anyOf"] = Shape.Schemas,
        ["not"] = Shape.Schema,
        ["properties"] = Shape.SchemaMap,
        ["additionalProperties"] = Shape.SchemaOrFlag,
        ["patternProperties"] = Shape.SchemaMap,
        ["dependencies"] = Shape.Object,
        ["additionalItems"] = Shape.SchemaOrFlag,
        ["definitions"] = Shape.SchemaMap,
        ["externalDocs"] = Shape.Object,
        ["example"] = Shape.Any,
        ["nullable"] = Shape.Flag,
        ["x-kubernetes-preserve-unknown-fields"] = Shape.Flag,
        ["x-kubernetes-embedded-resource"] = Shape.Flag,
        ["x-kubernetes-int-or-string"] = Shape.Flag,
        ["x-kubernetes-list-map-keys"] = Shape.Texts,
        ["x-kubernetes-list-type"] = Shape.Text,
        ["x-kubernetes-map-type"] = Shape.Text,
        ["x-kubernetes-validations"] = Shape.Rules,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_ruleKeywords =
        FrozenSet.Create(StringComparer.Ordinal, "rule", "message", "messageExpression", "reason", "fieldPath", "optionalOldSelf");

    /// <summary>The schemas inside a schema, each with the steps that lead to it.</summary>
    public static IEnumerable<(string Keyword, string? Key, int? Index, JsonObject Schema)> Children(JsonObject schema)
    {
        foreach (var (keyword, value) in schema)
        {
            if (value is null || !Shapes.TryGetValue(keyword, out var shape))
            {
                continue;
            }
            switch (shape)
            {
                case Shape.Schema or Shape.SchemaOrFlag or Shape.SchemaOrSchemas when value is JsonObject single:
                    yield return (keyword, null, null, single);
                    break;
                case Shape.Schemas or Shape.SchemaOrSchemas when value is JsonArray array:
                    for (var i = 0; i < array.Count; i++)
                    {
                        if (array[i] is JsonObject item)
                        {
                            yield return (keyword, null, i, item);
                        }
                    }
                    break;
                case Shape.SchemaMap when value is JsonObject map:
                    foreach (var (name, member) in map)
                    {
                        if (member is JsonObject child)
                        {
                            yield return (keyword, name, null, child);
                        }
                    }
                    break;
            }
        }
    }

    /// <summary>The JSON type that a keyword's value should have but has not; null if it is well.</summary>
    public static string? Misshapen(Shape shape, JsonNode value)
    {
        var kind = value.GetValueKind();
        return shape switch
        {
            Shape.Text => kind == JsonValueKind.String ? null : "string",
            Shape.Flag => kind is JsonValueKind.True or JsonValueKind.False ? null : "boolean",
            Shape.Number => kind == JsonValueKind.Number ? null : "number",
            Shape.Whole => Cel.JsonScalar.TryGetNumber(value, out var number) && number.IsInteger ? null : "integer",
            Shape.Texts => value is JsonArray texts && texts.All(t => t?.GetValueKind() == JsonValueKind.String) ? null : "array of string",
            Shape.Values => kind == JsonValueKind.Array ? null : "array",
            Shape.Schema or Shape.Object => kind == JsonValueKind.Object ? null : "object",
            Shape.Schemas => IsObjects(value) ? null : "array of object",
            Shape.SchemaMap => value is JsonObject map && map.All(m => m.Value is JsonObject) ? null : "object of object",
            Shape.SchemaOrFlag => kind is JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False ? null : "object or boolean",
            Shape.SchemaOrSchemas => kind == JsonValueKind.Object || IsObjects(value) ? null : "object",
            Shape.Rules => IsObjects(value) && ((JsonArray)value).All(r => IsRule((JsonObject)r!)) ? null : "array of validation rules",
            _ => null,
        };
    }

    private static bool IsObjects(JsonNode value) => value is JsonArray array && array.All(item => item is JsonObject);

    private static bool IsRule(JsonObject rule) => rule.All(m => m.Value is null || !s_ruleKeywords.Contains(m.Key)
        || (m.Key == "optionalOldSelf" ? m.Value.GetValueKind() is JsonValueKind.True or JsonValueKind.False : m.Value.GetValueKind() == JsonValueKind.String));
}
