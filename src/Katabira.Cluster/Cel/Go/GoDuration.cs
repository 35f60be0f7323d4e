using System.Globalization;

namespace Katabira.Cluster.Cel.Go;

/// <summary>Spans of time as Go writes them, e.g. <c>1h2m3.5s</c>: whole nanoseconds in 64 bits, about ±292 years.</summary>
/// <remarks>Rules about durations were written against Go's reader, so its limits and its units are the meaning of the rule.</remarks>
internal static class GoDuration
{
    private const ulong Limit = 1UL << 63;

    /// <summary>Reads the form that <c>time.ParseDuration</c> accepts. False for anything else, overflow included.</summary>
    public static bool TryParse(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        var rest = text.AsSpan();
        var negative = rest is ['-', ..];
        if (rest is ['-' or '+', ..])
        {
            rest = rest[1..];
        }
        if (rest is "0")
        {
            return true;
        }
        ulong total = 0;
        var any = false;
        while (!rest.IsEmpty)
        {
            if (!TryTerm(ref rest, out var term) || (total += term) > Limit)
            {
                return false;
            }
            any = true;
        }
        if (!any || (total == Limit && !negative))
        {
            return false;
        }
        nanoseconds = negative ? unchecked(-(long)total) : (long)total;
        return true;
    }

    /// <summary>Reads what the OpenAPI format <c>duration</c> accepts: Go's form, or words such as <c>22 ns</c> and <c>3 days</c>.</summary>
    public static bool TryParseFormat(string text, out long nanoseconds)
    {
        if (TryParse(text, out nanoseconds))
        {
            return true;
        }
        Int128 total = 0;
        var found = false;
        for (var i = 0; i < text.Length;)
        {
            if (!char.IsAsciiDigit(text[i]))
            {
                i++;
                continue;
            }
            var number = Run(text, i, char.IsAsciiDigit);
            var unitStart = Run(text, number, char.IsWhiteSpace);
            var unitEnd = Run(text, unitStart, static c => char.IsAsciiLetter(c) || c == 'µ');
            if (unitEnd > unitStart && UnitOfWord(text[unitStart..unitEnd]) is { } unit)
            {
                if (!long.TryParse(text.AsSpan(i, number - i), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                {
                    return false;
                }
                total += (Int128)count * (long)unit;
                found = true;
            }
            i = Math.Max(unitEnd, i + 1);
        }
        nanoseconds = found && total <= long.MaxValue ? (long)total : 0;
        return found && total <= long.MaxValue;
    }

    /// <summary>Seconds with an <c>s</c>, as CEL's <c>string()</c> writes a duration.</summary>
    public static string ToSeconds(long nanoseconds) => GoFloat.Plain(nanoseconds / 1e9) + "s";

    private static bool TryTerm(ref ReadOnlySpan<char> rest, out ulong term)
    {
        term = 0;
        ulong whole = 0;
        var digits = 0;
        for (; digits < rest.Length && char.IsAsciiDigit(rest[digits]); digits++)
        {
            if (whole > Limit / 10)
            {
                return false;
            }
            whole = (whole * 10) + (ulong)(rest[digits] - '0');
        }
        rest = rest[digits..];
        double fraction = 0;
        if (rest is ['.', ..])
        {
            var length = 1;
            var scale = 1.0;
            for (; length < rest.Length && char.IsAsciiDigit(rest[length]); length++)
            {
                scale /= 10;
                fraction += (rest[length] - '0') * scale;
            }
            digits += length - 1;
            rest = rest[length..];
        }
        if (digits == 0 || !TryUnit(ref rest, out var unit) || whole > Limit / unit)
        {
            return false;
        }
        term = (whole * unit) + (ulong)Math.Round(fraction * unit, MidpointRounding.ToZero);
        return term <= Limit;
    }

    private static bool TryUnit(ref ReadOnlySpan<char> rest, out ulong unit)
    {
        var length = 0;
        while (length < rest.Length && rest[length] != '.' && !char.IsAsciiDigit(rest[length]))
        {
            length++;
        }
        unit = rest[..length] switch
        {
            "ns" => 1,
            "us" or "µs" or "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => 0,
        };
        rest = rest[length..];
        return unit != 0;
    }

    private static ulong? UnitOfWord(string word)
    {
        var unit = word.ToLowerInvariant();
        return unit is "ns" || unit.StartsWith("nano", StringComparison.Ordinal) ? 1
            : unit is "us" or "µs" || unit.StartsWith("micro", StringComparison.Ordinal) ? 1_000
            : unit is "ms" || unit.StartsWith("milli", StringComparison.Ordinal) ? 1_000_000
            : unit is "s" || unit.StartsWith("sec", StringComparison.Ordinal) ? 1_000_000_000
            : unit is "m" || unit.StartsWith("min", StringComparison.Ordinal) ? 60_000_000_000
            : unit is "h" or "hr" || unit.StartsWith("hour", StringComparison.Ordinal) ? 3_600_000_000_000
            : unit is "d" || unit.StartsWith("day", StringComparison.Ordinal) ? 86_400_000_000_000
            : unit is "w" or "wk" || unit.StartsWith("week", StringComparison.Ordinal) ? 604_800_000_000_000
            : null;
    }

    private static int Run(string text, int from, Func<char, bool> belongs)
    {
        while (from < text.Length && belongs(text[from]))
        {
            from++;
        }
        return from;
    }
}
