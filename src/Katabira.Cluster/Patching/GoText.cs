using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching;

/// <summary>Values as Go prints them, because Kubernetes' messages are made by Go and people search for them. Bounded in length.</summary>
internal static class GoText
{
    /// <summary>A message is for a terminal; what is longer is cut.</summary>
    private const int Longest = 1000;

    /// <summary>As the verb %s: the text itself.</summary>
    public static string Shown(string text) => text.Length <= 256 ? text : text[..255] + "…";

    /// <summary>As the verb %v: <c>map[name:web ports:[map[containerPort:80]]]</c>, keys sorted.</summary>
    public static string Plain(JsonNode? value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.Length <= Longest ? text.ToString() : text.ToString(0, Longest) + "…";
    }

    /// <summary>As the verb %q: in double quotes, with escapes for what cannot be printed.</summary>
    public static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var rune in value.EnumerateRunes())
        {
            if (text.Length > Longest)
            {
                text.Append('…');
                break;
            }
            AppendQuoted(text, rune);
        }
        return text.Append('"').ToString();
    }

    /// <summary>A floating-point number as Go writes it into JSON: the shortest text that reads back as the same number.</summary>
    public static string Number(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E');
        if (e < 0)
        {
            return text;
        }
        var exponent = int.Parse(text.AsSpan(e + 1), CultureInfo.InvariantCulture);
        if (exponent is < -6 or >= 21)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, e)}e{(exponent < 0 ? "" : "+")}{exponent}");
        }
        var sign = value < 0 ? "-" : "";
        var digits = text[..e].TrimStart('-').Replace(".", "");
        return exponent < 0
            ? $"{sign}0.{new string('0', -exponent - 1)}{digits}"
            : digits.Length <= exponent + 1
                ? $"{sign}{digits.PadRight(exponent + 1, '0')}"
                : $"{sign}{digits.AsSpan(0, exponent + 1)}.{digits.AsSpan(exponent + 1)}";
    }

    private static void Append(StringBuilder text, JsonNode? value)
    {
        if (text.Length > Longest)
        {
            return;
        }
        switch (value)
        {
            case null:
                text.Append("<nil>");
                break;
            case JsonObject map:
                text.Append("map[");
                var first = true;
                foreach (var (name, member) in map.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    text.Append(first ? "" : " ").Append(name).Append(':');
                    Append(text, member);
                    first = false;
                }
                text.Append(']');
                break;
            case JsonArray list:
                text.Append('[');
                for (var i = 0; i < list.Count && text.Length <= Longest; i++)
                {
                    text.Append(i == 0 ? "" : " ");
                    Append(text, list[i]);
                }
                text.Append(']');
                break;
            default:
                text.Append(value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString());
                break;
        }
    }

    private static void AppendQuoted(StringBuilder text, Rune rune)
    {
        switch (rune.Value)
        {
            case '"' or '\\':
                text.Append('\\').Append((char)rune.Value);
                break;
            case '\n':
                text.Append("\\n");
                break;
            case '\r':
                text.Append("\\r");
                break;
            case '\t':
                text.Append("\\t");
                break;
            case < 0x20 or 0x7F:
                text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
                break;
            default:
                if (IsPrintable(rune))
                {
                    text.Append(rune);
                }
                else
                {
                    text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
                }
                break;
        }
    }

    /// <summary>Go's <c>unicode.IsPrint</c>: letters, marks, numbers, punctuation, symbols and the plain space.</summary>
    public static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
