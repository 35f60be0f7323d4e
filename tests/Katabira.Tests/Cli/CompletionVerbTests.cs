using Xunit;

namespace Katabira.Tests.Cli;

public class CompletionVerbTests
{
    [Theory]
    [InlineData("bash", "complete ")]
    [InlineData("zsh", "compdef ")]
    [InlineData("fish", "complete --command katabira ")]
    public async Task Script_OfAShell_RegistersACallBack(string shell, string registration)
    {
        var run = await CommandLineRun.OfAsync("completion", shell);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(registration, run.Output, StringComparison.Ordinal);
        Assert.Contains("[suggest:", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Theory]
    [InlineData("ver", "version")]
    [InlineData("version --out", "--output")]
    [InlineData("version -o ", "json table yaml")]
    [InlineData("version --output y", "yaml")]
    [InlineData("completion z", "zsh")]
    [InlineData("nothing-like-it", "")]
    public async Task Suggestion_OfALine_IsWhatMayComeNext(string line, string expected)
    {
        var run = await CommandLineRun.OfAsync($"[suggest:{line.Length}]", line);

        // The library offers what contains the word, the shell's script keeps what starts with it.
        var word = line[(line.LastIndexOf(' ') + 1)..];
        var offered = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(o => o.StartsWith(word, StringComparison.Ordinal) && (word.Length > 0 || !o.StartsWith('-')));
        Assert.Equal(expected, string.Join(' ', offered));
        Assert.Equal(0, run.ExitCode);
    }
}
