using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Schemas;

/// <summary>The type keyword of a schema.</summary>
internal enum SchemaType : byte
{
    /// <summary>Not given: anything.</summary>
    None,
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
}

/// <summary>What tells the items of a list apart (<c>x-kubernetes-list-type</c>).</summary>
internal enum ListType : byte
{
    Atomic,
    Set,
    Map,
}

/// <summary>The schema of one place in a custom resource: its shape, its bounds, its rules. Immutable; compiled once per version of a definition.</summary>
/// <remarks>
/// It says what JSON may stand there, what is pruned away and what is filled in. Our own Model has schemas too, which write manifests; this one reads
/// anybody's.
/// Schemas inside <c>allOf</c>, <c>anyOf</c>, <c>oneOf</c> and <c>not</c> are of the same type; they only judge and shape nothing.
/// Source: apiextensions.k8s.io/v1 JSONSchemaProps, and "structural schema" in Kubernetes' documentation.
/// </remarks>
internal sealed class StructuralSchema
{
    /// <summary>Knows nothing and allows everything.</summary>
    public static readonly StructuralSchema Empty = new();

    public SchemaType Type { get; init; }

    /// <summary>Declared fields, in the order of the definition.</summary>
    public ImmutableArray<KeyValuePair<string, StructuralSchema>> Properties { get; init; } = [];

    /// <summary>The same fields by name.</summary>
    public FrozenDictionary<string, StructuralSchema> ByName { get; init; } = FrozenDictionary<string, StructuralSchema>.Empty;

    public StructuralSchema? Items { get; init; }

    /// <summary>Schema of the values of a map.</summary>
    public StructuralSchema? Additional { get; init; }

    /// <summary>Fields that are not declared are kept: there is a schema for them, or <c>additionalProperties: true</c>.</summary>
    public bool AllowsAdditional { get; init; }

    /// <summary><c>additionalProperties: false</c>.</summary>
    public bool ForbidsAdditional { get; init; }

    /// <summary>Filled in where the field is absent; never handed out, only copies of it.</summary>
    public JsonNode? Default { get; init; }

    public bool Nullable { get; init; }

    /// <summary>Either a whole number or a string.</summary>
    public bool IntOrString { get; init; }

    /// <summary>What is not declared below is kept as it is.</summary>
    public bool PreserveUnknown { get; init; }

    /// <summary>The value is a whole Kubernetes object with apiVersion, kind and metadata.</summary>
    public bool Embedded { get; init; }

    public ListType ListType { get; init; }

    /// <summary>The fields that tell items apart if the list type is <see cref="ListType.Map"/>.</summary>
    public ImmutableArray<string> ListMapKeys { get; init; } = [];

    /// <summary>Bounds of the value itself; null if there are none.</summary>
    public ValueBounds? Bounds { get; init; }

    public ImmutableArray<string> Required { get; init; } = [];

    /// <summary>The only values allowed; empty if there is no such bound.</summary>
    public ImmutableArray<JsonNode?> Enum { get; init; } = [];

    public ImmutableArray<StructuralSchema> AllOf { get; init; } = [];

    public ImmutableArray<StructuralSchema> AnyOf { get; init; } = [];

    public ImmutableArray<StructuralSchema> OneOf { get; init; } = [];

    public StructuralSchema? Not { get; init; }

    public ImmutableArray<ValidationRule> Rules { get; init; } = [];

    /// <summary>A default stands here or below; saves the walk where there is none.</summary>
    public bool HasDefaults { get; init; }

    /// <summary>A set or map list stands here or below.</summary>
    public bool HasListTypes { get; init; }

    /// <summary>An embedded object stands here or below.</summary>
    public bool HasEmbedded { get; init; }

    /// <summary>A rule stands here or below, outside of logical junctors.</summary>
    public bool HasRules { get; init; }
}

/// <summary>Bounds of a scalar, or of the size of a collection. Null means no bound.</summary>
internal sealed record ValueBounds
{
    /// <summary>Only formats that are checked; others are dropped when the schema is read.</summary>
    public string? Format { get; init; }

    public double? Minimum { get; init; }

    public bool ExclusiveMinimum { get; init; }

    public double? Maximum { get; init; }

    public bool ExclusiveMaximum { get; init; }

    public double? MultipleOf { get; init; }

    /// <summary>In code points.</summary>
    public long? MinLength { get; init; }

    /// <inheritdoc cref="MinLength"/>
    public long? MaxLength { get; init; }

    public long? MinItems { get; init; }

    public long? MaxItems { get; init; }

    public long? MinProperties { get; init; }

    public long? MaxProperties { get; init; }

    /// <summary>As written, for the message.</summary>
    public string? Pattern { get; init; }

    /// <summary>The pattern, compiled; matches in linear time.</summary>
    public Regex? Matcher { get; init; }
}

/// <summary>A rule as the definition gives it (<c>x-kubernetes-validations</c>).</summary>
/// <param name="Rule">The expression.</param>
/// <param name="Message">What the user reads if it is false; empty for a default.</param>
/// <param name="MessageExpression">An expression that makes the message; empty if there is none.</param>
/// <param name="Reason">The cause that is reported.</param>
/// <param name="FieldPath">The field that is to blame, relative to the place of the rule; empty for the place itself.</param>
/// <param name="OptionalOldSelf">The rule runs without an old value too, and sees it as an optional.</param>
internal sealed record ValidationRule(string Rule, string Message, string MessageExpression, FieldIssueReason Reason, string FieldPath, bool? OptionalOldSelf)
{
    /// <summary>How messages of failures call the rule.</summary>
    public string Name => Message.Length > 0 ? Message : Rule.Trim();
}
