using System.Net;
using Katabira.Model.Validation;
using Xunit;

namespace Katabira.Tests.Validation;

public class AddressBlockTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.1.2.3/8", "10.0.0.1", true)]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.4", false)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("fd00::/8", "fd12::1", true)]
    [InlineData("fd00::/8", "fe80::1", false)]
    [InlineData("::1", "::1", true)]
    [InlineData("::/0", "2001:db8::1", true)]
    // one address in two spellings
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("::ffff:10.0.0.0/104", "10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3", true)]
    // a network of one family says nothing about the other
    [InlineData("::/0", "10.1.2.3", false)]
    [InlineData("::/0", "::ffff:10.1.2.3", false)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::ffff:0.0.0.0/90", "10.1.2.3", false)]
    public void Contains_Address_ComparesByPrefixWithinAFamily(string block, string address, bool expected)
    {
        Assert.True(AddressBlock.TryParse(block, out var parsed));
        Assert.Equal(expected, parsed.Contains(AddressBits.Of(IPAddress.Parse(address))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("fd00::/129")]
    [InlineData("10.1/16")]
    [InlineData("010.0.0.1")]
    [InlineData("0x0a.0.0.1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("fe80::1%1/64")]
    [InlineData("[::1]")]
    [InlineData("[::1]:80")]
    [InlineData("10.0.0.1:80")]
    [InlineData("example.com")]
    public void TryParse_AnythingThatIsNotPlainlyABlock_IsRefused(string text) => Assert.False(AddressBlock.TryParse(text, out _));
}
