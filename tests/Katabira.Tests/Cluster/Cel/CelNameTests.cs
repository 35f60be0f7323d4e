using Katabira.Cluster.Cel;
using Xunit;

namespace Katabira.Tests.Cluster.Cel;

public sealed class CelNameTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("under_score", "under_score")]
    [InlineData("_", "_")]
    [InlineData("namespace", "__namespace__")]
    [InlineData("in", "__in__")]
    [InlineData("int", "int")]
    [InlineData("x-prop", "x__dash__prop")]
    [InlineData("a.b/c", "a__dot__b__slash__c")]
    [InlineData("redact__d", "redact__underscores__d")]
    [InlineData("a___b", "a__underscores___b")]
    public void Property_Nameable_IsEscaped(string property, string name)
    {
        Assert.True(CelName.TryEscape(property, out var escaped));
        Assert.Equal(name, escaped);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("with space")]
    [InlineData("ünicode")]
    [InlineData("a$b")]
    public void Property_Unnameable_IsNotVisible(string property) => Assert.False(CelName.TryEscape(property, out _));
}
