using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Katabira.Model.Resources;
using Katabira.Model.Schema;

namespace Katabira.Tests.Kinds;

/// <summary>Builds an object with every field that its schema knows, and one that it does not know in every object inside.</summary>
/// <remarks>Of fields that exclude each other a variant has one; the variants together have them all.</remarks>
internal static class SampleJson
{
    /// <summary>Texts that patterns ask for. A pattern that takes none of them needs a line here.</summary>
    private static readonly string[] s_texts = ["text", "a", "A", "1s", "1", "10.0.0.1", "https://example.com/", "/"];

    public static JsonObject Of(ResourceKind kind, int variant)
    {
        var sample = (JsonObject)Value(kind.Schema, new FieldAttribute(), new FieldAttribute(), variant)!;
        sample["apiVersion"] = $"{kind.Group}/{kind.Versions[variant % kind.Versions.Length]}";
        sample["kind"] = kind.Kind;
        return sample;
    }

    /// <summary>How many variants it takes until every field has been in one.</summary>
    public static int Variants(SchemaNode node)
    {
        var inner = node.Fields.Select(f => f.Node).Append(node.Item).OfType<SchemaNode>().Select(Variants).Append(1).Max();
        return Choices(node) * inner;
    }

    /// <summary>Every field below a shape, as <c>.spec.ports[].name</c>.</summary>
    public static IEnumerable<string> Fields(SchemaNode node, string path = "") =>
        node.Item is not null
            ? Fields(node.Item, path + "[]")
            : node.Fields.SelectMany(f => Fields(f.Node, $"{path}.{f.Name}").Prepend($"{path}.{f.Name}"));

    /// <summary>Every field that a sample has, as the other method writes them.</summary>
    public static IEnumerable<string> Fields(SchemaNode node, JsonNode? sample, string path = "") => sample switch
    {
        JsonArray list => list.SelectMany(i => Fields(node.Item!, i, path + "[]")),
        JsonObject map when node.Type == SchemaType.Map => map.SelectMany(m => Fields(node.Item!, m.Value, path + "[]")),
        JsonObject map => node.Fields.Where(f => map.ContainsKey(f.Name))
            .SelectMany(f => Fields(f.Node, map[f.Name], $"{path}.{f.Name}").Prepend($"{path}.{f.Name}")),
        _ => [],
    };

    /// <summary>Every field of a sample with the object it is in, outermost first.</summary>
    public static IEnumerable<(SchemaField Field, JsonObject Owner)> Places(SchemaNode node, JsonNode? sample) => sample switch
    {
        JsonArray list => list.SelectMany(i => Places(node.Item!, i)),
        JsonObject map when node.Type == SchemaType.Map => map.SelectMany(m => Places(node.Item!, m.Value)),
        JsonObject map => node.Fields.Where(f => map.ContainsKey(f.Name)).SelectMany(f => Places(f.Node, map[f.Name]).Prepend((f, map))),
        _ => [],
    };

    private static int Choices(SchemaNode node) => node.AtMostOne.Select(g => g.Fields.Count).Append(1).Max();

    private static JsonNode? Value(SchemaNode node, FieldAttribute field, FieldAttribute item, int variant) => node.Type switch
    {
        SchemaType.Object => Object(node, variant),
        SchemaType.Map => new JsonObject { ["8080"] = Value(node.Item!, item, new FieldAttribute(), variant) },
        SchemaType.Array => new JsonArray([.. Enumerable.Range(variant, Math.Max(1, field.MinItems)).Select(v => Value(node.Item!, item, new FieldAttribute(), v))]),
        SchemaType.String => Text(node, field, variant),
        SchemaType.Integer => JsonValue.Create((long)Between(field, 1 + variant)),
        SchemaType.Number => JsonValue.Create(Between(field, 1.5 + variant)),
        SchemaType.Boolean => JsonValue.Create(variant % 2 == 0),
        _ => new JsonObject { ["any"] = new JsonArray(1, "two", null, new JsonObject()) },
    };

    private static JsonObject Object(SchemaNode node, int variant)
    {
        var (inner, choice) = Math.DivRem(variant, Choices(node));
        var excluded = node.AtMostOne.SelectMany(g => g.Fields.Where((_, i) => i != choice % g.Fields.Count)).ToHashSet(StringComparer.Ordinal);
        var sample = new JsonObject(node.Fields.Where(f => !excluded.Contains(f.Name))
            .Select(f => KeyValuePair.Create(f.Name, Value(f.Node, f.Field, f.Item, inner))));
        sample["x-unknown"] = new JsonObject { ["kept"] = new JsonArray(true, null, 1.25, "…") };
        return sample;
    }

    private static double Between(FieldAttribute field, double wanted) =>
        wanted < field.Minimum ? field.Minimum : wanted > field.Maximum ? field.Maximum : wanted;

    private static JsonValue Text(SchemaNode node, FieldAttribute field, int variant)
    {
        if (!node.EnumNames.IsEmpty)
        {
            return JsonValue.Create(node.EnumNames[(variant + 1) % node.EnumNames.Length]);
        }
        if (node.ClrType == typeof(DateTimeOffset))
        {
            return JsonValue.Create("2026-01-02T03:04:05Z");
        }
        var text = s_texts.FirstOrDefault(t => t.Length >= field.MinLength
            && (field.MaxLength < 0 || t.Length <= field.MaxLength)
            && (field.Pattern is null || Regex.IsMatch(t, field.Pattern)));
        return JsonValue.Create(text ?? throw new NotSupportedException($"no sample text for {field.Pattern}"));
    }
}
