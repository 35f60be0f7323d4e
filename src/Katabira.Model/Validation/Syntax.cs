using System.Globalization;
using System.Net;

namespace Katabira.Model.Validation;

/// <summary>Pure checks of the small grammars that many fields share. None allocates; all are linear in their input.</summary>
internal static class Syntax
{
    /// <summary>Longest DNS name in text form, RFC 1035 section 2.3.4.</summary>
    private const int LongestName = 253;

    private const int LongestLabel = 63;

    /// <summary>A DNS label: letters, digits and inner hyphens, 1 to 63 of them (RFC 1123 section 2.1).</summary>
    public static bool IsDnsLabel(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= LongestLabel
        && char.IsAsciiLetterOrDigit(text[0])
        && char.IsAsciiLetterOrDigit(text[^1])
        && !text.ContainsAnyExcept(s_labelCharacters);

    /// <summary>A host name; a trailing dot is allowed, a name that reads as an address is not.</summary>
    public static bool IsHostName(ReadOnlySpan<char> text)
    {
        text = text.EndsWith(".", StringComparison.Ordinal) ? text[..^1] : text;
        return IsLabels(text) && text[(text.LastIndexOf('.') + 1)..].ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>A host name whose first label may be <c>*</c> or begin with <c>*-</c>; or <c>*</c> alone.</summary>
    public static bool IsWildcardHost(ReadOnlySpan<char> text)
    {
        if (text is "*")
        {
            return true;
        }
        var rest = text.StartsWith("*.", StringComparison.Ordinal) || text.StartsWith("*-", StringComparison.Ordinal) ? text[2..] : text;
        return text.Length <= LongestName && IsHostName(rest);
    }

    /// <summary>An IPv4 or IPv6 address in its usual text form; IPv4 in the short forms of <c>inet_aton</c> is refused.</summary>
    public static bool IsAddress(ReadOnlySpan<char> text) =>
        IPAddress.TryParse(text, out _) && (text.Contains(':') || text.Count('.') == 3);

    /// <summary>An address, or an address with a prefix length.</summary>
    public static bool IsAddressOrNetwork(ReadOnlySpan<char> text)
    {
        var slash = text.IndexOf('/');
        if (slash < 0)
        {
            return IsAddress(text);
        }
        var longest = text[..slash].Contains(':') ? 128 : 32;
        return IsAddress(text[..slash])
            && int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length <= longest;
    }

    /// <summary>A port number that a connection can have.</summary>
    public static bool IsPort(long number) => number is > 0 and <= ushort.MaxValue;

    /// <summary>A length of time as Go and protobuf's JSON write it: <c>1.5s</c>, <c>2h45m</c>. Sums are exact to 100 ns.</summary>
    public static bool TryParseDuration(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        var sign = 1;
        if (text.Length > 0 && text[0] is '+' or '-')
        {
            sign = text[0] == '-' ? -1 : 1;
            text = text[1..];
        }
        if (text is "0")
        {
            return true;
        }
        var ticks = 0m;
        do
        {
            var digits = text.IndexOfAnyExcept(s_number);
            if (digits <= 0 || !decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }
            text = text[digits..];
            var letters = text.IndexOfAny(s_number);
            var unit = letters < 0 ? text : text[..letters];
            text = text[unit.Length..];
            var scale = TicksOf(unit);
            // ten thousand years of any unit is further than anything can be scheduled, and keeps the sum inside decimal
            if (scale < 0 || number > 100_000_000_000_000m)
            {
                return false;
            }
            ticks += number * scale;
        }
        while (!text.IsEmpty);
        if (ticks > TimeSpan.MaxValue.Ticks)
        {
            return false;
        }
        duration = new TimeSpan(sign * (long)ticks);
        return true;
    }

    /// <summary>A header's name, RFC 9110 section 5.1: a token; <c>:authority</c> and its like are not.</summary>
    public static bool IsHeaderName(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(s_token);

    private static readonly System.Buffers.SearchValues<char> s_labelCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    private static readonly System.Buffers.SearchValues<char> s_token =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~");

    private static readonly System.Buffers.SearchValues<char> s_number = System.Buffers.SearchValues.Create("0123456789.");

    private static bool IsLabels(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > LongestName)
        {
            return false;
        }
        foreach (var label in text.Split('.'))
        {
            if (!IsDnsLabel(text[label]))
            {
                return false;
            }
        }
        return true;
    }

    private static decimal TicksOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 0.01m,
        "us" or "µs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => -1,
    };
}
