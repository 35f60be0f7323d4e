using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Katabira.Cluster.Cel;

/// <summary>How the items of a list are told apart (<c>x-kubernetes-list-type</c>); it decides what equality and addition mean.</summary>
internal enum CelListOrder : byte
{
    /// <summary>By position; the default.</summary>
    Atomic,

    /// <summary>By value; the order means nothing.</summary>
    Set,

    /// <summary>By key fields; the order means nothing.</summary>
    Map,
}

/// <summary>One declared field of an object.</summary>
/// <param name="Name">As it stands in JSON.</param>
/// <param name="Type">What the schema says it is.</param>
internal readonly record struct CelField(string Name, CelType Type);

/// <summary>What an expression is known to be, and how JSON of that shape is read. Immutable.</summary>
internal sealed class CelType
{
    public static readonly CelType Null = new(CelKind.Null, "null");
    public static readonly CelType Bool = new(CelKind.Bool, "bool");
    public static readonly CelType Int = new(CelKind.Int, "int");
    public static readonly CelType Uint = new(CelKind.Uint, "uint");
    public static readonly CelType Double = new(CelKind.Double, "double");
    public static readonly CelType String = new(CelKind.String, "string");
    public static readonly CelType Bytes = new(CelKind.Bytes, "bytes");
    public static readonly CelType Duration = new(CelKind.Duration, "google.protobuf.Duration");
    public static readonly CelType Timestamp = new(CelKind.Timestamp, "google.protobuf.Timestamp");
    public static readonly CelType Url = new(CelKind.Url, "kubernetes.URL");
    public static readonly CelType Type = new(CelKind.Type, "type");
    public static readonly CelType Dyn = new(CelKind.Dyn, "dyn");

    /// <summary>The item of a list or map nobody has put anything into yet: agrees with every type.</summary>
    public static readonly CelType Free = new(CelKind.Parameter, "dyn");

    /// <summary>First and second placeholder of generic signatures.</summary>
    public static readonly CelType A = new(CelKind.Parameter, "A"), B = new(CelKind.Parameter, "B");

    private readonly string _name;

    private CelType(CelKind kind, string name)
    {
        Kind = kind;
        _name = name;
    }

    public CelKind Kind { get; }

    /// <summary>Type of a map's keys.</summary>
    public CelType? Key { get; private init; }

    /// <summary>Type of a list's items, a map's values, what an optional holds, or the type that a type expression names.</summary>
    public CelType? Element { get; private init; }

    /// <summary>Fields of an object by the name that expressions use.</summary>
    public FrozenDictionary<string, CelField> Fields { get; private init; } = FrozenDictionary<string, CelField>.Empty;

    /// <summary>JSON <c>null</c> is a value of it.</summary>
    public bool Nullable { get; init; }

    public CelListOrder Order { get; init; }

    /// <summary>The fields that tell items apart where <see cref="Order"/> is <see cref="CelListOrder.Map"/>; JSON names.</summary>
    public ImmutableArray<string> MapKeys { get; init; } = [];

    public static CelType List(CelType element, CelListOrder order = CelListOrder.Atomic, ImmutableArray<string> mapKeys = default, bool nullable = false) =>
        new(CelKind.List, "list") { Element = element, Order = order, MapKeys = mapKeys.IsDefault ? [] : mapKeys, Nullable = nullable };

    public static CelType Map(CelType key, CelType value, bool nullable = false) => new(CelKind.Map, "map") { Key = key, Element = value, Nullable = nullable };

    public static CelType Object(FrozenDictionary<string, CelField> fields, bool nullable = false) =>
        new(CelKind.Object, "object") { Fields = fields, Nullable = nullable };

    public static CelType Optional(CelType element) => new(CelKind.Optional, "optional_type") { Element = element };

    public static CelType TypeOf(CelType named) => new(CelKind.Type, "type") { Element = named };

    /// <summary>The same type, with null among its values.</summary>
    public CelType OrNull() => new(Kind, _name) { Key = Key, Element = Element, Fields = Fields, Order = Order, MapKeys = MapKeys, Nullable = true };

    /// <summary>The type that both are, or null if there is none: CEL converts nothing by itself.</summary>
    public static CelType? Join(CelType a, CelType b)
    {
        if (a == b || b == Free || b.Kind == CelKind.Dyn)
        {
            return b.Kind == CelKind.Dyn ? b : a;
        }
        if (a == Free || a.Kind == CelKind.Dyn)
        {
            return a == Free ? b : a;
        }
        if (a.Kind == CelKind.Null || b.Kind == CelKind.Null)
        {
            var other = a.Kind == CelKind.Null ? b : a;
            return other.Kind is CelKind.Null or CelKind.Object or CelKind.Duration or CelKind.Timestamp or CelKind.Optional ? other : null;
        }
        if (a.Kind != b.Kind)
        {
            return null;
        }
        return a.Kind switch
        {
            CelKind.List => Join(a.Element!, b.Element!) is { } item ? List(item, a.Order, a.MapKeys) : null,
            CelKind.Optional => Join(a.Element!, b.Element!) is { } held ? Optional(held) : null,
            CelKind.Map => Join(a.Key!, b.Key!) is { } key && Join(a.Element!, b.Element!) is { } value ? Map(key, value) : null,
            // Every object type stands for one place in one schema.
            CelKind.Object => ReferenceEquals(a.Fields, b.Fields) ? a : null,
            CelKind.Parameter => null,
            _ => a,
        };
    }

    /// <summary>As Kubernetes names it in messages, e.g. <c>map(string, int)</c>.</summary>
    public override string ToString() => Kind switch
    {
        CelKind.List => $"list({Element})",
        CelKind.Map => $"map({Key}, {Element})",
        CelKind.Optional => $"optional_type({Element})",
        CelKind.Type when Element is not null => $"type({Element})",
        _ => _name,
    };
}
