using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using static Katabira.Cluster.Cel.CelType;

namespace Katabira.Cluster.Cel.Functions;

/// <summary><c>int() uint() double() string() bool() bytes() type() dyn()</c>. What does not fit is an error.</summary>
internal static class Conversions
{
    private const double TwoTo63 = 9223372036854775808.0, TwoTo64 = 18446744073709551616.0;

    private static readonly SearchValues<char> s_realCharacters = SearchValues.Create("0123456789+-.eE");
    private static readonly UTF8Encoding s_strictUtf8 = new(false, throwOnInvalidBytes: true);
    private static readonly CelValue s_intOverflow = CelValue.Error("integer overflow");
    private static readonly CelValue s_uintOverflow = CelValue.Error("unsigned integer overflow");

    public static readonly ImmutableArray<Overload> Overloads =
    [
        To(Int, Int, v => v),
        To(Uint, Int, v => v.AsUint <= long.MaxValue ? CelValue.Of((long)v.AsUint) : s_intOverflow),
        To(CelType.Double, Int, v => v.AsDouble > -TwoTo63 && v.AsDouble < TwoTo63 ? CelValue.Of((long)v.AsDouble) : s_intOverflow),
        To(CelType.String, Int, v => TryWhole<long>(v.AsString, NumberStyles.AllowLeadingSign, out var n) ? CelValue.Of(n) : Fails(Int)),
        To(Timestamp, Int, v => CelValue.Of((v.AsTimestamp - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond)),
        To(Uint, Uint, v => v),
        To(Int, Uint, v => v.AsInt >= 0 ? CelValue.Of((ulong)v.AsInt) : s_uintOverflow),
        To(CelType.Double, Uint, v => v.AsDouble >= 0 && v.AsDouble < TwoTo64 ? CelValue.Of((ulong)v.AsDouble) : s_uintOverflow),
        To(CelType.String, Uint, v => TryWhole<ulong>(v.AsString, NumberStyles.None, out var n) ? CelValue.Of(n) : Fails(Uint)),
        To(CelType.Double, CelType.Double, v => v),
        To(Int, CelType.Double, v => CelValue.Of((double)v.AsInt)),
        To(Uint, CelType.Double, v => CelValue.Of((double)v.AsUint)),
        To(CelType.String, CelType.Double, v => TryReal(v.AsString, out var n) ? CelValue.Of(n) : Fails(CelType.Double)),
        To(CelType.String, CelType.String, v => v),
        To(Int, CelType.String, v => CelValue.Of(v.ToString())),
        To(Uint, CelType.String, v => CelValue.Of(v.ToString())),
        To(CelType.Double, CelType.String, v => CelValue.Of(v.ToString())),
        To(Bool, CelType.String, v => CelValue.Of(v.ToString())),
        To(Duration, CelType.String, v => CelValue.Of(v.ToString())),
        To(Timestamp, CelType.String, v => CelValue.Of(v.ToString())),
        new("string", false, [Bytes], CelType.String, (CelMeter m, in CelArguments a) =>
            m.SpendText(a.First.AsBytes.Length) ? Decode(a.First.AsBytes) : CelValue.Exhausted),
        To(Bool, Bool, v => v),
        To(CelType.String, Bool, v => v.AsString switch
        {
            "1" or "t" or "T" or "TRUE" or "true" or "True" => CelValue.True,
            "0" or "f" or "F" or "FALSE" or "false" or "False" => CelValue.False,
            _ => Fails(Bool),
        }),
        To(Bytes, Bytes, v => v),
        new("bytes", false, [CelType.String], Bytes, (CelMeter m, in CelArguments a) =>
            m.SpendText(a.First.AsString.Length) ? CelValue.Of(Encoding.UTF8.GetBytes(a.First.AsString)) : CelValue.Exhausted),
        new("type", false, [A], TypeOf(A), (CelMeter _, in CelArguments a) => CelValue.Of(TypeOfValue(a.First.Kind))),
        new("dyn", false, [A], Dyn, (CelMeter _, in CelArguments a) => a.First),
    ];

    /// <summary>Why text is not what it should be, in the words of the reference implementation.</summary>
    public static CelValue Fails(CelType to) => CelValue.Error($"type conversion error from 'string' to '{to}'");

    private static Overload To(CelType from, CelType to, Func<CelValue, CelValue> convert) =>
        new(to.ToString(), false, [from], to, (CelMeter _, in CelArguments a) => convert(a.First));

    private static bool TryWhole<T>(string text, NumberStyles style, out T value)
        where T : struct, System.Numerics.INumber<T>
    {
        // .NET forgives trailing zero characters.
        value = default;
        return !text.Contains('\0', StringComparison.Ordinal) && T.TryParse(text, style, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryReal(string text, out double value)
    {
        value = text.ToUpperInvariant() switch
        {
            "INF" or "+INF" or "INFINITY" or "+INFINITY" => double.PositiveInfinity,
            "-INF" or "-INFINITY" => double.NegativeInfinity,
            _ => double.NaN,
        };
        if (!double.IsNaN(value) || text.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }
        return text.AsSpan().IndexOfAnyExcept(s_realCharacters) < 0
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }

    private static CelValue Decode(byte[] bytes)
    {
        try
        {
            return CelValue.Of(s_strictUtf8.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            return CelValue.Error("invalid UTF-8 in bytes, cannot convert to string");
        }
    }

    private static CelType TypeOfValue(CelKind kind) => kind switch
    {
        CelKind.Null => Null,
        CelKind.Bool => Bool,
        CelKind.Int => Int,
        CelKind.Uint => Uint,
        CelKind.Double => CelType.Double,
        CelKind.String => CelType.String,
        CelKind.Bytes => Bytes,
        CelKind.List => List(Dyn),
        CelKind.Map => Map(Dyn, Dyn),
        CelKind.Duration => Duration,
        CelKind.Timestamp => Timestamp,
        CelKind.Url => Url,
        CelKind.Optional => Optional(Dyn),
        _ => CelType.Type,
    };
}
