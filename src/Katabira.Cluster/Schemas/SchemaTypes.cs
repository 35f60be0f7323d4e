using System.Collections.Frozen;
using Katabira.Cluster.Cel;

namespace Katabira.Cluster.Schemas;

/// <summary>What rules can see of a schema. Used by one compilation; remembers what it has seen.</summary>
/// <remarks>
/// Data without a type is invisible, and so is every list or map of it; objects show their declared fields only.
/// Source: Kubernetes' documentation of validation rules, "accessible" and "types".
/// </remarks>
internal sealed class SchemaTypes
{
    private static readonly CelType s_metadata = CelType.Object(new Dictionary<string, CelField>(StringComparer.Ordinal)
    {
        ["name"] = new("name", CelType.String),
        ["generateName"] = new("generateName", CelType.String),
    }.ToFrozenDictionary(StringComparer.Ordinal));

    private readonly Dictionary<(StructuralSchema, bool), CelType?> _known = [];

    /// <summary>The type of a value with that schema; null if rules cannot see it.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="isResource">The value is a whole resource: apiVersion, kind and metadata are there without being declared.</param>
    public CelType? Of(StructuralSchema schema, bool isResource)
    {
        if (!_known.TryGetValue((schema, isResource), out var type))
        {
            type = Compute(schema, isResource);
            _known[(schema, isResource)] = type = type is not null && schema.Nullable ? type.OrNull() : type;
        }
        return type;
    }

    private CelType? Compute(StructuralSchema schema, bool isResource)
    {
        if (schema.IntOrString)
        {
            return CelType.Dyn;
        }
        switch (schema.Type)
        {
            case SchemaType.Array:
                return schema.Items is { } items && Of(items, items.Embedded) is { } item
                    ? CelType.List(item, Order(schema.ListType), schema.ListMapKeys) : null;
            case SchemaType.Object when schema.Additional is { } additional && !isResource:
                return Of(additional, additional.Embedded) is { } value ? CelType.Map(CelType.String, value) : null;
            case SchemaType.Object:
                return CelType.Object(Fields(schema, isResource));
            case SchemaType.String:
                return schema.Bounds?.Format switch
                {
                    "byte" => CelType.Bytes,
                    "duration" => CelType.Duration,
                    "date" or "date-time" => CelType.Timestamp,
                    _ => CelType.String,
                };
            case SchemaType.Boolean:
                return CelType.Bool;
            case SchemaType.Number:
                return CelType.Double;
            case SchemaType.Integer:
                return CelType.Int;
            default:
                return null;
        }
    }

    private FrozenDictionary<string, CelField> Fields(StructuralSchema schema, bool isResource)
    {
        var fields = new Dictionary<string, CelField>(StringComparer.Ordinal);
        foreach (var (name, property) in schema.Properties)
        {
            if (Of(property, property.Embedded) is { } type && CelName.TryEscape(name, out var escaped))
            {
                fields[escaped] = new CelField(name, type);
            }
        }
        if (isResource)
        {
            fields["apiVersion"] = new("apiVersion", CelType.String);
            fields["kind"] = new("kind", CelType.String);
            fields["metadata"] = new("metadata", s_metadata);
        }
        return fields.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static CelListOrder Order(ListType type) => type switch
    {
        ListType.Set => CelListOrder.Set,
        ListType.Map => CelListOrder.Map,
        _ => CelListOrder.Atomic,
    };
}
