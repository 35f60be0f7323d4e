using System.Globalization;

namespace Katabira.Cluster.Cel.Go;

/// <summary>Floating-point numbers as Go prints them; they stand in error messages that people and tools compare.</summary>
internal static class GoFloat
{
    /// <summary>Go's <c>%v</c>: the shortest text that reads back to the same number, with an exponent below 1e-04 and from 1e+06 up.</summary>
    public static string Format(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        }
        if (value == 0 || (Math.Abs(value) >= 1e-4 && Math.Abs(value) < 1e6))
        {
            return Plain(value);
        }
        var text = value.ToString("E16", CultureInfo.InvariantCulture);
        var exponent = int.Parse(text.AsSpan(text.IndexOf('E', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
        var digits = ShortestDigits(value);
        var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return string.Create(CultureInfo.InvariantCulture, $"{(value < 0 ? "-" : "")}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    /// <summary>The shortest text without an exponent.</summary>
    public static string Plain(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('E', StringComparison.Ordinal)
            ? value.ToString("0." + new string('#', 340), CultureInfo.InvariantCulture)
            : text;
    }

    /// <summary>Significant digits of the shortest round trip, without sign, point and padding zeros.</summary>
    private static string ShortestDigits(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture).AsSpan().TrimStart('-');
        var end = text.IndexOf('E');
        return (end < 0 ? text : text[..end]).ToString().Replace(".", "", StringComparison.Ordinal).Trim('0');
    }
}
