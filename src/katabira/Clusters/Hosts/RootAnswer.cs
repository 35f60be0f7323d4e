namespace Katabira.Cli.Clusters.Hosts;

/// <summary>The steps by name, as the verb that root runs gets them.</summary>
internal static class RootStep
{
    public const string Verb = "as-root";
    public const string Launch = "launch";
    public const string End = "end";
    public const string Remove = "remove";
}

/// <summary>What a step that root did tells the person's process: lines on its stdout, a word and the rest.</summary>
/// <param name="Began">Whether root began at all; else sudo refused.</param>
/// <param name="Result">What came of it; null if nothing did.</param>
/// <param name="Failure">Why nothing did.</param>
/// <param name="IsLaunch">Whether it was the cluster that ended too early, with its last words.</param>
internal sealed record RootAnswer(bool Began, string? Result, string? Failure, bool IsLaunch, IReadOnlyList<string> Hints, IReadOnlyList<string> LastWords)
{
    private const string BeganWord = "root";
    private const string ResultWord = "result";
    private const string RefusedWord = "refused";
    private const string EndedWord = "ended";
    private const string HintWord = "hint";
    private const string SaidWord = "said";

    /// <summary>More than any step says.</summary>
    private const int MostLines = 1000;

    /// <summary>Says that root is at work, runs the step, and tells what came of it.</summary>
    public static async Task<int> WriteAsync(TextWriter to, Func<Task<string>> step)
    {
        Line(to, BeganWord, "");
        try
        {
            Line(to, ResultWord, await step());
            return ExitCode.Done;
        }
        catch (Refusal refusal)
        {
            Line(to, RefusedWord, refusal.Message);
            Lines(to, HintWord, refusal.Hints);
        }
        catch (Processes.LaunchException launch)
        {
            Line(to, EndedWord, launch.Message);
            Lines(to, SaidWord, launch.LastWords);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Line(to, RefusedWord, e.Message);
        }
        return ExitCode.Failed;
    }

    public static async Task<RootAnswer> ReadAsync(TextReader from, CancellationToken cancellation)
    {
        var lines = new List<(string Word, string Text)>();
        while (lines.Count < MostLines && await from.ReadLineAsync(cancellation) is { } line)
        {
            var blank = line.IndexOf(' ', StringComparison.Ordinal);
            lines.Add(blank < 0 ? (line, "") : (line[..blank], line[(blank + 1)..]));
        }
        return new(
            lines.Any(l => l.Word == BeganWord),
            All(ResultWord).FirstOrDefault(),
            All(RefusedWord).Concat(All(EndedWord)).FirstOrDefault(),
            All(EndedWord).Any(),
            [.. All(HintWord)],
            [.. All(SaidWord)]);

        IEnumerable<string> All(string word) => lines.Where(l => l.Word == word).Select(l => l.Text);
    }

    private static void Lines(TextWriter to, string word, IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            Line(to, word, text);
        }
    }

    /// <summary>At once: who reads waits for it.</summary>
    private static void Line(TextWriter to, string word, string text)
    {
        to.WriteLine($"{word} {text.ReplaceLineEndings(" ")}");
        to.Flush();
    }
}
