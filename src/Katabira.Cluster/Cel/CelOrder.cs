namespace Katabira.Cluster.Cel;

/// <summary>What comes before what.</summary>
internal static class CelOrder
{
    public static bool IsNumber(CelKind kind) => kind is CelKind.Int or CelKind.Uint or CelKind.Double;

    /// <summary>Below, equal or above 0; null if the two have no order.</summary>
    public static int? Compare(CelValue a, CelValue b)
    {
        if (IsNumber(a.Kind) && IsNumber(b.Kind))
        {
            return Numbers(a, b);
        }
        if (a.Kind != b.Kind)
        {
            return null;
        }
        return a.Kind switch
        {
            CelKind.Bool => a.AsInt.CompareTo(b.AsInt),
            CelKind.String => Strings(a.AsString, b.AsString),
            CelKind.Bytes => a.AsBytes.AsSpan().SequenceCompareTo(b.AsBytes),
            CelKind.Duration or CelKind.Timestamp => a.AsInt.CompareTo(b.AsInt),
            _ => null,
        };
    }

    /// <summary>Compares by value across int, uint and double; null if one is not a number. Next to a double, a whole number is rounded to one first, as
    /// in the reference.</summary>
    public static int? Numbers(CelValue a, CelValue b)
    {
        if (a.Kind != CelKind.Double && b.Kind != CelKind.Double)
        {
            return Whole(a).CompareTo(Whole(b));
        }
        var (x, y) = (Real(a), Real(b));
        return double.IsNaN(x) || double.IsNaN(y) ? null : x < y ? -1 : x > y ? 1 : 0;
    }

    /// <summary>By code point, which is also the order of UTF-8 bytes; UTF-16 would put U+E000 to U+FFFF after the emoji.</summary>
    public static int Strings(string a, string b)
    {
        var common = a.AsSpan().CommonPrefixLength(b);
        if (common == a.Length || common == b.Length)
        {
            return a.Length.CompareTo(b.Length);
        }
        var (x, y) = (a[common], b[common]);
        return char.IsSurrogate(x) == char.IsSurrogate(y) ? x.CompareTo(y) : char.IsSurrogate(x) ? 1 : -1;
    }

    private static Int128 Whole(CelValue value) => value.Kind == CelKind.Uint ? value.AsUint : value.AsInt;

    private static double Real(CelValue value) => value.Kind switch
    {
        CelKind.Double => value.AsDouble,
        CelKind.Uint => value.AsUint,
        _ => value.AsInt,
    };
}
