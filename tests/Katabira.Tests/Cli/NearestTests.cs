using Katabira.Cli;
using Xunit;

namespace Katabira.Tests.Cli;

public class NearestTests
{
    [Theory]
    [InlineData("verison", "version")]
    [InlineData("VERSION", "version")]
    [InlineData("v", "version")]
    [InlineData("completions", "completion")]
    [InlineData("emo", "demo")]
    [InlineData("hello", null)]
    [InlineData("xyz", null)]
    public void To_AWordAndTheVerbs_IsTheOneThatWasMeant(string word, string? expected) =>
        Assert.Equal(expected, Nearest.To(word, ["completion", "demo", "version"]));

    [Fact]
    public void To_SeveralEquallyNear_IsTheFirstInTheAlphabet() => Assert.Equal("start", Nearest.To("sta", ["stat", "status", "start"]));

    [Fact]
    public void To_AShortVerb_IsNotGuessedFromNothingInCommon() => Assert.Null(Nearest.To("xy", ["ab"]));
}
