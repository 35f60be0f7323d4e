using Katabira.Cluster.Resources;
using Xunit;

namespace Katabira.Tests.Cluster.Resources;

public class QuantityTextTests
{
    [Theory]
    [InlineData("0.1", "100m")]
    [InlineData("1", "1")]
    [InlineData("1000m", "1")]
    [InlineData("1500m", "1500m")]
    [InlineData("1000", "1k")]
    [InlineData("1024", "1024")]
    [InlineData("1024Mi", "1Gi")]
    [InlineData("1.5Gi", "1536Mi")]
    [InlineData("0.5Ki", "512")]
    [InlineData("-2048Ki", "-2Mi")]
    [InlineData("0", "0")]
    [InlineData("0Mi", "0")]
    [InlineData("+3", "3")]
    [InlineData(".5", "500m")]
    [InlineData("1e3", "1e3")]
    [InlineData("10e2", "1e3")]
    [InlineData("12E", "12E")]
    [InlineData("0.0000000001", "1n")]
    public void Canonical_OfAQuantity_IsTheLargestSuffixThatLeavesAWholeNumber(string text, string expected) =>
        Assert.Equal(expected, QuantityText.Canonical(text));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1x")]
    [InlineData("1.2.3")]
    [InlineData("--1")]
    [InlineData("1e999999999")]
    [InlineData("e5")]
    public void Canonical_OfNone_IsTheTextItself(string text) => Assert.Equal(text, QuantityText.Canonical(text));

    [Fact]
    public void Canonical_OfManyDigits_IsTheTextItself()
    {
        var text = new string('9', 100_000);
        Assert.Same(text, QuantityText.Canonical(text));
    }
}
