using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Katabira.Model.Validation;

/// <summary>Pure checks of the small grammars that many fields share. All are linear in their input, and none allocates but those of addresses.</summary>
internal static class Syntax
{
    /// <summary>Longest DNS name in text form, RFC 1035 section 2.3.4.</summary>
    private const int LongestName = 253;

    private const int LongestLabel = 63;

    /// <summary>Of <c>255.255.255.255</c>.</summary>
    private const int LongestIPv4 = 15;

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

    /// <inheritdoc cref="TryParseAddress"/>
    public static bool IsAddress(ReadOnlySpan<char> text) => TryParseAddress(text, out _);

    /// <inheritdoc cref="TryParseNetwork"/>
    public static bool IsAddressOrNetwork(ReadOnlySpan<char> text) => TryParseNetwork(text, out _, out _);

    /// <summary>An IP address that means to everybody what it shows: IPv4 in its canonical form, IPv6 without brackets and scope.</summary>
    /// <remarks>Refused are the short forms of <c>inet_aton</c>, and numbers that look decimal and are octal.</remarks>
    public static bool TryParseAddress(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        Span<char> canonical = stackalloc char[LongestIPv4];
        return !text.ContainsAnyExcept(s_address)
            && IPAddress.TryParse(text, out address)
            && (address.AddressFamily == AddressFamily.InterNetworkV6
                || (address.TryFormat(canonical, out var length) && text.SequenceEqual(canonical[..length])));
    }

    /// <summary>Such an address, or a network that begins with one: <c>10.0.0.0/8</c>. The bits beyond the prefix need not be zero.</summary>
    /// <remarks>The prefix of an address alone is as long as the address.</remarks>
    public static bool TryParseNetwork(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address, out int prefixLength)
    {
        prefixLength = 0;
        var slash = text.IndexOf('/');
        if (!TryParseAddress(slash < 0 ? text : text[..slash], out address))
        {
            return false;
        }
        var longest = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (slash < 0)
        {
            prefixLength = longest;
            return true;
        }
        var number = text[(slash + 1)..];
        return number is not ['0', _, ..]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out prefixLength)
            && prefixLength <= longest;
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

    private static readonly SearchValues<char> s_labelCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    private static readonly SearchValues<char> s_token =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~");

    private static readonly SearchValues<char> s_address = SearchValues.Create("0123456789abcdefABCDEF:.");

    private static readonly SearchValues<char> s_number = SearchValues.Create("0123456789.");

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
