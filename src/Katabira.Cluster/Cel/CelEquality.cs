using System.Globalization;
using System.Text;

namespace Katabira.Cluster.Cel;

/// <summary>Whether two values are the same: across kinds of numbers, deep in lists and maps, and by the order that a list's schema declares.</summary>
internal static class CelEquality
{
    /// <summary>Deeper values are an error; JSON that deep does not reach us, so this only keeps the stack safe.</summary>
    private const int DeepestValue = 200;

    /// <summary>True, false, or the error of a value inside; <see cref="CelValue.Exhausted"/> if the meter ran out.</summary>
    public static CelValue Equal(CelValue a, CelValue b, CelMeter meter) => Equal(a, b, meter, 0);

    private static CelValue Equal(CelValue a, CelValue b, CelMeter meter, int depth)
    {
        if (a.IsError || b.IsError)
        {
            return a.IsError ? a : b;
        }
        if (depth > DeepestValue)
        {
            return CelValue.Error("value is nested too deeply to compare");
        }
        if (!meter.Spend())
        {
            return CelValue.Exhausted;
        }
        if (CelOrder.IsNumber(a.Kind) && CelOrder.IsNumber(b.Kind))
        {
            return CelValue.Of(CelOrder.Numbers(a, b) == 0);
        }
        if (a.Kind != b.Kind)
        {
            return CelValue.False;
        }
        return a.Kind switch
        {
            CelKind.Null => CelValue.True,
            CelKind.Bool or CelKind.Duration or CelKind.Timestamp => CelValue.Of(a.AsInt == b.AsInt),
            CelKind.String => meter.SpendText(Math.Min(a.AsString.Length, b.AsString.Length))
                ? CelValue.Of(string.Equals(a.AsString, b.AsString, StringComparison.Ordinal))
                : CelValue.Exhausted,
            CelKind.Bytes => meter.SpendText(Math.Min(a.AsBytes.Length, b.AsBytes.Length))
                ? CelValue.Of(a.AsBytes.AsSpan().SequenceEqual(b.AsBytes)) : CelValue.Exhausted,
            CelKind.List => Lists(a.AsList, b.AsList, meter, depth),
            CelKind.Map => Maps(a.AsMap, b.AsMap, meter, depth),
            CelKind.Url => CelValue.Of(a.AsUrl == b.AsUrl),
            CelKind.Type => CelValue.Of(a.AsType.Kind == b.AsType.Kind),
            CelKind.Optional => Optionals(a.AsOptional.Value, b.AsOptional.Value, meter, depth),
            _ => CelValue.NoSuchOverload,
        };
    }

    private static CelValue Optionals(CelValue? a, CelValue? b, CelMeter meter, int depth) =>
        a is { } x && b is { } y ? Equal(x, y, meter, depth + 1) : CelValue.Of(a is null && b is null);

    private static CelValue Lists(CelList a, CelList b, CelMeter meter, int depth)
    {
        if (a.Count != b.Count)
        {
            return CelValue.False;
        }
        if (a.Order != CelListOrder.Atomic)
        {
            return Unordered(a, b, meter, depth);
        }
        for (var i = 0; i < a.Count; i++)
        {
            var same = Equal(a[i], b[i], meter, depth + 1);
            if (!same.IsTrue)
            {
                return same;
            }
        }
        return CelValue.True;
    }

    /// <summary>Sets compare by value, map lists by key and then by value; a key that stands twice makes them differ.</summary>
    private static CelValue Unordered(CelList a, CelList b, CelMeter meter, int depth)
    {
        var items = new Dictionary<string, CelValue>(StringComparer.Ordinal);
        for (var i = 0; i < a.Count; i++)
        {
            if (KeyOf(a[i], a, meter) is not { } key)
            {
                return CelValue.Exhausted;
            }
            items.TryAdd(key, a[i]);
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < b.Count; i++)
        {
            if (KeyOf(b[i], a, meter) is not { } key)
            {
                return CelValue.Exhausted;
            }
            var same = items.TryGetValue(key, out var item) ? Equal(item, b[i], meter, depth + 1) : CelValue.False;
            if (!same.IsTrue)
            {
                return same;
            }
            seen.Add(key);
        }
        return CelValue.Of(seen.Count == items.Count);
    }

    /// <summary>What tells this item apart from the others, as text; null once the budget is gone.</summary>
    public static string? KeyOf(CelValue item, CelList list, CelMeter meter)
    {
        var key = new StringBuilder();
        if (list.Order != CelListOrder.Map || item.Kind != CelKind.Map)
        {
            return TryAppend(item, key, meter, 0) ? key.ToString() : null;
        }
        foreach (var name in list.MapKeys)
        {
            var value = CelName.TryEscape(name, out var escaped) && item.AsMap.TryGet(CelValue.Of(escaped), out var found) ? found : CelValue.Null;
            if (!TryAppend(value, key, meter, 0))
            {
                return null;
            }
        }
        return key.ToString();
    }

    private static bool TryAppend(CelValue value, StringBuilder key, CelMeter meter, int depth)
    {
        if (depth > DeepestValue || !meter.Spend())
        {
            return false;
        }
        switch (value.Kind)
        {
            case CelKind.List:
                key.Append('[');
                for (var i = 0; i < value.AsList.Count; i++)
                {
                    if (!TryAppend(value.AsList[i], key, meter, depth + 1))
                    {
                        return false;
                    }
                }
                key.Append(']');
                return true;
            case CelKind.Map:
                key.Append('{');
                foreach (var name in value.AsMap.Keys.OrderBy(k => k.ToString(), StringComparer.Ordinal))
                {
                    value.AsMap.TryGet(name, out var member);
                    if (!TryAppend(name, key, meter, depth + 1) || !TryAppend(member, key, meter, depth + 1))
                    {
                        return false;
                    }
                }
                key.Append('}');
                return true;
            default:
                var text = value.Kind == CelKind.Bytes ? Convert.ToHexString(value.AsBytes) : value.ToString();
                // The length keeps "a","bc" apart from "ab","c".
                key.Append(CultureInfo.InvariantCulture, $"{(CelOrder.IsNumber(value.Kind) ? 'n' : (char)('A' + (int)value.Kind))}{text.Length}:{text}");
                return meter.SpendText(text.Length);
        }
    }

    private static CelValue Maps(CelMap a, CelMap b, CelMeter meter, int depth)
    {
        if (a.Count != b.Count)
        {
            return CelValue.False;
        }
        foreach (var key in a.Keys)
        {
            var has = a.TryGet(key, out var x);
            if (has != b.TryGet(key, out var y))
            {
                return CelValue.False;
            }
            var same = has ? Equal(x, y, meter, depth + 1) : CelValue.True;
            if (!same.IsTrue)
            {
                return same;
            }
        }
        return a.SameUnseen(b, meter) ? CelValue.True : meter.Exhausted ? CelValue.Exhausted : CelValue.False;
    }
}
