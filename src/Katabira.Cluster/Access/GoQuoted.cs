using System.Globalization;
using System.Text;

namespace Katabira.Cluster.Access;

/// <summary>Text in quotes as Kubernetes' messages show it: no control character of a hostile name reaches a terminal.</summary>
internal static class GoQuoted
{
    public static string Text(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (var rune in value.EnumerateRunes())
        {
            Append(text, rune);
        }
        return text.Append('"').ToString();
    }

    /// <summary>A list of texts: <c>["a" "b"]</c>.</summary>
    public static string List(IEnumerable<string> values) => $"[{string.Join(' ', values.Select(Text))}]";

    private static void Append(StringBuilder text, Rune rune)
    {
        switch (rune.Value)
        {
            case '"' or '\\':
                text.Append('\\').Append((char)rune.Value);
                return;
            case '\n':
                text.Append("\\n");
                return;
            case '\t':
                text.Append("\\t");
                return;
            case '\r':
                text.Append("\\r");
                return;
        }
        if (Visible(rune))
        {
            text.Append(rune.ToString());
            return;
        }
        var (prefix, digits) = rune.Value switch
        {
            < 0x80 => ("\\x", "x2"),
            < 0x10000 => ("\\u", "x4"),
            _ => ("\\U", "x8"),
        };
        text.Append(prefix).Append(rune.Value.ToString(digits, CultureInfo.InvariantCulture));
    }

    private static bool Visible(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
