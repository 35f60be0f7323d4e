using Xunit;

namespace Katabira.Tests.Cli;

public class CommandLineTests
{
    [Theory]
    [InlineData("", "required command was not provided", "katabira --help")]
    [InlineData("frobnicate", "there is no verb 'frobnicate'", "katabira --help")]
    [InlineData("verison", "there is no verb 'verison'", "did you mean 'version'?")]
    [InlineData("comp bash", "there is no verb 'comp'", "did you mean 'completion'?")]
    [InlineData("--frobnicate", "unrecognized command or argument '--frobnicate'", "katabira --help")]
    [InlineData("version extra", "unrecognized command or argument 'extra'", "katabira version --help")]
    [InlineData("version -o xml", "-o takes table, json, yaml, not 'xml'", "katabira version --help")]
    [InlineData("version -o Json", "-o takes table, json, yaml, not 'Json'", "katabira version --help")]
    [InlineData("version -o", "required argument missing for option: '-o'", "katabira version --help")]
    [InlineData("completion", "required argument 'SHELL' missing", "katabira completion --help")]
    [InlineData("completion ksh", "argument 'ksh' not recognized. Must be one of: 'bash' 'zsh' 'fish'", "katabira completion --help")]
    [InlineData("version @/etc/hostname", "unrecognized command or argument '@/etc/hostname'", "katabira version --help")]
    public async Task Run_LineMakesNoSense_RefusesWithAHint(string line, string message, string hint)
    {
        var run = await CommandLineRun.OfAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(64, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains("katabira: " + message, run.Error, StringComparison.Ordinal);
        Assert.Contains("katabira: hint: " + hint, run.Error, StringComparison.Ordinal);
        Assert.All(run.Error.TrimEnd('\n').Split('\n'), said => Assert.False(said.EndsWith('.'), said));
    }

    [Fact]
    public async Task Run_Demo_PrintsTheStepsToComeAndFails()
    {
        var run = await CommandLineRun.OfAsync("demo");

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains("katabira: to come: create the embedded cluster\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("katabira: the demo is not complete yet, so this counts as failed\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OutputBreaks_FailsWithOneLine()
    {
        var error = new StringWriter { NewLine = "\n" };

        var code = await new Katabira.Cli.CommandLine(new FullDisk(), error).RunAsync(["version"]);

        Assert.Equal(1, code);
        Assert.Equal("katabira: no space left on device\n", error.ToString());
    }

    private sealed class FullDisk : StringWriter
    {
        public override void Write(char[] buffer, int index, int count) => throw new IOException("No space left on device.\n");

        public override void Write(string? value) => throw new IOException("No space left on device.\n");

        public override void WriteLine(string? value) => throw new IOException("No space left on device.\n");
    }
}
