using Katabira.Cli;
using Katabira.Cli.Clusters.Hosts;
using Katabira.Cli.Clusters.Processes;
using Xunit;

namespace Katabira.Tests.Cli.Clusters;

/// <summary>What a step that root did tells the person's process.</summary>
public class RootAnswerTests
{
    [Fact]
    public async Task Step_Done_TellsItsResult()
    {
        var (code, answer) = await TellAsync(() => Task.FromResult("https://127.0.0.1:6443/"));

        Assert.Equal((0, true, "https://127.0.0.1:6443/", null), (code, answer.Began, answer.Result, answer.Failure));
    }

    [Fact]
    public async Task Step_Refused_TellsWhyAndWhatToDo()
    {
        var (code, answer) = await TellAsync(() => throw new Refusal("this\nis so", "do that", "or this"));

        Assert.Equal((1, true, null, "this is so", false), (code, answer.Began, answer.Result, answer.Failure, answer.IsLaunch));
        Assert.Equal(["do that", "or this"], answer.Hints);
    }

    [Fact]
    public async Task Step_ClusterEndsTooEarly_TellsItsLastWords()
    {
        var (code, answer) = await TellAsync(() => throw new LaunchException("ended with status 1", ["a line", "hint: not one of ours"]));

        Assert.Equal((1, "ended with status 1", true), (code, answer.Failure, answer.IsLaunch));
        Assert.Equal(["a line", "hint: not one of ours"], answer.LastWords);
        Assert.Empty(answer.Hints);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Sorry, try again.\n")]
    public async Task Nothing_FromRoot_HasNotBegun(string text)
    {
        var answer = await RootAnswer.ReadAsync(new StringReader(text), CancellationToken.None);

        Assert.Equal((false, null, null), (answer.Began, answer.Result, answer.Failure));
    }

    private static async Task<(int Code, RootAnswer Answer)> TellAsync(Func<Task<string>> step)
    {
        using var told = new StringWriter();
        var code = await RootAnswer.WriteAsync(told, step);
        return (code, await RootAnswer.ReadAsync(new StringReader(told.ToString()), CancellationToken.None));
    }
}
