using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>Whether a schema is structural: every place that is judged is also shaped, outside of the logical junctors, so that pruning and defaulting
/// know what they do.</summary>
/// <remarks>Source: kubernetes/apiextensions-apiserver, pkg/apiserver/schema, validation and completeness.</remarks>
internal sealed class StructuralCheck
{
    private readonly FieldIssues _issues = new();
    private readonly FieldPath _path;
    private readonly PatternCache _patterns;

    private StructuralCheck(FieldPath path, PatternCache patterns)
    {
        _path = path;
        _patterns = patterns;
    }

    private enum Level
    {
        Root,
        Item,
        Field,
    }

    /// <summary>Reports what is not structural, sorted by text as the API server does.</summary>
    public static void Check(JsonObject schema, FieldPath path, PatternCache patterns, FieldIssues issues)
    {
        var check = new StructuralCheck(path, patterns);
        check.Shape(schema, Level.Root);
        check.Complete(schema, schema, path.Bracketed(), path.Bracketed());
        issues.AddRange(check._issues.ToList().OrderBy(i => i.ToString(), StringComparer.Ordinal));
    }

    private void Shape(JsonObject schema, Level level)
    {
        var type = schema.Text("type");
        if (type == "array" && !schema.Has("items"))
        {
            _issues.Required(_path.Bracketed("items"), "must be specified");
        }
        if (schema.Child("items") is { } items)
        {
            Inside("items", null, null, () => Shape(items, Level.Item));
        }
        foreach (var (name, property) in schema.Map("properties"))
        {
            Inside("properties", name, null, () => Shape(property, Level.Field));
        }
        if (schema.Has("additionalProperties"))
        {
            if (level == Level.Root)
            {
                _issues.Forbidden(_path.Bracketed("additionalProperties"), "must not be used at the root");
            }
            if (schema.Child("additionalProperties") is { } additional)
            {
                Inside("additionalProperties", null, null, () => Shape(additional, Level.Field));
            }
        }
        Extensions(schema);
        Judgements(schema, IsIntOrString(schema), schema.Items("allOf").FirstOrDefault() is { } first && IsIntOrString(first));
        Types(schema, type, level);
        Metadata(schema, level);
    }

    private void Extensions(JsonObject schema)
    {
        foreach (var keyword in new[] { "x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource" })
        {
            if (schema.Flag("x-kubernetes-int-or-string") && schema.Flag(keyword))
            {
                _issues.Add(new(_path.Bracketed(keyword), FieldIssueReason.FieldValueInvalid,
                    "Invalid value: true: must be false if x-kubernetes-int-or-string is true"));
            }
        }
    }

    private void Types(JsonObject schema, string type, Level level)
    {
        var embedded = schema.Flag("x-kubernetes-embedded-resource");
        if (embedded && type.Length == 0)
        {
            _issues.Required(_path.Bracketed("type"), "must be object if x-kubernetes-embedded-resource is true");
        }
        else if (embedded && type != "object")
        {
            _issues.Invalid(_path.Bracketed("type"), type, "must be object if x-kubernetes-embedded-resource is true");
        }
        else if (type.Length == 0 && !schema.Flag("x-kubernetes-int-or-string") && !schema.Flag("x-kubernetes-preserve-unknown-fields"))
        {
            _issues.Required(_path.Bracketed("type"), level switch
            {
                Level.Root => "must not be empty at the root",
                Level.Item => "must not be empty for specified array items",
                _ => "must not be empty for specified object fields",
            });
        }
        if (embedded && schema.Has("additionalProperties"))
        {
            _issues.Forbidden(_path.Bracketed("additionalProperties"), "must not be used if x-kubernetes-embedded-resource is set");
        }
        if (level == Level.Root && type.Length > 0 && type != "object")
        {
            _issues.Invalid(_path.Bracketed("type"), type, "must be object at the root");
        }
        if (embedded && !schema.Flag("x-kubernetes-preserve-unknown-fields") && !schema.Map("properties").Any())
        {
            _issues.Required(_path.Bracketed("properties"),
                "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields");
        }
    }

    /// <summary>What every object has is not for the schema to define.</summary>
    private void Metadata(JsonObject schema, Level level)
    {
        var isObject = level == Level.Root || schema.Flag("x-kubernetes-embedded-resource");
        foreach (var (name, property) in schema.Map("properties"))
        {
            if (!isObject || name is not ("kind" or "apiVersion" or "metadata"))
            {
                continue;
            }
            var wanted = name == "metadata" ? "object" : "string";
            if (property.Text("type") != wanted)
            {
                Inside("properties", name, null, () => _issues.Invalid(_path.Bracketed("type"), property.Text("type"), $"must be {wanted}"));
            }
            if (name == "metadata" && level == Level.Root && !RestrictsNamesOnly(property))
            {
                Inside("properties", name, null, () =>
                    _issues.Forbidden(_path.Bracketed(), "must not specify anything other than name and generateName, but metadata is implicitly specified"));
            }
        }
    }

    private static bool RestrictsNamesOnly(JsonObject metadata) =>
        metadata.All(m => m.Value is null || m.Key is "type" or "default"
            || (m.Key == "properties" && m.Value is JsonObject p && p.All(n => n.Key is "name" or "generateName")));

    /// <summary>The one junctor that may name types: <c>anyOf: [{type: integer}, {type: string}]</c>.</summary>
    private static bool IsIntOrString(JsonObject schema) =>
        schema["anyOf"] is JsonArray { Count: 2 } pair && IsOnly(pair[0], "integer") && IsOnly(pair[1], "string");

    private static bool IsOnly(JsonNode? schema, string type) =>
        schema is JsonObject o && o.Text("type") == type && o.All(m => m.Value is null || m.Key == "type");

    private void Judgements(JsonObject schema, bool skipAnyOf, bool skipAnyOfInFirstAllOf)
    {
        foreach (var keyword in new[] { "anyOf", "allOf", "oneOf" })
        {
            var index = 0;
            foreach (var nested in schema.Items(keyword))
            {
                var at = index++;
                if (keyword != "anyOf" || !skipAnyOf)
                {
                    Inside(keyword, null, at, () => Nested(nested, keyword == "allOf" && at == 0 && skipAnyOfInFirstAllOf));
                }
            }
        }
        if (schema.Child("not") is { } not)
        {
            Inside("not", null, null, () => Nested(not, skipAnyOf: false));
        }
        if (schema.Text("pattern") is { Length: > 0 } pattern && !_patterns.TryGet(pattern, out _, out var error))
        {
            _issues.Invalid(_path.Bracketed("pattern"), pattern, $"must be a valid regular expression, but isn't: {error}");
        }
    }

    private void Nested(JsonObject schema, bool skipAnyOf)
    {
        Judgements(schema, skipAnyOf, skipAnyOfInFirstAllOf: false);
        if (schema.Child("items") is { } items)
        {
            Inside("items", null, null, () => Nested(items, skipAnyOf: false));
        }
        foreach (var (name, property) in schema.Map("properties"))
        {
            Inside("properties", name, null, () => Nested(property, skipAnyOf: false));
        }
        foreach (var (keyword, isSet, demand) in Forbidden(schema))
        {
            if (isSet)
            {
                _issues.Forbidden(_path.Bracketed(keyword), $"must be {demand} to be structural");
            }
        }
        if (schema.Child("properties")?.Child("metadata") is not null)
        {
            Inside("properties", "metadata", null, () => _issues.Forbidden(_path.Bracketed(), "must not be specified in a nested context"));
        }
    }

    private static IEnumerable<(string Keyword, bool IsSet, string Demand)> Forbidden(JsonObject schema) =>
    [
        ("type", schema.Text("type").Length > 0, "empty"),
        ("additionalProperties", schema.Child("additionalProperties") is not null || schema.Flag("additionalProperties"), "undefined"),
        ("default", schema.Has("default"), "undefined"),
        ("title", schema.Text("title").Length > 0, "empty"),
        ("description", schema.Text("description").Length > 0, "empty"),
        ("nullable", schema.Flag("nullable"), "false"),
        ("x-kubernetes-preserve-unknown-fields", schema.Flag("x-kubernetes-preserve-unknown-fields"), "false"),
        ("x-kubernetes-embedded-resource", schema.Flag("x-kubernetes-embedded-resource"), "false"),
        ("x-kubernetes-int-or-string", schema.Flag("x-kubernetes-int-or-string"), "false"),
        ("x-kubernetes-list-map-keys", schema.Texts("x-kubernetes-list-map-keys").Any(), "empty"),
        ("x-kubernetes-list-type", schema.Has("x-kubernetes-list-type"), "undefined"),
        ("x-kubernetes-map-type", schema.Has("x-kubernetes-map-type"), "undefined"),
        ("x-kubernetes-validations", schema["x-kubernetes-validations"] is JsonArray { Count: > 0 }, "empty"),
    ];

    /// <summary>What is judged at one place must be shaped there.</summary>
    private void Complete(JsonObject judging, JsonObject? shaping, string shapePath, string judgePath)
    {
        foreach (var keyword in new[] { "not", "allOf", "anyOf", "oneOf" })
        {
            if (judging.Child(keyword) is { } single)
            {
                CompleteNested(single, shaping, shapePath, $"{judgePath}.{keyword}");
            }
            var index = 0;
            foreach (var nested in judging.Items(keyword))
            {
                CompleteNested(nested, shaping, shapePath, string.Create(CultureInfo.InvariantCulture, $"{judgePath}.{keyword}[{index++}]"));
            }
        }
    }

    private void CompleteNested(JsonObject judging, JsonObject? shaping, string shapePath, string judgePath)
    {
        if (shaping is null)
        {
            _issues.Required(shapePath, $"because it is defined in {judgePath}");
            return;
        }
        Complete(judging, shaping, shapePath, judgePath);
        if (judging.Child("items") is { } items)
        {
            CompleteNested(items, shaping.Child("items"), $"{shapePath}.items", $"{judgePath}.items");
        }
        foreach (var (name, property) in judging.Map("properties"))
        {
            CompleteNested(property, shaping.Child("properties")?.Child(name), $"{shapePath}.properties[{name}]", $"{judgePath}.properties[{name}]");
        }
    }

    private void Inside(string keyword, string? key, int? index, Action visit)
    {
        SchemaShape.Steps.Enter(_path, keyword, key, index);
        visit();
        SchemaShape.Steps.Leave(_path, key, index);
    }
}
