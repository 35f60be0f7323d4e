using System.Globalization;
using System.Text;

namespace Katabira.Cluster.Cel.Go;

/// <summary>Text in double quotes as Go's <c>%q</c> writes it, for error messages.</summary>
internal static class GoQuote
{
    /// <summary>What is kept of a long value. The author knows what he sent; a message that repeats megabytes helps nobody.</summary>
    public const int LongestKept = 1024;

    public static string Quote(string text)
    {
        var kept = text.Length > LongestKept ? string.Concat(text.AsSpan(0, LongestKept), "…") : text;
        var result = new StringBuilder(kept.Length + 2).Append('"');
        foreach (var rune in kept.EnumerateRunes())
        {
            Append(result, rune);
        }
        return result.Append('"').ToString();
    }

    private static void Append(StringBuilder result, Rune rune)
    {
        var escape = rune.Value switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\a' => "\\a",
            '\b' => "\\b",
            '\f' => "\\f",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\v' => "\\v",
            _ => null,
        };
        if (escape is not null)
        {
            result.Append(escape);
        }
        else if (IsPrintable(rune))
        {
            result.Append(rune);
        }
        else
        {
            result.Append(rune.Value switch
            {
                < 0x80 => $"\\x{rune.Value:x2}",
                < 0x10000 => $"\\u{rune.Value:x4}",
                _ => $"\\U{rune.Value:x8}",
            });
        }
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse => false,
        UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        _ => true,
    };
}
