using Katabira.Model.Authorization;
using Xunit;

namespace Katabira.Tests.Authorization;

public class PeerIdentityTests
{
    [Theory]
    [InlineData("spiffe://cluster.local/ns/demo/sa/cart")]
    [InlineData("cluster.local/ns/demo/sa/cart")]
    public void TryParse_BothSpellings_GiveOneIdentity(string text)
    {
        Assert.True(PeerIdentity.TryParse(text, out var identity));
        Assert.Equal(new PeerIdentity("cluster.local", "demo", "cart"), identity);
        Assert.Equal("cluster.local/ns/demo/sa/cart", identity.Principal);
        Assert.Equal("spiffe://cluster.local/ns/demo/sa/cart", identity.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("spiffe://")]
    [InlineData("demo/cart")]
    [InlineData("spiffe:///ns/demo/sa/cart")]
    [InlineData("td/ns//sa/cart")]
    [InlineData("td/ns/demo/sa/")]
    [InlineData("td/ns/demo/sa/cart/more")]
    [InlineData("td/sa/demo/ns/cart")]
    [InlineData("https://td/ns/demo/sa/cart")]
    public void TryParse_AnythingElse_IsNoIdentity(string text) => Assert.False(PeerIdentity.TryParse(text, out _));

    [Theory]
    [InlineData("", "demo", "cart")]
    [InlineData("td", "demo/sa/admin", "cart")]
    [InlineData("td", "demo", "")]
    public void New_PartThatCouldPoseAsAnother_Throws(string trustDomain, string @namespace, string account) =>
        Assert.Throws<ArgumentException>(() => new PeerIdentity(trustDomain, @namespace, account));
}
