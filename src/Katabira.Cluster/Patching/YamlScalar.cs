using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching;

/// <summary>What an unquoted YAML scalar means, by the rules of Kubernetes' YAML reader (sigs.k8s.io/yaml over go-yaml v2, YAML 1.1 with exceptions).</summary>
/// <remarks>
/// So <c>yes</c>, <c>on</c> and even <c>y</c> are true; <c>010</c> is 8 and <c>0x10</c> is 16; dates stay text, and there are no base-60 numbers.
/// Numbers come out as Go writes them into JSON: <c>1.0</c> becomes 1.
/// </remarks>
internal static class YamlScalar
{
    /// <summary>The tags, in short form, that say how a scalar is to be read. Any other tag leaves it a text.</summary>
    public const string String = "!!str", Bool = "!!bool", Int = "!!int", Float = "!!float", Null = "!!null", Timestamp = "!!timestamp", Binary = "!!binary";

    /// <summary>Resolves text that stands unquoted.</summary>
    /// <returns>The value and its tag, or <see cref="String"/> and the text itself. A number that JSON cannot hold (infinity) has a null value and the tag <see cref="Float"/>.</returns>
    public static (string Tag, JsonNode? Value) Resolve(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => (Null, null),
        "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => (Bool, JsonValue.Create(true)),
        "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => (Bool, JsonValue.Create(false)),
        ".nan" or ".NaN" or ".NAN" or ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" or "-.inf" or "-.Inf" or "-.INF" => (Float, null),
        _ => text[0] is (>= '0' and <= '9') or '+' or '-' or '.' ? Number(text) : (String, JsonValue.Create(text)),
    };

    private static (string Tag, JsonNode? Value) Number(string text)
    {
        if (text[0] == '.' && !UnderscoresSeparateDigits(text))
        {
            return (String, JsonValue.Create(text));
        }
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        if (TryParseInteger(plain, out var whole))
        {
            return whole >= long.MinValue && whole <= long.MaxValue
                ? (Int, JsonValue.Create((long)whole))
                : (Int, JsonValue.Create((ulong)whole));
        }
        if (!IsFloat(plain) || !double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return (String, JsonValue.Create(text));
        }
        // Go calls a number that overflows an error, and the scalar then stays a text
        return double.IsFinite(number) ? (Float, JsonNode.Parse(GoText.Number(number))) : (String, JsonValue.Create(text));
    }

    /// <summary>Go's <c>ParseInt</c> with base 0, for 64 bits: decimal, 0x, 0o, 0b, and a leading zero for octal.</summary>
    private static bool TryParseInteger(ReadOnlySpan<char> text, out BigInteger value)
    {
        value = default;
        var negative = text[0] == '-';
        var digits = text[0] is '+' or '-' ? text[1..] : text;
        var radix = 10;
        if (digits.Length > 1 && digits[0] == '0')
        {
            radix = (digits[1] | 0x20) switch { 'x' => 16, 'o' => 8, 'b' => 2, >= '0' and <= '9' => 8, _ => 10 };
            digits = digits[(char.IsAsciiLetter(digits[1]) && radix != 10 ? 2 : 1)..];
        }
        // 64 binary digits are the longest that can fit; leading zeros beyond that are nobody's number
        if (digits.IsEmpty || digits.Length > 80)
        {
            return false;
        }
        foreach (var digit in digits)
        {
            var worth = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : radix;
            if (worth >= radix)
            {
                return false;
            }
            value = (value * radix) + worth;
        }
        value = negative ? -value : value;
        return value >= long.MinValue && value <= ulong.MaxValue;
    }

    /// <summary>Go's rule for a number that begins with a point. For the others its YAML reader takes every underscore away.</summary>
    private static bool UnderscoresSeparateDigits(string text)
    {
        for (var i = text.IndexOf('_'); i >= 0; i = text.IndexOf('_', i + 1))
        {
            if (i + 1 == text.Length || !char.IsAsciiDigit(text[i - 1]) || !char.IsAsciiDigit(text[i + 1]))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Sign, digits with at most one point, exponent; at least one digit.</summary>
    private static bool IsFloat(ReadOnlySpan<char> text)
    {
        text = text[0] is '+' or '-' ? text[1..] : text;
        var exponent = text.IndexOfAny('e', 'E');
        if (exponent >= 0)
        {
            var power = text[(exponent + 1)..];
            power = power.Length > 0 && power[0] is '+' or '-' ? power[1..] : power;
            if (power.IsEmpty || power.ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }
            text = text[..exponent];
        }
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? [] : text[(point + 1)..];
        return whole.Length + fraction.Length > 0 && !whole.ContainsAnyExceptInRange('0', '9') && !fraction.ContainsAnyExceptInRange('0', '9');
    }
}
