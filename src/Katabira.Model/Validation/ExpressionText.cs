namespace Katabira.Model.Validation;

/// <summary>What can be said of an expression in the Common Expression Language without knowing its grammar.</summary>
internal static class ExpressionText
{
    /// <summary>Deeper expressions are refused: who evaluates them would need a deep stack.</summary>
    private const int DeepestNesting = 64;

    /// <summary>True if brackets and quotes pair.</summary>
    public static bool IsPaired(ReadOnlySpan<char> text)
    {
        Span<char> open = stackalloc char[DeepestNesting];
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' or '\'':
                    i = StringEnd(text, i);
                    break;
                case '(' or '[' or '{':
                    if (depth == DeepestNesting)
                    {
                        return false;
                    }
                    open[depth++] = text[i];
                    break;
                case ')' or ']' or '}':
                    if (depth == 0 || open[--depth] != OpeningOf(text[i]))
                    {
                        return false;
                    }
                    break;
            }
            if (i < 0)
            {
                return false;
            }
        }
        return depth == 0;
    }

    private static char OpeningOf(char closing) => closing switch { ')' => '(', ']' => '[', _ => '{' };

    /// <summary>Where the string ends that begins at <paramref name="start"/>, or a number below zero.</summary>
    private static int StringEnd(ReadOnlySpan<char> text, int start)
    {
        var quote = text[start];
        var isRaw = start > 0 && text[start - 1] is ('r' or 'R');
        var length = text[start..].StartsWith([quote, quote, quote]) ? 3 : 1;
        for (var i = start + length; i < text.Length; i++)
        {
            if (text[i] == '\\' && !isRaw)
            {
                i++;
            }
            else if (text[i] == quote && (length == 1 || text[i..].StartsWith([quote, quote, quote])))
            {
                return i + length - 1;
            }
        }
        return int.MinValue;
    }
}
