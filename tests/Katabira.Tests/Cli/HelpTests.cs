using System.CommandLine;
using System.Text.RegularExpressions;
using Katabira.Cli;
using Katabira.Cli.Verbs;
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
        Assert.Equal(["cluster", "completion", "demo", "image", "version"], offered);
        Assert.All(offered, verb => Assert.Single(Regex.Matches(help, $@"^  {verb}  +[a-z].*[^.]$", RegexOptions.Multiline)));
        Assert.True(help.IndexOf("try it:", StringComparison.Ordinal) < help.IndexOf("  demo ", StringComparison.Ordinal));
        Assert.True(help.IndexOf("an embedded cluster:", StringComparison.Ordinal) < help.IndexOf("  cluster ", StringComparison.Ordinal));
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
            Assert.Empty(Parse(example).Errors);
            // A cluster is made elsewhere: tests/doors/cluster.sh.
            Assert.Equal(0, example.StartsWith("cluster ", StringComparison.Ordinal) ? 0 : (await CommandLineRun.OfAsync(example.Split(' '))).ExitCode);
        }
    }

    public static TheoryData<string> Examined => [.. Verbs(Root()).OfType<ExampledCommand>().SelectMany(v => v.Examples.Split('\n'))];

    [Theory, MemberData(nameof(Examined))]
    public void Help_ExamplesOfAVerb_AreLinesThatMakeSense(string example)
    {
        Assert.StartsWith("katabira ", example, StringComparison.Ordinal);
        Assert.Empty(Parse(example["katabira ".Length..]).Errors);
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("version")]
    [InlineData("completion")]
    [InlineData("cluster")]
    [InlineData("image")]
    public async Task Help_OfAVerb_SaysHowItIsUsed(string verb)
    {
        var run = await CommandLineRun.OfAsync(verb, "--help");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(verb, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("/?", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Theory]
    [InlineData("create", true)]
    [InlineData("get-credentials", true)]
    [InlineData("serve", false)]
    public async Task Help_OfTheCluster_ListsWhatPeopleType(string verb, bool isListed)
    {
        var help = (await CommandLineRun.OfAsync("cluster", "--help")).Output;

        Assert.Equal(isListed, Regex.IsMatch(help, $@"^  {verb} ", RegexOptions.Multiline));
        Assert.Contains("Examples:\n  katabira cluster create\n", help, StringComparison.Ordinal);
    }

    private static RootCommand Root() => new CommandLine(TextWriter.Null, TextWriter.Null, CommandLineRun.Around()).Root();

    private static ParseResult Parse(string line) => Root().Parse(line);

    private static IEnumerable<Command> Verbs(Command command) => command.Subcommands.SelectMany(Verbs).Prepend(command);

    [GeneratedRegex(@"^  (?:.*<\()?katabira ([^)\n]+)\)?$", RegexOptions.Multiline)]
    private static partial Regex Examples();
}
