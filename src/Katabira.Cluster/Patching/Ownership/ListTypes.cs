using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching.Ownership;

/// <summary>Whether the items of a list are owned one by one.</summary>
internal enum ListKind
{
    /// <summary>The list is owned whole.</summary>
    Atomic,

    /// <summary>A set: each scalar is owned by itself.</summary>
    Set,

    /// <summary>Items are objects, told apart by their key members.</summary>
    Map,
}

/// <summary>
/// How the value at one place of an object is owned, and the way to the places below it: what server-side apply has to know of a schema. Made from the table of
/// the built-ins, from the schema of a custom resource, or by hand; immutable and thread-safe if <see cref="Field"/> is.
/// </summary>
internal sealed record ListTypes
{
    /// <summary>Fields of built-ins that are not in the table: structs all the way down, lists owned whole. Stands before the rows, which are made of it.</summary>
    private static readonly ListTypes s_plain = MakePlain();

    private static readonly FrozenDictionary<string, ListTypes> s_rows = BuildRows();

    /// <summary>No schema: objects are maps, lists are owned whole.</summary>
    public static ListTypes Unknown { get; } = new();

    /// <summary>If the value is a list.</summary>
    public ListKind List { get; init; }

    /// <summary>The key members of a <see cref="ListKind.Map"/>.</summary>
    public ImmutableArray<ListKey> Keys { get; init; } = [];

    /// <summary>An object here is owned whole.</summary>
    public bool IsAtomic { get; init; }

    /// <summary>Nobody owns this: a field that belongs to the server, or that names the object.</summary>
    public bool IsUntracked { get; init; }

    /// <summary>A struct of Go's that is there even where the JSON has nothing, so that its appearance is no change.</summary>
    public bool IsAlwaysThere { get; init; }

    /// <summary>
    /// The fields that the schema declares, by name; null for a name that it does not. An object's declared fields make it a struct, which nobody owns as such;
    /// undeclared ones are entries of a map, which are owned each together with what is in them.
    /// </summary>
    public Func<string, ListTypes?> Field { get; init; } = static _ => null;

    /// <summary>The undeclared entries; null for <see cref="Unknown"/>.</summary>
    public ListTypes? Entry { get; init; }

    /// <summary>The items of the list; null for <see cref="Unknown"/>.</summary>
    public ListTypes? Item { get; init; }

    /// <summary>The root of a built-in kind.</summary>
    public static ListTypes BuiltIn(string apiVersion, string kind)
    {
        var type = BuiltInFields.TypeOf(apiVersion, kind);
        var own = BuiltInFields.Row(type);
        var row = s_rows.GetValueOrDefault(type, s_plain);
        return new ListTypes { Field = name => own.ContainsKey(name) ? row.Field(name) : s_rows[BuiltInFields.AnyKind].Field(name) };
    }

    /// <summary>The root of a custom resource with this <c>openAPIV3Schema</c>; null for none. Type, kind and metadata are always Kubernetes' own.</summary>
    public static ListTypes Custom(JsonObject? schema)
    {
        var body = schema is null ? Unknown : FromSchema(schema);
        return body with { Field = name => name is "apiVersion" or "kind" or "metadata" ? s_rows[BuiltInFields.AnyKind].Field(name) : body.Field(name) };
    }

    /// <summary>The place that <paramref name="element"/> leads to.</summary>
    /// <param name="element">The step.</param>
    /// <param name="isStructField">True if the step is to a field that the schema declares.</param>
    public ListTypes At(PathElement element, out bool isStructField)
    {
        var declared = element.Kind == PathElementKind.Field ? Field(element.Text) : null;
        isStructField = declared is not null;
        return declared ?? (element.Kind == PathElementKind.Field ? Entry : Item) ?? Unknown;
    }

    private static ListTypes MakePlain()
    {
        ListTypes? plain = null;
        plain = new ListTypes { Field = _ => plain };
        return plain;
    }

    private static ListTypes FromSchema(JsonObject schema)
    {
        var properties = schema["properties"] as JsonObject;
        return new ListTypes
        {
            List = Text(schema["x-kubernetes-list-type"]) switch { "set" => ListKind.Set, "map" => ListKind.Map, _ => ListKind.Atomic },
            Keys = KeysOf(schema),
            IsAtomic = Text(schema["x-kubernetes-map-type"]) == "atomic",
            Field = name => properties?[name] is JsonObject field ? FromSchema(field) : null,
            Entry = schema["additionalProperties"] is JsonObject entry ? FromSchema(entry) : null,
            Item = schema["items"] is JsonObject item ? FromSchema(item) : null,
        };
    }

    private static ImmutableArray<ListKey> KeysOf(JsonObject schema)
    {
        var members = (schema["items"] as JsonObject)?["properties"] as JsonObject;
        return schema["x-kubernetes-list-map-keys"] is JsonArray names
            ? [.. names.Select(Text).OfType<string>().Select(name => new ListKey(name, (members?[name] as JsonObject)?["default"] as JsonValue))]
            : [];
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private static FrozenDictionary<string, ListTypes> BuildRows()
    {
        var rows = new Dictionary<string, ListTypes>
        {
            [BuiltInFields.Atomic] = new() { IsAtomic = true },
            [BuiltInFields.Untracked] = new() { IsUntracked = true },
        };
        foreach (var type in BuiltInFields.Types)
        {
            Build(type, rows);
        }
        return rows.ToFrozenDictionary();
    }

    private static ListTypes Build(string type, Dictionary<string, ListTypes> rows)
    {
        if (type.Length == 0)
        {
            return s_plain;
        }
        if (rows.TryGetValue(type, out var done))
        {
            return done;
        }
        var fields = BuiltInFields.Row(type).ToFrozenDictionary(field => field.Key, field => Build(field.Value, rows));
        return rows[type] = new ListTypes { Field = name => fields.GetValueOrDefault(name, s_plain) };
    }

    private static ListTypes Build(FieldRule rule, Dictionary<string, ListTypes> rows)
    {
        var value = Build(rule.Type, rows);
        return rule.ApplyKeys.IsDefault
            ? value with { IsAlwaysThere = rule.IsAlwaysThere }
            : new ListTypes { List = rule.ApplyKeys.IsEmpty ? ListKind.Set : ListKind.Map, Keys = rule.ApplyKeys, Item = value, IsAlwaysThere = rule.IsAlwaysThere };
    }
}
