using System.Collections.Immutable;
using static Katabira.Cluster.Cel.CelType;

namespace Katabira.Cluster.Cel.Functions;

/// <summary><c>== != &lt; &lt;= &gt; &gt;=</c>.</summary>
internal static class Comparisons
{
    private static readonly CelType[] s_numbers = [Int, Uint, CelType.Double];

    public static readonly ImmutableArray<Overload> Overloads =
    [
        new("_==_", false, [A, A], Bool, (CelMeter meter, in CelArguments a) => CelEquality.Equal(a.First, a.Second, meter)),
        new("_!=_", false, [A, A], Bool, (CelMeter meter, in CelArguments a) => Not(CelEquality.Equal(a.First, a.Second, meter))),
        .. Orders("_<_", order => order < 0),
        .. Orders("_<=_", order => order <= 0),
        .. Orders("_>_", order => order > 0),
        .. Orders("_>=_", order => order >= 0),
    ];

    private static CelValue Not(CelValue value) => value.IsError ? value : CelValue.Of(!value.IsTrue);

    private static IEnumerable<Overload> Orders(string name, Func<int, bool> holds)
    {
        CelFunction body = (CelMeter meter, in CelArguments a) =>
            a.First.Kind == CelKind.String && !meter.SpendText(Math.Min(a.First.AsString.Length, a.Second.AsString.Length)) ? CelValue.Exhausted
            : a.First.Kind == CelKind.Bytes && !meter.SpendText(Math.Min(a.First.AsBytes.Length, a.Second.AsBytes.Length)) ? CelValue.Exhausted
            : CelOrder.Compare(a.First, a.Second) is { } order ? CelValue.Of(holds(order))
            : CelValue.Error("NaN values cannot be ordered");
        return s_numbers.SelectMany(_ => s_numbers, (x, y) => (x, y))
            .Concat(new[] { Bool, CelType.String, Bytes, Duration, Timestamp }.Select(t => (x: t, y: t)))
            .Select(pair => new Overload(name, false, [pair.x, pair.y], Bool, body));
    }
}
