using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>Compiles the JSON of a schema. Expects what <see cref="CrdCheck"/> found nothing wrong with.</summary>
internal sealed class SchemaReader(PatternCache patterns)
{
    private static readonly ValueBounds s_unbounded = new();

    /// <summary>A pattern that is none matches nothing: a definition that slipped in must not let anything through.</summary>
    private static readonly Regex s_never = new(@"[^\s\S]", RegexOptions.NonBacktracking);

    /// <summary>Compiles a schema and everything below.</summary>
    public StructuralSchema Read(JsonObject schema)
    {
        var properties = schema.Map("properties").Select(p => KeyValuePair.Create(p.Key, Read(p.Value))).ToImmutableArray();
        var items = schema.Child("items") is { } item ? Read(item) : null;
        var additional = schema.Child("additionalProperties") is { } value ? Read(value) : null;
        var isIntOrString = schema.Flag("x-kubernetes-int-or-string");
        var rules = schema.Items("x-kubernetes-validations").Select(ReadRule).ToImmutableArray();
        var listType = ListTypeOf(schema);
        var fixedValue = schema["default"];
        var below = properties.Select(p => p.Value).Concat(new[] { items, additional }.OfType<StructuralSchema>()).ToList();
        return new StructuralSchema
        {
            Type = TypeOf(schema),
            Properties = properties,
            ByName = properties.ToFrozenDictionary(StringComparer.Ordinal),
            Items = items,
            Additional = additional,
            AllowsAdditional = additional is not null || schema.Flag("additionalProperties"),
            ForbidsAdditional = schema.FlagOrNull("additionalProperties") == false,
            Default = fixedValue?.DeepClone(),
            Nullable = schema.Flag("nullable"),
            IntOrString = isIntOrString,
            PreserveUnknown = schema.Flag("x-kubernetes-preserve-unknown-fields"),
            Embedded = schema.Flag("x-kubernetes-embedded-resource"),
            ListType = listType,
            ListMapKeys = [.. schema.Texts("x-kubernetes-list-map-keys")],
            Bounds = BoundsOf(schema, isIntOrString),
            Required = [.. schema.Texts("required")],
            Enum = schema["enum"] is JsonArray values ? [.. values.Select(v => v?.DeepClone())] : [],
            AllOf = [.. schema.Items("allOf").Select(Read)],
            AnyOf = [.. schema.Items("anyOf").Select(Read)],
            OneOf = [.. schema.Items("oneOf").Select(Read)],
            Not = schema.Child("not") is { } not ? Read(not) : null,
            Rules = rules,
            HasDefaults = fixedValue is not null || below.Any(s => s.HasDefaults),
            HasListTypes = listType != ListType.Atomic || below.Any(s => s.HasListTypes),
            HasEmbedded = schema.Flag("x-kubernetes-embedded-resource") || below.Any(s => s.HasEmbedded),
            HasRules = rules.Length > 0 || below.Any(s => s.HasRules),
        };
    }

    private static SchemaType TypeOf(JsonObject schema) => schema.Text("type") switch
    {
        "object" => SchemaType.Object,
        "array" => SchemaType.Array,
        "string" => SchemaType.String,
        "integer" => SchemaType.Integer,
        "number" => SchemaType.Number,
        "boolean" => SchemaType.Boolean,
        _ => SchemaType.None,
    };

    private static ListType ListTypeOf(JsonObject schema) => schema.Text("x-kubernetes-list-type") switch
    {
        "set" => ListType.Set,
        "map" => ListType.Map,
        _ => ListType.Atomic,
    };

    private ValueBounds? BoundsOf(JsonObject schema, bool isIntOrString)
    {
        var pattern = schema.Text("pattern") is { Length: > 0 } text ? text : null;
        var bounds = new ValueBounds
        {
            Format = isIntOrString ? null : Formats.Recognized(schema.Text("type"), schema.Text("format")),
            Minimum = schema.Real("minimum"),
            ExclusiveMinimum = schema.Flag("exclusiveMinimum"),
            Maximum = schema.Real("maximum"),
            ExclusiveMaximum = schema.Flag("exclusiveMaximum"),
            MultipleOf = schema.Real("multipleOf"),
            MinLength = schema.Whole("minLength"),
            MaxLength = schema.Whole("maxLength"),
            MinItems = schema.Whole("minItems"),
            MaxItems = schema.Whole("maxItems"),
            MinProperties = schema.Whole("minProperties"),
            MaxProperties = schema.Whole("maxProperties"),
            Pattern = pattern,
            Matcher = pattern is null ? null : patterns.TryGet(pattern, out var regex, out _) ? regex : s_never,
        };
        return bounds == s_unbounded ? null : bounds;
    }

    private static ValidationRule ReadRule(JsonObject rule) => new(
        rule.Text("rule"),
        rule.Text("message").Trim(),
        rule.Text("messageExpression"),
        Enum.TryParse<FieldIssueReason>(rule.Text("reason"), out var reason) ? reason : FieldIssueReason.FieldValueInvalid,
        rule.Text("fieldPath"),
        rule.FlagOrNull("optionalOldSelf"));
}
