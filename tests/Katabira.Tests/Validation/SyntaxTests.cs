using Katabira.Model.Validation;
using Xunit;

namespace Katabira.Tests.Validation;

public class SyntaxTests
{
    [Theory]
    [InlineData("reviews", true)]
    [InlineData("reviews.prod.svc.cluster.local", true)]
    [InlineData("reviews.prod.svc.cluster.local.", true)]
    [InlineData("v1-2.Example.com", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("a..b", false)]
    [InlineData("-a.b", false)]
    [InlineData("a_b", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("*.example.com", false)]
    [InlineData("a b", false)]
    public void HostName_IsJudgedByRfc1123(string text, bool expected) => Assert.Equal(expected, Syntax.IsHostName(text));

    [Fact]
    public void HostName_TooLongLabelOrName_IsRefused()
    {
        Assert.True(Syntax.IsHostName(new string('a', 63)));
        Assert.False(Syntax.IsHostName(new string('a', 64)));
        Assert.False(Syntax.IsHostName(string.Join('.', Enumerable.Repeat("abcdefg", 32))));
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("*.com", true)]
    [InlineData("*-eu.example.com", true)]
    [InlineData("example.com", true)]
    [InlineData("**.com", false)]
    [InlineData("*.", false)]
    [InlineData("a.*.com", false)]
    [InlineData("*example.com", false)]
    public void WildcardHost_AllowsOneLeadingStar(string text, bool expected) => Assert.Equal(expected, Syntax.IsWildcardHost(text));

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("2001:DB8:0::1", true)]
    [InlineData("001:db8::", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("", false)]
    [InlineData("10.1", false)]
    [InlineData("1", false)]
    [InlineData("010.0.0.1", false)]
    [InlineData("::ffff:010.0.0.1", false)]
    [InlineData("0x0a.0.0.1", false)]
    [InlineData("10.0.0.256", false)]
    [InlineData("10.0.0.1.", false)]
    [InlineData(" 10.0.0.1", false)]
    [InlineData("10.0.0.1:80", false)]
    [InlineData("[::1]", false)]
    [InlineData("[::1]:80", false)]
    [InlineData("fe80::1%eth0", false)]
    [InlineData("fe80::1%1", false)]
    [InlineData("10.0.0.0/8", false)]
    [InlineData("example.com", false)]
    public void Address_MeansToEverybodyWhatItShows(string text, bool expected) => Assert.Equal(expected, Syntax.IsAddress(text));

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("10.1.2.3/0", true)]
    [InlineData("fd00::/128", true)]
    [InlineData("fd00::/129", false)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("10.0.0.0/08", false)]
    [InlineData("10.0.0.0/+8", false)]
    [InlineData("10.0.0.0/", false)]
    [InlineData("10.0.0.0/8/8", false)]
    [InlineData("010.0.0.0/8", false)]
    [InlineData("[fd00::]/8", false)]
    [InlineData("fe80::%1/64", false)]
    [InlineData("/8", false)]
    public void AddressOrNetwork_IsJudged(string text, bool expected) => Assert.Equal(expected, Syntax.IsAddressOrNetwork(text));

    [Theory]
    [InlineData("1s", 1000)]
    [InlineData("1.5s", 1500)]
    [InlineData("2h45m", 9_900_000)]
    [InlineData("100ms", 100)]
    [InlineData("0", 0)]
    [InlineData("-1s", -1000)]
    public void Duration_GoForms_AreRead(string text, double milliseconds)
    {
        Assert.True(Syntax.TryParseDuration(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("s")]
    [InlineData("1d")]
    [InlineData("1s ")]
    [InlineData("1..5s")]
    [InlineData("99999999999999999999999999999999h")]
    [InlineData("99999999999999h99999999999999h")]
    public void Duration_AnythingElse_IsRefused(string text) => Assert.False(Syntax.TryParseDuration(text, out _));
}
