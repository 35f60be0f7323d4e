using System.Text.Json.Nodes;

namespace Katabira.Cluster.Schemas;

/// <summary>Fills in what the schema has a default for. Idempotent.</summary>
internal static class Defaulting
{
    /// <summary>Takes away nulls where null is no value and no default takes their place; what protobuf's JSON would do with them.</summary>
    public static void DropNulls(JsonNode? node, StructuralSchema? schema)
    {
        switch (node)
        {
            case JsonObject fields:
                List<string>? gone = null;
                foreach (var (name, value) in fields)
                {
                    var declared = SchemaOf(schema, name);
                    if (value is null && declared is { Nullable: false, Default: null })
                    {
                        (gone ??= []).Add(name);
                    }
                    else if (declared is not null)
                    {
                        DropNulls(value, declared);
                    }
                }
                // backwards: few entries stay behind a removed one, and have to move up
                for (var i = (gone?.Count ?? 0) - 1; i >= 0; i--)
                {
                    fields.Remove(gone![i]); // not null: it has entries
                }
                break;
            case JsonArray array when schema?.Items is { } items:
                foreach (var item in array)
                {
                    DropNulls(item, items);
                }
                break;
        }
    }

    /// <summary>Fills defaults in, in place, from the outside in: a default that is an object gets the defaults of its fields too.</summary>
    public static void Apply(JsonNode? node, StructuralSchema? schema)
    {
        if (schema is not { HasDefaults: true })
        {
            return;
        }
        switch (node)
        {
            case JsonObject fields:
                foreach (var (name, declared) in schema.Properties)
                {
                    if (declared.Default is not null && (!fields.TryGetPropertyValue(name, out var value) || (value is null && !declared.Nullable)))
                    {
                        fields[name] = declared.Default.DeepClone();
                    }
                }
                ApplyBelow(fields, schema);
                break;
            case JsonArray array when schema.Items is { } items:
                for (var i = 0; i < array.Count; i++)
                {
                    if (array[i] is null && !items.Nullable)
                    {
                        array[i] = items.Default?.DeepClone();
                    }
                    Apply(array[i], items);
                }
                break;
        }
    }

    private static void ApplyBelow(JsonObject fields, StructuralSchema schema)
    {
        List<string>? nulls = null;
        foreach (var (name, value) in fields)
        {
            var declared = SchemaOf(schema, name);
            if (value is null && declared is { Nullable: false, Default: not null })
            {
                (nulls ??= []).Add(name);
            }
            else
            {
                Apply(value, declared);
            }
        }
        foreach (var name in nulls ?? [])
        {
            var declared = SchemaOf(schema, name)!;
            fields[name] = declared.Default!.DeepClone();
            Apply(fields[name], declared);
        }
    }

    private static StructuralSchema? SchemaOf(StructuralSchema? schema, string name) =>
        schema is null ? null : schema.ByName.TryGetValue(name, out var declared) ? declared : schema.Additional;
}
