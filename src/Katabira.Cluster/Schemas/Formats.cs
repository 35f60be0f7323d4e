using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Katabira.Cluster.Cel;
using Katabira.Cluster.Cel.Go;

namespace Katabira.Cluster.Schemas;

/// <summary>The formats that the API server checks. All others are documentation and are ignored.</summary>
/// <remarks>Not there although Kubernetes knows them: isbn, isbn10, isbn13, creditcard, bsonobjectid, ssn, hexcolor, rgbcolor.</remarks>
internal static partial class Formats
{
    private static readonly SearchValues<char> s_base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    /// <summary>The format as it is checked for a type, or null if it is not.</summary>
    public static string? Recognized(string type, string format) => type switch
    {
        "integer" => format is "int32" or "int64" ? format : null,
        "number" => format is "float" or "double" ? format : null,
        "" or "string" => Normal(format) is "byte" or "date" or "datetime" or "duration" or "email" or "hostname" or "ipv4" or "ipv6" or "cidr" or "mac"
            or "uri" or "uuid" or "uuid3" or "uuid4" or "uuid5" or "password" ? format : null,
        _ => null,
    };

    /// <summary>True if the text has the format; formats of numbers are not asked here.</summary>
    public static bool Matches(string format, string text) => Normal(format) switch
    {
        "byte" => IsBase64(text),
        "date" => CelTime.TryParseDate(text, out _),
        "datetime" => IsDateTime(text),
        "duration" => GoDuration.TryParseFormat(text, out _),
        "email" => MailAddress.TryCreate(text, out _),
        "hostname" => IsHostname(text),
        "ipv4" => text.Contains('.', StringComparison.Ordinal) && IsAddress(text, AddressFamily.InterNetwork),
        "ipv6" => text.Contains(':', StringComparison.Ordinal) && IsAddress(text, AddressFamily.InterNetworkV6),
        "cidr" => IsCidr(text),
        "mac" => Mac().IsMatch(text),
        "uri" => GoUrl.IsRequestUri(text),
        "uuid" => Uuid().IsMatch(text),
        "uuid3" => Uuid().IsMatch(text) && Hex(text)[12] == '3',
        "uuid4" => Uuid().IsMatch(text) && Hex(text)[12] == '4' && Hex(text)[16] is '8' or '9' or 'a' or 'b',
        "uuid5" => Uuid().IsMatch(text) && Hex(text)[12] == '5' && Hex(text)[16] is '8' or '9' or 'a' or 'b',
        _ => true,
    };

    private static string Normal(string format) => format.Replace("-", "", StringComparison.Ordinal);

    /// <summary>The standard alphabet with padding; empty text is not base64, as in Kubernetes.</summary>
    private static bool IsBase64(string text)
    {
        if (text.Length == 0 || text.Length % 4 != 0)
        {
            return false;
        }
        var digits = text.EndsWith("==", StringComparison.Ordinal) ? text.Length - 2 : text.EndsWith('=') ? text.Length - 1 : text.Length;
        return text.AsSpan(0, digits).IndexOfAnyExcept(s_base64) < 0;
    }

    /// <summary>RFC 3339, in either case of T and Z.</summary>
    private static bool IsDateTime(string text)
    {
        var at = text.IndexOfAny(['t', 'T']);
        return at > 0 && text.Length <= 64 && CelTime.TryParseDate(text[..at], out _) && TimeOfDay().IsMatch(text.AsSpan(at + 1))
            && string.CompareOrdinal(text, at + 1, "24", 0, 2) < 0;
    }

    private static bool IsAddress(string text, AddressFamily family) =>
        text.AsSpan().IndexOfAny('%', '[') < 0 && IPAddress.TryParse(text, out var address) && address.AddressFamily == family
            && (family != AddressFamily.InterNetwork || text.Count(c => c == '.') == 3);

    private static bool IsCidr(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits))
        {
            return false;
        }
        var address = text[..slash];
        return IsAddress(address, AddressFamily.InterNetwork) ? bits <= 32 : IsAddress(address, AddressFamily.InterNetworkV6) && bits <= 128;
    }

    /// <summary>Labels of letters, digits, symbols and inner dashes; behind a dot, the last one is letters only.</summary>
    private static bool IsHostname(string text)
    {
        var labels = text.Split('.');
        var isDomain = labels.Length > 1;
        return text.Length <= 255
            && (isDomain ? labels[..^1] : labels).All(IsHostLabel)
            && (!isDomain || (labels[^1].Length is >= 2 and <= 63 && labels[^1].All(char.IsLetter)));
    }

    private static bool IsHostLabel(string label) =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-'
            && label.All(c => char.IsLetter(c) || char.IsAsciiDigit(c) || char.IsSymbol(c) || c == '-');

    private static string Hex(string uuid) => uuid.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    [GeneratedRegex(@"^[0-9]{2}:[0-5][0-9]:[0-5][0-9](\.[0-9]+)?([zZ]|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex TimeOfDay();

    [GeneratedRegex(@"^([0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}(([:-][0-9a-fA-F]{2}){2})?|[0-9a-fA-F]{4}(\.[0-9a-fA-F]{4}){2,3})\z")]
    private static partial Regex Mac();

    [GeneratedRegex(@"^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}\z")]
    private static partial Regex Uuid();
}
