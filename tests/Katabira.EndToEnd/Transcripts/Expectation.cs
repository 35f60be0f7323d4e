using System.Text;
using System.Text.RegularExpressions;

namespace Katabira.EndToEnd.Transcripts;

/// <summary>
/// Compares output with what a transcript expects. A placeholder stands for what no golden file can know. Columns are lined up by the
/// client, with blanks that depend on those unknown widths, so two blanks or more within a line count as two.
/// Blanks at the end of a line and empty lines at the end do not count.
/// </summary>
internal static partial class Expectation
{
    private static readonly Dictionary<string, string> s_placeholders = new(StringComparer.Ordinal)
    {
        ["<age>"] = @"\d+[smhdy](\d+[smhd])?",
        ["<uid>"] = @"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
        ["<rv>"] = @"[1-9]\d*",
        ["<port>"] = @"\d{4,5}",
        ["<ip>"] = @"10\.96\.\d+\.\d+",
        ["<podip>"] = @"10\.244\.\d+\.\d+",
        ["<externalip>"] = @"127\.77\.\d+\.\d+",
        ["<hash>"] = "[bcdfghjklmnpqrstvwxz2456789]{1,10}",
        ["<nodeport>"] = @"3[012]\d{3}",
        ["<time>"] = @"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
        ["<date>"] = @"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000",
        ["<micro>"] = @"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z",
        ["<suffix>"] = @"[bcdfghjklmnpqrstvwxz2456789]{5}",
        ["<jwt>"] = @"ey[\w-]+\.ey[\w-]+\.[\w-]+",
        ["<word>"] = @"\S+",
        ["<any>"] = @"[^\n]*",
        ["<lines>"] = @"(?s:.*?)",
    };

    /// <param name="expected">What the transcript says; <c>{name}</c> is replaced by its value of <paramref name="values"/>.</param>
    public static bool Holds(string expected, string actual, IReadOnlyDictionary<string, string> values) =>
        Pattern(expected, values).IsMatch(Tidy(actual));

    /// <summary>Output without what does not count.</summary>
    public static string Tidy(string output) => string.Join('\n', output.Split('\n').Select(l => Gap().Replace(l.TrimEnd(), "  "))).TrimEnd('\n');

    private static Regex Pattern(string expected, IReadOnlyDictionary<string, string> values)
    {
        var text = Tidy(expected);
        var pattern = new StringBuilder(@"\A");
        var from = 0;
        foreach (Match match in Placeholder().Matches(text))
        {
            if (Replacement(match.Value, values) is { } replacement)
            {
                pattern.Append(Regex.Escape(text[from..match.Index])).Append(replacement);
                from = match.Index + match.Length;
            }
        }
        pattern.Append(Regex.Escape(text[from..])).Append(@"\z");
        return new Regex(pattern.ToString(), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
    }

    private static string? Replacement(string name, IReadOnlyDictionary<string, string> values) =>
        s_placeholders.TryGetValue(name, out var pattern) ? pattern
        : values.TryGetValue(name[1..^1], out var value) && name[0] == '{' ? Regex.Escape(value)
        : null;

    [GeneratedRegex(@"<[a-z]+>|\{[a-z]+\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"(?<=\S) {2,}")]
    private static partial Regex Gap();
}
