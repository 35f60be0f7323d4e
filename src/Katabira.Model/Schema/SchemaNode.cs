using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Katabira.Model.Schema;

/// <summary>JSON shape of a value, as the structural schemas of Kubernetes know them.</summary>
internal enum SchemaType
{
    Object,
    Map,
    Array,
    String,
    Integer,
    Number,
    Boolean,

    /// <summary>Any JSON; kept as it is.</summary>
    Any,
}

/// <summary>The shape of one type, compiled from its serialization contract and its attributes. Immutable; compiled once per kind.</summary>
/// <remarks>The record is the schema: the CRD manifest is written from it, and our own check walks it, so that the two cannot disagree.</remarks>
internal sealed class SchemaNode
{
    public required SchemaType Type { get; init; }

    /// <summary>The C# type behind it, without <see cref="Nullable{T}"/>.</summary>
    public required Type ClrType { get; init; }

    /// <summary>Fields of an object in the order they are declared.</summary>
    public ImmutableArray<SchemaField> Fields { get; init; } = [];

    /// <summary>Shape of a list's items or a map's values.</summary>
    public SchemaNode? Item { get; init; }

    /// <summary>Wire names of an enum's members; empty for every other type.</summary>
    public ImmutableArray<string> EnumNames { get; init; } = [];

    /// <summary>Sets of fields of which at most one may be present.</summary>
    public ImmutableArray<AtMostOneAttribute> AtMostOne { get; init; } = [];

    /// <summary>Rules about the object as a whole.</summary>
    public ImmutableArray<CelAttribute> Rules { get; init; } = [];

    /// <summary>Compiles the shape of a serializable type.</summary>
    /// <exception cref="NotSupportedException">The type contains one that no schema can express: a mistake in the declaration.</exception>
    public static SchemaNode Of(JsonTypeInfo info)
    {
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        return info.Kind switch
        {
            JsonTypeInfoKind.Object => OfObject(info),
            JsonTypeInfoKind.Enumerable => new() { Type = SchemaType.Array, ClrType = type, Item = OfElement(info) },
            JsonTypeInfoKind.Dictionary => new() { Type = SchemaType.Map, ClrType = type, Item = OfElement(info) },
            _ => new() { Type = OfScalar(type), ClrType = type, EnumNames = type.IsEnum ? WireNames(type, info.Options) : [] },
        };
    }

    private static SchemaNode OfObject(JsonTypeInfo info) => new()
    {
        Type = SchemaType.Object,
        ClrType = info.Type,
        Fields = [.. info.Properties.Where(p => !p.IsExtensionData && (p.Get is not null || p.Set is not null)).Select(p => new SchemaField(p))],
        AtMostOne = [.. info.Type.GetCustomAttributes<AtMostOneAttribute>()],
        Rules = [.. info.Type.GetCustomAttributes<CelAttribute>()],
    };

    private static SchemaNode OfElement(JsonTypeInfo info) => Of(info.Options.GetTypeInfo(info.ElementType!));

    private static SchemaType OfScalar(Type type) =>
        type == typeof(string) || type == typeof(DateTimeOffset) || type.IsEnum ? SchemaType.String
        : type == typeof(bool) ? SchemaType.Boolean
        : type == typeof(int) || type == typeof(uint) || type == typeof(long) ? SchemaType.Integer
        : type == typeof(double) ? SchemaType.Number
        : type == typeof(JsonElement) ? SchemaType.Any
        : throw new NotSupportedException($"{type} has no place in a schema");

    /// <summary>Asks the serializer itself, so that naming policies and exceptions are honoured and nothing is listed twice.</summary>
    private static ImmutableArray<string> WireNames(Type type, JsonSerializerOptions options)
    {
        var info = options.GetTypeInfo(type);
        return [.. Enum.GetValuesAsUnderlyingType(type).Cast<object>()
            .Select(value => JsonSerializer.SerializeToElement(Enum.ToObject(type, value), info).GetString()!)];
    }
}

/// <summary>One field of an object.</summary>
internal sealed class SchemaField
{
    private static readonly FieldAttribute s_unconstrained = new();

    public SchemaField(JsonPropertyInfo property)
    {
        Name = property.Name;
        Member = property.AttributeProvider as MemberInfo
            ?? throw new NotSupportedException($"{property.Name} lost its attributes: it must be a plain property");
        Node = SchemaNode.Of(property.Options.GetTypeInfo(property.PropertyType));
        Field = Member.GetCustomAttributes<FieldAttribute>().FirstOrDefault(a => a is not ItemAttribute) ?? s_unconstrained;
        Item = Member.GetCustomAttribute<ItemAttribute>() ?? s_unconstrained;
        Rules = [.. Member.GetCustomAttributes<CelAttribute>()];
    }

    /// <summary>The name on the wire.</summary>
    public string Name { get; }

    /// <summary>The property, for its documentation.</summary>
    public MemberInfo Member { get; }

    public SchemaNode Node { get; }

    public FieldAttribute Field { get; }

    public FieldAttribute Item { get; }

    public ImmutableArray<CelAttribute> Rules { get; }
}
