namespace Katabira.Cluster.Cel;

/// <summary>Equality of map keys: numbers of different kinds are equal if they are the same number.</summary>
internal sealed class CelKeyComparer : IEqualityComparer<CelValue>
{
    public static readonly CelKeyComparer Instance = new();

    public bool Equals(CelValue x, CelValue y) => x.Kind switch
    {
        CelKind.String => y.Kind == CelKind.String && string.Equals(x.AsString, y.AsString, StringComparison.Ordinal),
        CelKind.Bool => y.Kind == CelKind.Bool && x.IsTrue == y.IsTrue,
        _ => CelOrder.IsNumber(x.Kind) && CelOrder.IsNumber(y.Kind) && CelOrder.Numbers(x, y) == 0,
    };

    public int GetHashCode(CelValue obj) => obj.Kind switch
    {
        CelKind.String => string.GetHashCode(obj.AsString, StringComparison.Ordinal),
        CelKind.Bool => obj.IsTrue ? 1 : 2,
        CelKind.Int => ((double)obj.AsInt).GetHashCode(),
        CelKind.Uint => ((double)obj.AsUint).GetHashCode(),
        CelKind.Double => obj.AsDouble == 0 ? 0 : obj.AsDouble.GetHashCode(),
        _ => 0,
    };
}
