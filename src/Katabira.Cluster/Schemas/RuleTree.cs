using System.Collections.Immutable;

namespace Katabira.Cluster.Schemas;

/// <summary>The compiled rules of a schema, where there are any: a thinned-out copy of its tree. Immutable.</summary>
internal sealed class RuleTree
{
    public required StructuralSchema Schema { get; init; }

    /// <summary>The type of the value as rules see it; null if they cannot, and then its rules refuse every object.</summary>
    public required Cel.CelType? Type { get; init; }

    public ImmutableArray<CompiledRule> Rules { get; private init; } = [];

    public ImmutableArray<KeyValuePair<string, RuleTree>> Properties { get; private init; } = [];

    public RuleTree? Items { get; private init; }

    public RuleTree? Additional { get; private init; }

    /// <summary>Compiles every rule below; null if there is none.</summary>
    public static RuleTree? Compile(StructuralSchema schema, bool isResource) => Compile(schema, isResource, new SchemaTypes());

    private static RuleTree? Compile(StructuralSchema schema, bool isResource, SchemaTypes types)
    {
        if (!schema.HasRules)
        {
            return null;
        }
        var type = types.Of(schema, isResource);
        return new RuleTree
        {
            Schema = schema,
            Type = type,
            Rules = [.. schema.Rules.Select(r => type is null ? CompiledRule.Blind(r) : CompiledRule.Compile(r, type, schema))],
            Properties = [.. schema.Properties.Select(p => KeyValuePair.Create(p.Key, Compile(p.Value, p.Value.Embedded, types))).Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, p.Value!))],
            Items = schema.Items is { } items ? Compile(items, items.Embedded, types) : null,
            Additional = schema.Additional is { } additional ? Compile(additional, additional.Embedded, types) : null,
        };
    }
}
