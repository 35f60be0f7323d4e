namespace Katabira.Cli.Output;

/// <summary>Everything that is said to a person: on stderr, in lower case, without a period at the end; a hint says what to do next.</summary>
internal sealed class Talk(TextWriter to)
{
    public void Say(string message) => to.WriteLine($"katabira: {InVoice(message)}");

    public void Hint(string message) => to.WriteLine($"katabira: hint: {InVoice(message)}");

    /// <summary>What somebody else said, word for word.</summary>
    public void Quote(string line) => to.WriteLine($"  {line}");

    /// <summary>A question, whose answer follows on its line.</summary>
    public void Ask(string question)
    {
        to.Write($"katabira: {question} ");
        to.Flush();
    }

    /// <summary>Why something is not done, and what to do about it.</summary>
    public void Refuse(Refusal refusal)
    {
        Say(refusal.Message);
        foreach (var hint in refusal.Hints)
        {
            Hint(hint);
        }
    }

    /// <summary>Libraries speak in sentences, some of them over several lines: they become one line of ours.</summary>
    private static string InVoice(string message)
    {
        var line = string.Join(' ', message.Split((char[])['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
        // A word in capitals is a name, and stays.
        return line.Length > 1 && char.IsUpper(line[0]) && !char.IsUpper(line[1]) ? char.ToLowerInvariant(line[0]) + line[1..] : line;
    }
}
