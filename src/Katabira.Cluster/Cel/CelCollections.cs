using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Katabira.Cluster.Cel;

/// <summary>An immutable list of values.</summary>
internal abstract class CelList
{
    public abstract int Count { get; }

    /// <summary>How the items are told apart; <see cref="CelListOrder.Atomic"/> but for lists that a schema says otherwise of.</summary>
    public virtual CelListOrder Order => CelListOrder.Atomic;

    public virtual ImmutableArray<string> MapKeys => [];

    public abstract CelValue this[int index] { get; }

    public static CelList Of(ImmutableArray<CelValue> items) => new Items(items);

    private sealed class Items(ImmutableArray<CelValue> items) : CelList
    {
        public override int Count => items.Length;

        public override CelValue this[int index] => items[index];
    }
}

/// <summary>An immutable map, or an object with declared fields.</summary>
internal abstract class CelMap
{
    public abstract int Count { get; }

    /// <summary>Keys in the order of the source.</summary>
    public abstract IEnumerable<CelValue> Keys { get; }

    public abstract bool TryGet(CelValue key, out CelValue value);

    /// <summary>Whether the parts that expressions cannot see are the same too; false as well once the budget is gone.</summary>
    public virtual bool SameUnseen(CelMap other, CelMeter meter) => true;

    /// <summary>Builds a map from a literal; fails, with a message, on a key that is there already or cannot be one.</summary>
    public static bool TryCreate(IEnumerable<(CelValue Key, CelValue Value)> entries, [NotNullWhen(true)] out CelMap? map, out string error)
    {
        var table = new OrderedDictionary<CelValue, CelValue>(CelKeyComparer.Instance);
        (map, error) = (null, "");
        foreach (var (key, value) in entries)
        {
            if (key.Kind is not (CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.String))
            {
                error = "unsupported key type";
                return false;
            }
            if (!table.TryAdd(key, value))
            {
                error = $"Failed with repeated key {key}";
                return false;
            }
        }
        map = new Table(table);
        return true;
    }

    private sealed class Table(OrderedDictionary<CelValue, CelValue> entries) : CelMap
    {
        public override int Count => entries.Count;

        public override IEnumerable<CelValue> Keys => entries.Keys;

        public override bool TryGet(CelValue key, out CelValue value) => entries.TryGetValue(key, out value);
    }
}

/// <summary>A value or none, e.g. the old object where there may not be one.</summary>
internal sealed class CelOptional(CelValue? value)
{
    public static readonly CelOptional None = new(null);

    public CelValue? Value => value;
}
