namespace Katabira.Model.Validation;

/// <summary>What may stand in a header's value, or ends up in one.</summary>
internal static class HeaderText
{
    /// <summary>Refuses text that would end the header it is written into, and begin another.</summary>
    public static void Check(string? text, string path, Findings findings)
    {
        if (text is not null && !IsPrintable(text))
        {
            findings.Invalid(path, text, "must not contain control characters");
        }
    }

    /// <summary>No control character but the tab, RFC 9110 section 5.5.</summary>
    public static bool IsPrintable(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c is (< ' ' and not '\t') or '\x7f')
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Envoy's substitution format: <c>%NAME%</c> and <c>%NAME(ARGUMENTS)%</c> are commands, <c>%%</c> is a percent sign. Which commands there are is not looked at.</summary>
    public static bool IsFormat(ReadOnlySpan<char> text)
    {
        for (var percent = text.IndexOf('%'); percent >= 0; percent = text.IndexOf('%'))
        {
            text = text[(percent + 1)..];
            if (text.StartsWith("%"))
            {
                text = text[1..];
                continue;
            }
            var end = CommandEnd(text);
            if (end < 0)
            {
                return false;
            }
            text = text[(end + 1)..];
        }
        return true;
    }

    /// <summary>Where the percent sign is that ends a command, or -1.</summary>
    private static int CommandEnd(ReadOnlySpan<char> text)
    {
        var next = text.IndexOfAny('%', '(');
        if (next < 0 || text[next] == '%')
        {
            return next;
        }
        var i = next + 1;
        while (i < text.Length && text[i] != ')')
        {
            i += text[i] == '\\' ? 2 : 1;
        }
        for (i++; i < text.Length && text[i] == ' '; i++)
        {
        }
        return i < text.Length && text[i] == '%' ? i : -1;
    }
}
