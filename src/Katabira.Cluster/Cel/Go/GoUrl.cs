using System.Collections.Immutable;
using System.Text;

namespace Katabira.Cluster.Cel.Go;

/// <summary>A URL as Go's <c>net/url</c> takes it apart: an absolute URI or an absolute path.</summary>
/// <remarks>Rules ask for schemes and hosts in Go's reading of a URL, which is neither RFC 3986's nor <see cref="Uri"/>'s.</remarks>
internal sealed record GoUrl
{
    /// <summary>Lower case; empty for a path.</summary>
    public required string Scheme { get; init; }

    /// <summary>Host and port, brackets kept; empty for a path.</summary>
    public required string Host { get; init; }

    /// <summary>The path as it was written, percent escapes included.</summary>
    public required string RawPath { get; init; }

    /// <summary>What stands after the first question mark.</summary>
    public required string RawQuery { get; init; }

    /// <summary>The host without its port and brackets.</summary>
    public string Hostname
    {
        get
        {
            var name = Port.Length > 0 || Host.EndsWith(':') ? Host[..Host.LastIndexOf(':')] : Host;
            return name is ['[', .., ']'] ? name[1..^1] : name;
        }
    }

    /// <summary>The digits after the last colon of the host; empty if there are none.</summary>
    public string Port
    {
        get
        {
            var colon = Host.LastIndexOf(':');
            return colon >= 0 && colon > Host.LastIndexOf(']') && IsDigits(Host.AsSpan(colon + 1)) ? Host[(colon + 1)..] : "";
        }
    }

    /// <summary>The path with everything escaped that must be.</summary>
    public string EscapedPath => IsEscaped(RawPath) ? RawPath : GoUrlText.Escape(GoUrlText.TryUnescape(RawPath, plusIsSpace: false) ?? RawPath);

    /// <summary>Reads an absolute URI or an absolute path. A fragment is allowed and dropped.</summary>
    public static GoUrl? Parse(string text)
    {
        // A request line carries no fragment, so the reader below would count it to the path; both readings must succeed.
        if (ParseRequest(text) is null)
        {
            return null;
        }
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        if (hash < 0)
        {
            return ParseRequest(text);
        }
        return GoUrlText.TryUnescape(text[(hash + 1)..], plusIsSpace: false) is null ? null : ParseRequest(text[..hash]);
    }

    /// <summary>True if <see cref="Parse"/> would find an absolute URI or path, fragments aside.</summary>
    public static bool IsRequestUri(string text) => ParseRequest(text) is not null;

    /// <summary>Query parameters in the order of their first appearance, unescaped. Malformed ones are left out.</summary>
    public ImmutableArray<KeyValuePair<string, ImmutableArray<string>>> Query()
    {
        var order = new List<string>();
        var values = new Dictionary<string, ImmutableArray<string>.Builder>(StringComparer.Ordinal);
        foreach (var part in RawQuery.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var key = GoUrlText.TryUnescape(equals < 0 ? part : part[..equals], plusIsSpace: true);
            var value = GoUrlText.TryUnescape(equals < 0 ? "" : part[(equals + 1)..], plusIsSpace: true);
            if (part.Contains(';', StringComparison.Ordinal) || key is null || value is null)
            {
                continue;
            }
            if (!values.TryGetValue(key, out var list))
            {
                values[key] = list = ImmutableArray.CreateBuilder<string>();
                order.Add(key);
            }
            list.Add(value);
        }
        return [.. order.Select(key => KeyValuePair.Create(key, values[key].ToImmutable()))];
    }

    private static GoUrl? ParseRequest(string text)
    {
        if (text.Length == 0 || text.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0 || text.Contains('\u007f', StringComparison.Ordinal))
        {
            return null;
        }
        if (text == "*")
        {
            return new() { Scheme = "", Host = "", RawPath = "*", RawQuery = "" };
        }
        if (!TryScheme(text, out var scheme, out var rest))
        {
            return null;
        }
        var mark = rest.IndexOf('?', StringComparison.Ordinal);
        var query = mark < 0 ? "" : rest[(mark + 1)..];
        rest = mark < 0 ? rest : rest[..mark];
        if (!rest.StartsWith('/'))
        {
            // scheme:opaque, as in mailto:
            return scheme.Length == 0 ? null : new() { Scheme = scheme, Host = "", RawPath = "", RawQuery = query };
        }
        var host = "";
        if (scheme.Length > 0 && rest.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = rest.IndexOf('/', 2);
            if (GoUrlText.HostOf(slash < 0 ? rest[2..] : rest[2..slash]) is not { } found)
            {
                return null;
            }
            host = found;
            rest = slash < 0 ? "" : rest[slash..];
        }
        return GoUrlText.TryUnescape(rest, plusIsSpace: false) is null ? null : new() { Scheme = scheme, Host = host, RawPath = rest, RawQuery = query };
    }

    /// <summary>False if there is a colon with nothing before it; text without a scheme is all rest.</summary>
    private static bool TryScheme(string text, out string scheme, out string rest)
    {
        (scheme, rest) = ("", text);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == ':')
            {
                scheme = text[..i].ToLowerInvariant();
                rest = text[(i + 1)..];
                return i > 0;
            }
            if (!char.IsAsciiLetter(c) && (i == 0 || (!char.IsAsciiDigit(c) && c is not ('+' or '-' or '.'))))
            {
                return true;
            }
        }
        return true;
    }

    private static bool IsEscaped(string path)
    {
        foreach (var rune in path.EnumerateRunes())
        {
            if (rune.Value >= 0x80 || (!GoUrlText.IsPathCharacter((char)rune.Value) && rune.Value is not ('[' or ']' or '%')))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') < 0;
}

/// <summary>Percent escapes and hosts, as Go's <c>net/url</c> reads them.</summary>
internal static class GoUrlText
{
    /// <summary>Text with its percent escapes resolved; null if one is malformed.</summary>
    public static string? TryUnescape(string text, bool plusIsSpace)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return plusIsSpace ? text.Replace('+', ' ') : text;
        }
        var bytes = new List<byte>(text.Length);
        Span<byte> encoded = stackalloc byte[4];
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                {
                    return null;
                }
                bytes.Add(Convert.FromHexString(text.AsSpan(i + 1, 2))[0]);
                i += 3;
                continue;
            }
            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var consumed);
            rune = plusIsSpace && rune.Value == '+' ? new Rune(' ') : rune;
            bytes.AddRange(encoded[..rune.EncodeToUtf8(encoded)]);
            i += consumed;
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>Escapes what may not stand in a path.</summary>
    public static string Escape(string path)
    {
        var result = new StringBuilder(path.Length);
        foreach (var b in Encoding.UTF8.GetBytes(path))
        {
            if (b < 0x80 && IsPathCharacter((char)b))
            {
                result.Append((char)b);
            }
            else
            {
                result.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }
        return result.ToString();
    }

    public static bool IsPathCharacter(char c) => IsUnreserved(c) || "$&+,/:;=@!'()*".Contains(c, StringComparison.Ordinal);

    /// <summary>The host and port of an authority; null if it is malformed.</summary>
    public static string? HostOf(string authority)
    {
        var at = authority.LastIndexOf('@');
        if (at >= 0 && (!authority.AsSpan(0, at).ContainsOnlyUserInfo() || TryUnescape(authority[..at], plusIsSpace: false) is null))
        {
            return null;
        }
        var host = authority[(at + 1)..];
        int portStart;
        if (host.StartsWith('['))
        {
            var close = host.LastIndexOf(']');
            if (close < 0)
            {
                return null;
            }
            portStart = close + 1;
        }
        else
        {
            var colon = host.LastIndexOf(':');
            portStart = colon < 0 ? host.Length : colon;
        }
        var port = host.AsSpan(portStart);
        if (!port.IsEmpty && (port[0] != ':' || port[1..].IndexOfAnyExceptInRange('0', '9') >= 0))
        {
            return null;
        }
        // Escapes of ASCII have no place in a host, but for the % of an IPv6 zone.
        for (var i = 0; i < host.Length; i++)
        {
            if (host[i] == '%')
            {
                if (i + 2 >= host.Length || !char.IsAsciiHexDigit(host[i + 1]) || !char.IsAsciiHexDigit(host[i + 2])
                    || (host[i + 1] < '8' && !host.AsSpan(i).StartsWith("%25", StringComparison.Ordinal)))
                {
                    return null;
                }
            }
            else if (host[i] < 0x80 && !IsUnreserved(host[i]) && !"!$&'()*+,;=:[]<>\"".Contains(host[i], StringComparison.Ordinal))
            {
                return null;
            }
        }
        return TryUnescape(host, plusIsSpace: false);
    }

    private static bool IsUnreserved(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~';

    private static bool ContainsOnlyUserInfo(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"-._:~!$&'()*+,;=%@".Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }
        return true;
    }
}
