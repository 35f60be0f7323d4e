using Katabira.Model.Validation;
using Xunit;

namespace Katabira.Tests.Validation;

/// <summary>The small grammars of header values, expressions and labels.</summary>
public class TextTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("plain", true)]
    [InlineData("100%%", true)]
    [InlineData("%HOSTNAME%", true)]
    [InlineData("a %REQ(X-A?:path)% b %%", true)]
    [InlineData("%DYNAMIC_METADATA([\"ns\", \"key\"])%", true)]
    [InlineData("%A(x\\)y)%", true)]
    [InlineData("%A(x) %", true)]
    [InlineData("%", false)]
    [InlineData("abc%123", false)]
    [InlineData("%START_TIME%%", false)]
    [InlineData("%A(x%", false)]
    [InlineData("%A(x)b%", false)]
    [InlineData("%A(x\\", false)]
    public void HeaderFormat_PairsItsPercentSigns(string text, bool expected) => Assert.Equal(expected, HeaderText.IsFormat(text));

    [Theory]
    [InlineData("a b\tc\u00e9", true)]
    [InlineData("a\nb", false)]
    [InlineData("\0", false)]
    [InlineData("\u007f", false)]
    public void HeaderValue_HasNoControlCharacters(string text, bool expected) => Assert.Equal(expected, HeaderText.IsPrintable(text));

    [Theory]
    [InlineData("response.code >= 400", true)]
    [InlineData("f(a[0], {'b': \"c)\"})", true)]
    [InlineData("'it\\'s'", true)]
    [InlineData("r'\\' + '(' + ''", true)]
    [InlineData("'''it's''' + \"\"\"\"(\"\"\"", true)]
    [InlineData(")++++", false)]
    [InlineData("f(a]", false)]
    [InlineData("f(", false)]
    [InlineData("'a", false)]
    [InlineData("'a\\'", false)]
    public void Expression_PairsBracketsAndQuotes(string text, bool expected) => Assert.Equal(expected, ExpressionText.IsPaired(text));

    [Fact]
    public void Expression_NestedTooDeep_IsRefused()
    {
        Assert.True(ExpressionText.IsPaired(new string('(', 64) + new string(')', 64)));
        Assert.False(ExpressionText.IsPaired(new string('(', 65) + new string(')', 65)));
        Assert.False(ExpressionText.IsPaired(new string('(', 1_000_000)));
    }

    [Theory]
    [InlineData("app", true)]
    [InlineData("app.kubernetes.io/part_of", true)]
    [InlineData("A-1", true)]
    [InlineData("", false)]
    [InlineData("/a", false)]
    [InlineData("a/", false)]
    [InlineData("a/b/c", false)]
    [InlineData("-a", false)]
    [InlineData("a b", false)]
    [InlineData("a_b/c", false)]
    [InlineData("example.com./a", false)]
    public void LabelKey_IsNameWithOptionalPrefix(string text, bool expected) => Assert.Equal(expected, LabelChecks.IsKey(text));

    [Theory]
    [InlineData("", true)]
    [InlineData("v1.2_3-x", true)]
    [InlineData("a/b", false)]
    [InlineData("v1.", false)]
    public void LabelValue_IsNameOrNothing(string text, bool expected) => Assert.Equal(expected, LabelChecks.IsValue(text));

    [Fact]
    public void Label_LongerThan63_IsRefused()
    {
        Assert.True(LabelChecks.IsValue(new string('a', 63)));
        Assert.False(LabelChecks.IsValue(new string('a', 64)));
        Assert.False(LabelChecks.IsKey(new string('a', 64)));
    }
}
