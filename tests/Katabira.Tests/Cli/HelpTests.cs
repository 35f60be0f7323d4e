using System.Text.RegularExpressions;
using Xunit;

namespace Katabira.Tests.Cli;

public partial class HelpTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--help version")]
    public async Task Help_OfEverything_IsAResult(string line)
    {
        var run = await CommandLineRun.OfAsync(line.Split(' '));

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Help_OfEverything_ListsEachVerbOnceUnderATitle()
    {
        var help = (await CommandLineRun.OfAsync("--help")).Output;

        var offered = (await CommandLineRun.OfAsync("[suggest:0]", "")).Output.Split('\n').Where(word => word.Length > 0 && word[0] != '-');
        Assert.Equal(["completion", "demo", "version"], offered);
        Assert.All(offered, verb => Assert.Single(Regex.Matches(help, $@"^  {verb}  +[a-z].*[^.]$", RegexOptions.Multiline)));
        Assert.True(help.IndexOf("try it:", StringComparison.Ordinal) < help.IndexOf("  demo ", StringComparison.Ordinal));
        Assert.True(help.IndexOf("this program:", StringComparison.Ordinal) < help.IndexOf("  version ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Help_Examples_AreLinesThatRun()
    {
        var help = (await CommandLineRun.OfAsync("--help")).Output;

        var examples = Examples().Matches(help[help.IndexOf("examples:", StringComparison.Ordinal)..]).Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            Assert.Equal(0, (await CommandLineRun.OfAsync(example.Split(' '))).ExitCode);
        }
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("version")]
    [InlineData("completion")]
    public async Task Help_OfAVerb_SaysHowItIsUsed(string verb)
    {
        var run = await CommandLineRun.OfAsync(verb, "--help");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(verb, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("/?", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [GeneratedRegex(@"^  (?:.*<\()?katabira ([^)\n]+)\)?$", RegexOptions.Multiline)]
    private static partial Regex Examples();
}
