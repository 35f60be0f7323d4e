using Katabira.Model.Validation;
using Xunit;

namespace Katabira.Tests.Validation;

public class PatternsTests
{
    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(x+x+)+y")]
    [InlineData("(a|aa)+b")]
    [InlineData("(a|b|ab)*c")]
    [InlineData("^(([a-z])+.)+[A-Z]([a-z])+$")]
    public void Compile_PatternThatBacktrackersChokeOn_MatchesInLinearTime(string pattern)
    {
        var regex = new Patterns(new Findings()).Compile("p", pattern);

        // a backtracking matcher takes 2^100,000 steps for some of these: ending at all is the proof
        Assert.DoesNotMatch(regex!, new string('a', 100_000) + "x!");
    }

    [Theory]
    [InlineData("[", "not a regular expression: unterminated bracket at offset 1")]
    [InlineData("a{2,1}", "not a regular expression: reversed quantifier range at offset 6")]
    [InlineData("(?P<name>a)", "not a regular expression: invalid grouping construct at offset 3")]
    [InlineData("[^[:space:]]", "classes like [:alpha:] are not supported, write [a-zA-Z]")]
    [InlineData("[a[:^digit:]]", "classes like [:alpha:] are not supported, write [a-zA-Z]")]
    public void Compile_NoPattern_IsRefusedWithReason(string pattern, string reason)
    {
        var findings = new Findings();
        Assert.Null(new Patterns(findings).Compile("spec.x", pattern));
        Assert.Equal($"spec.x: Invalid value: \"{pattern}\": {reason}", Assert.Single(findings.Errors).ToString());
    }

    [Theory]
    [InlineData("[:/]+")]
    [InlineData("a[:a]:]b")]
    [InlineData("(?i)/Path")]
    public void Compile_LooksLikePosixClassOrNot_IsAccepted(string pattern)
    {
        var findings = new Findings();
        Assert.NotNull(new Patterns(findings).Compile("spec.x", pattern));
        Assert.Empty(findings.Errors);
    }

    [Fact]
    public void Compile_LongestPattern_IsAccepted_AndOneMoreIsNot()
    {
        var findings = new Findings();
        Assert.NotNull(new Patterns(findings).Compile("a", new string('a', Patterns.Longest)));
        Assert.Empty(findings.Errors);
        Assert.Null(new Patterns(findings).Compile("b", new string('a', Patterns.Longest + 1)));
        Assert.Equal("b: Too long: may not be more than 1024 bytes", Assert.Single(findings.Errors).ToString());
    }

    [Fact]
    public void Compile_MoreThanTheBudget_IsRefusedOnce_AndRepeatedPatternsAreFree()
    {
        var findings = new Findings();
        var patterns = new Patterns(findings);
        for (var i = 0; i < 10_000; i++)
        {
            Assert.NotNull(patterns.Compile("same", "/api/.*"));
        }
        Assert.Empty(findings.Errors);

        var compiled = Enumerable.Range(0, 100_000).Count(i => patterns.Compile($"p[{i}]", $"/{i}/.*") is not null);

        Assert.InRange(compiled, 800, 1000);
        Assert.Equal(
            $"p[{compiled}]: Forbidden: the regular expressions of one object may have at most 65536 characters together, each counted with 64 more",
            Assert.Single(findings.Errors).ToString());
    }
}
