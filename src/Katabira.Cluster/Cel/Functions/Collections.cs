using System.Collections.Immutable;
using static Katabira.Cluster.Cel.CelType;

namespace Katabira.Cluster.Cel.Functions;

/// <summary>What lists and maps can do: size, membership, index, concatenation.</summary>
internal static class Collections
{
    private static readonly CelType s_list = List(A), s_map = Map(A, B);

    public static readonly ImmutableArray<Overload> Overloads =
    [
        .. Sizes(s_list, (CelMeter _, in CelArguments a) => CelValue.Of(a.First.AsList.Count)),
        .. Sizes(s_map, (CelMeter _, in CelArguments a) => CelValue.Of(a.First.AsMap.Count)),
        new("@in", false, [A, s_list], Bool, InList),
        new("@in", false, [A, s_map], Bool, (CelMeter meter, in CelArguments a) =>
            a.First.Kind == CelKind.String && !meter.SpendText(a.First.AsString.Length)
                ? CelValue.Exhausted
                : CelValue.Of(a.Second.AsMap.TryGet(a.First, out _))),
        new("_[_]", false, [s_list, Int], A, (CelMeter _, in CelArguments a) => At(a.First.AsList, a.Second.AsInt, a.Second)),
        new("_[_]", false, [List(A), Uint], A, (CelMeter _, in CelArguments a) =>
            At(a.First.AsList, unchecked((long)Math.Min(a.Second.AsUint, long.MaxValue)), a.Second)),
        new("_[_]", false, [s_map, A], B, (CelMeter _, in CelArguments a) =>
            a.First.AsMap.TryGet(a.Second, out var value) ? value : CelValue.Error($"no such key: {a.Second}")),
        new("_+_", false, [s_list, s_list], s_list, Concatenate),
    ];

    private static IEnumerable<Overload> Sizes(CelType type, CelFunction body) => [new("size", false, [type], Int, body), new("size", true, [type], Int, body)];

    private static CelValue At(CelList list, long index, CelValue written) =>
        index >= 0 && index < list.Count ? list[(int)index] : CelValue.Error($"index out of bounds: {written}");

    private static CelValue InList(CelMeter meter, in CelArguments a)
    {
        var list = a.Second.AsList;
        CelValue? error = null;
        for (var i = 0; i < list.Count; i++)
        {
            var same = CelEquality.Equal(list[i], a.First, meter);
            if (same.IsTrue || meter.Exhausted)
            {
                return same;
            }
            error ??= same.IsError ? same : null;
        }
        return error ?? CelValue.False;
    }

    /// <summary>Sets unite, map lists merge by key (the right side wins, in the left side's place), other lists are put one after the other.</summary>
    private static CelValue Concatenate(CelMeter meter, in CelArguments a)
    {
        var (left, right) = (a.First.AsList, a.Second.AsList);
        if (!meter.Spend(left.Count + right.Count))
        {
            return CelValue.Exhausted;
        }
        var items = ImmutableArray.CreateBuilder<CelValue>(left.Count + right.Count);
        for (var i = 0; i < left.Count; i++)
        {
            items.Add(left[i]);
        }
        if (left.Order == CelListOrder.Atomic)
        {
            for (var i = 0; i < right.Count; i++)
            {
                items.Add(right[i]);
            }
            return CelValue.Of(CelList.Of(items.ToImmutable()));
        }
        return Merge(meter, left, right, items);
    }

    private static CelValue Merge(CelMeter meter, CelList left, CelList right, ImmutableArray<CelValue>.Builder items)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < left.Count + right.Count; i++)
        {
            var item = i < left.Count ? left[i] : right[i - left.Count];
            if (CelEquality.KeyOf(item, left, meter) is not { } key)
            {
                return CelValue.Exhausted;
            }
            if (i < left.Count)
            {
                places.TryAdd(key, i);
            }
            else if (!places.TryGetValue(key, out var place))
            {
                places[key] = items.Count;
                items.Add(item);
            }
            else if (left.Order == CelListOrder.Map)
            {
                items[place] = item;
            }
        }
        return CelValue.Of(CelList.Of(items.ToImmutable()));
    }
}
