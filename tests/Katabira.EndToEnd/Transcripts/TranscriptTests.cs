using Xunit;

namespace Katabira.EndToEnd.Transcripts;

/// <summary>A golden file that is read wrongly would pass whatever the server says.</summary>
public class TranscriptTests
{
    private static readonly Dictionary<string, string> s_values = new() { ["ns"] = "shop" };

    [Fact]
    public void Parse_OfASession_TakesItApart()
    {
        var transcript = Transcript.Parse("# needs a cluster of its own\n$ first\n> more\nout\n! err\n? 3\n\n[1.20]$ old\n[1.20]old out\n[1.33 1.35]$ new\n[1.35]five\n\\# kept\n", "1.35");

        Assert.True(transcript.OwnCluster);
        Assert.Equal([new Step(2, "first\nmore", "out\n", "err", 3), new Step(10, "new", "five\n# kept", "", 0)], transcript.Steps);
    }

    [Theory]
    [InlineData("NAME   AGE\n{ns}   <age>", "NAME          AGE\nshop   7s   \n\n", true)]
    [InlineData("NAME   AGE\n{ns}   <age>", "NAME   AGE\nshop   <unknown>", false)]
    [InlineData("NAME   AGE\n{ns}   <age>", "NAME   AGE\nmarket   7s", false)]
    [InlineData("a <none> (b)", "a <none> (b)", true)]
    [InlineData("a b", "a  b", false)]
    [InlineData("  a", "    a", false)]
    [InlineData("first\n<lines>last", "first\nsecond\nthird\nlast", true)]
    [InlineData("first", "first\nsecond", false)]
    [InlineData("", "x", false)]
    [InlineData("<uid>", "11111111-2222-4333-8444-555555555555", true)]
    [InlineData("<uid>", "11111111-2222-3333-8444-555555555555", false)]
    public void Holds_ForEachPair_IsAsExpected(string expected, string actual, bool holds) =>
        Assert.Equal(holds, Expectation.Holds(expected, actual, s_values));
}
