using System.Collections.Immutable;
using static Katabira.Cluster.Cel.CelType;

namespace Katabira.Cluster.Cel.Functions;

/// <summary><c>+ - * / %</c> and the signs. Whole numbers never wrap around: overflow is an error.</summary>
internal static class Arithmetic
{
    private static readonly CelValue s_intOverflow = CelValue.Error("integer overflow");
    private static readonly CelValue s_uintOverflow = CelValue.Error("unsigned integer overflow");
    private static readonly CelValue s_divisionByZero = CelValue.Error("division by zero");
    private static readonly CelValue s_modulusByZero = CelValue.Error("modulus by zero");

    public static readonly ImmutableArray<Overload> Overloads =
    [
        Ints("_+_", (a, b) => a + b),
        Ints("_-_", (a, b) => a - b),
        Ints("_*_", (a, b) => a * b),
        new("_/_", false, [Int, Int], Int, (CelMeter _, in CelArguments a) =>
            a.Second.AsInt == 0 ? s_divisionByZero : Fit((Int128)a.First.AsInt / a.Second.AsInt)),
        new("_%_", false, [Int, Int], Int, (CelMeter _, in CelArguments a) => a.Second.AsInt == 0 ? s_modulusByZero
            // The hardware traps on the one remainder whose quotient does not fit; Go calls it an overflow.
            : a.First.AsInt == long.MinValue && a.Second.AsInt == -1 ? s_intOverflow
            : CelValue.Of(a.First.AsInt % a.Second.AsInt)),
        Uints("_+_", (a, b) => a + b),
        Uints("_-_", (a, b) => a - b),
        new("_*_", false, [Uint, Uint], Uint, (CelMeter _, in CelArguments a) =>
            Math.BigMul(a.First.AsUint, a.Second.AsUint, out var low) == 0 ? CelValue.Of(low) : s_uintOverflow),
        new("_/_", false, [Uint, Uint], Uint, (CelMeter _, in CelArguments a) =>
            a.Second.AsUint == 0 ? s_divisionByZero : CelValue.Of(a.First.AsUint / a.Second.AsUint)),
        new("_%_", false, [Uint, Uint], Uint, (CelMeter _, in CelArguments a) =>
            a.Second.AsUint == 0 ? s_modulusByZero : CelValue.Of(a.First.AsUint % a.Second.AsUint)),
        Doubles("_+_", (a, b) => a + b),
        Doubles("_-_", (a, b) => a - b),
        Doubles("_*_", (a, b) => a * b),
        Doubles("_/_", (a, b) => a / b),
        new("-_", false, [Int], Int, (CelMeter _, in CelArguments a) => Fit(-(Int128)a.First.AsInt)),
        new("-_", false, [CelType.Double], CelType.Double, (CelMeter _, in CelArguments a) => CelValue.Of(-a.First.AsDouble)),
        new("!_", false, [Bool], Bool, (CelMeter _, in CelArguments a) => CelValue.Of(!a.First.IsTrue)),
    ];

    private static Overload Ints(string name, Func<Int128, Int128, Int128> compute) =>
        new(name, false, [Int, Int], Int, (CelMeter _, in CelArguments a) => Fit(compute(a.First.AsInt, a.Second.AsInt)));

    private static Overload Uints(string name, Func<Int128, Int128, Int128> compute) =>
        new(name, false, [Uint, Uint], Uint, (CelMeter _, in CelArguments a) =>
        {
            var result = compute(a.First.AsUint, a.Second.AsUint);
            return result < 0 || result > ulong.MaxValue ? s_uintOverflow : CelValue.Of((ulong)result);
        });

    private static Overload Doubles(string name, Func<double, double, double> compute) =>
        new(name, false, [CelType.Double, CelType.Double], CelType.Double, (CelMeter _, in CelArguments a) =>
            CelValue.Of(compute(a.First.AsDouble, a.Second.AsDouble)));

    private static CelValue Fit(Int128 result) => result < long.MinValue || result > long.MaxValue ? s_intOverflow : CelValue.Of((long)result);
}
