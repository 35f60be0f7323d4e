using System.Buffers;
using System.Globalization;
using System.Numerics;

namespace Katabira.Cluster.Resources;

/// <summary>The one way in which a resource quantity is written: <c>0.1</c> is <c>100m</c>, <c>1024Mi</c> is <c>1Gi</c>. Pure.</summary>
/// <remarks>Source: kubernetes/apimachinery pkg/api/resource: the largest suffix that leaves a whole number; nothing finer than a billionth.</remarks>
internal static class QuantityText
{
    private const int MostDigits = 64;
    private const int LargestExponent = 60;
    private const int Nano = -9;

    private static readonly SearchValues<char> s_digits = SearchValues.Create("+-.0123456789");
    private static readonly string[] s_decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
    private static readonly string[] s_binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

    /// <summary>The canonical text; the text itself if it is no quantity, or one beyond any machine.</summary>
    public static string Canonical(string text)
    {
        var end = text.AsSpan().IndexOfAnyExcept(s_digits);
        var (number, suffix) = end < 0 ? (text, "") : (text[..end], text[end..]);
        if (number.Length > MostDigits || Nanos(number) is not { } nanos)
        {
            return text;
        }
        if (Array.IndexOf(s_binary, suffix) is var power and >= 0)
        {
            nanos *= BigInteger.Pow(1024, power + 1);
            return BigInteger.Abs(nanos) < BigInteger.Pow(10, -Nano) * 1024 ? Decimal(nanos, isExponent: false) : Binary(nanos);
        }
        var isExponent = suffix is ['e' or 'E', _, ..] && int.TryParse(suffix[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
        if (!isExponent && Array.IndexOf(s_decimal, suffix) < 0)
        {
            return text;
        }
        var exponent = isExponent ? int.Parse(suffix[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : (Array.IndexOf(s_decimal, suffix) * 3) + Nano;
        if (Math.Abs(exponent) > LargestExponent)
        {
            return text;
        }
        return Decimal(exponent >= 0 ? nanos * BigInteger.Pow(10, exponent) : UpBy(nanos, BigInteger.Pow(10, -exponent)), isExponent);
    }

    /// <summary>The number in billionths, rounded away from zero; null if it is none.</summary>
    private static BigInteger? Nanos(string number)
    {
        var point = number.IndexOf('.', StringComparison.Ordinal);
        var (whole, fraction) = point < 0 ? (number, "") : (number[..point], number[(point + 1)..]);
        if (whole.TrimStart('+', '-').Length + fraction.Length == 0 || fraction.AsSpan().ContainsAnyExceptInRange('0', '9')
            || !BigInteger.TryParse(whole + fraction.PadRight(-Nano, '0'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var all))
        {
            return null;
        }
        return fraction.Length > -Nano ? UpBy(all, BigInteger.Pow(10, fraction.Length + Nano)) : all;
    }

    private static string Decimal(BigInteger nanos, bool isExponent)
    {
        if (nanos.IsZero)
        {
            return "0";
        }
        var step = 0;
        while (step < s_decimal.Length - 1 && nanos % 1000 == 0)
        {
            nanos /= 1000;
            step++;
        }
        var exponent = (step * 3) + Nano;
        var suffix = !isExponent ? s_decimal[step] : exponent == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"e{exponent}");
        return nanos.ToString(CultureInfo.InvariantCulture) + suffix;
    }

    private static string Binary(BigInteger nanos)
    {
        var whole = UpBy(nanos, BigInteger.Pow(10, -Nano));
        var step = -1;
        while (step < s_binary.Length - 1 && whole % 1024 == 0)
        {
            whole /= 1024;
            step++;
        }
        return whole.ToString(CultureInfo.InvariantCulture) + (step < 0 ? "" : s_binary[step]);
    }

    private static BigInteger UpBy(BigInteger value, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(value, divisor, out var rest);
        return rest.IsZero ? quotient : quotient + rest.Sign;
    }
}
