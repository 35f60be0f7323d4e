using System.Collections.Immutable;
using static Katabira.Cluster.Cel.CelType;

namespace Katabira.Cluster.Cel.Functions;

/// <summary>Values that may be absent: the old object under <c>optionalOldSelf</c>, and <c>operand.?field</c>.</summary>
internal static class Optionals
{
    private static readonly CelType s_optional = Optional(A);

    public static readonly ImmutableArray<Overload> Overloads =
    [
        new("optional.none", false, [], s_optional, (CelMeter _, in CelArguments _) => CelValue.Of(CelOptional.None)),
        new("optional.of", false, [A], s_optional, (CelMeter _, in CelArguments a) => CelValue.Of(new CelOptional(a.First))),
        new("optional.ofNonZeroValue", false, [A], s_optional, (CelMeter _, in CelArguments a) =>
            CelValue.Of(IsZero(a.First) ? CelOptional.None : new CelOptional(a.First))),
        new("hasValue", true, [s_optional], Bool, (CelMeter _, in CelArguments a) => CelValue.Of(a.First.AsOptional.Value is not null)),
        new("value", true, [s_optional], A, (CelMeter _, in CelArguments a) => a.First.AsOptional.Value ?? CelValue.Error("optional.none() dereference")),
        new("or", true, [s_optional, s_optional], s_optional, (CelMeter _, in CelArguments a) => a.First.AsOptional.Value is null ? a.Second : a.First),
        new("orValue", true, [s_optional, A], A, (CelMeter _, in CelArguments a) => a.First.AsOptional.Value ?? a.Second),
        new("_[?_]", false, [List(A), Int], s_optional, (CelMeter _, in CelArguments a) => At(a.First, a.Second)),
        new("_[?_]", false, [Map(A, B), A], Optional(B), (CelMeter _, in CelArguments a) => At(a.First, a.Second)),
        new("_[?_]", false, [Optional(List(A)), Int], s_optional, (CelMeter _, in CelArguments a) =>
            a.First.AsOptional.Value is { } list ? At(list, a.Second) : a.First),
        new("_[?_]", false, [Optional(Map(A, B)), A], Optional(B), (CelMeter _, in CelArguments a) =>
            a.First.AsOptional.Value is { } map ? At(map, a.Second) : a.First),
    ];

    private static CelValue At(CelValue target, CelValue index)
    {
        CelValue? found = target.Kind switch
        {
            CelKind.List when index.Kind == CelKind.Int => index.AsInt >= 0 && index.AsInt < target.AsList.Count ? target.AsList[(int)index.AsInt] : null,
            CelKind.Map => target.AsMap.TryGet(index, out var value) ? value : null,
            _ => CelValue.NoSuchOverload,
        };
        return found is { IsError: true } error ? error : CelValue.Of(found is null ? CelOptional.None : new CelOptional(found));
    }

    private static bool IsZero(CelValue value) => value.Kind switch
    {
        CelKind.Null => true,
        CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Duration => value.AsInt == 0,
        CelKind.Double => value.AsDouble == 0,
        CelKind.String => value.AsString.Length == 0,
        CelKind.Bytes => value.AsBytes.Length == 0,
        CelKind.List => value.AsList.Count == 0,
        CelKind.Map => value.AsMap.Count == 0,
        CelKind.Optional => value.AsOptional.Value is null,
        _ => false,
    };
}
