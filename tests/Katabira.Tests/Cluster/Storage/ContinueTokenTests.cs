using System.Buffers.Text;
using System.Text;
using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

public sealed class ContinueTokenTests
{
    [Theory]
    [InlineData(1L, "default", "web")]
    [InlineData(long.MaxValue, "", "日本𠮷\"\\")]
    [InlineData(null, "a", "b")]
    public void Parse_OwnToken_IsTheSame(long? at, string space, string name)
    {
        var token = new ContinueToken(at is { } value ? new Revision(value) : null, space, name);

        Assert.Equal(token, ContinueToken.Parse(token.ToString()));
        Assert.Matches("^[A-Za-z0-9_-]+$", token.ToString());
    }

    [Fact]
    public void Parse_LongestToken_IsTheSame()
    {
        var longest = new string('日', StoreKey.MaxSegmentLength);
        var token = new ContinueToken(new Revision(long.MaxValue), longest, longest);

        Assert.Equal(token, ContinueToken.Parse(token.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    [InlineData("{}")]
    public void Parse_NotBase64Json_IsNull(string text) => Assert.Null(ContinueToken.Parse(text));

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("""{"v":2,"rv":1,"ns":"a","name":"b"}""")]
    [InlineData("""{"v":1,"rv":1,"ns":"a"}""")]
    [InlineData("""{"v":1,"rv":1,"ns":null,"name":"b"}""")]
    [InlineData("""{"v":1,"rv":1,"ns":"a","name":7}""")]
    [InlineData("""{"v":1,"rv":1.5,"ns":"a","name":"b"}""")]
    [InlineData("""{"v":1,"rv":99999999999999999999,"ns":"a","name":"b"}""")]
    [InlineData("""{"v":1,"rv":1,"ns":"\ud800","name":"b"}""")]
    [InlineData("""{"v":{"v":1},"rv":1,"ns":"a","name":"b"}""")]
    public void Parse_OtherJson_IsNull(string json) =>
        Assert.Null(ContinueToken.Parse(Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json))));

    [Fact]
    public void Parse_HugeText_IsNull() => Assert.Null(ContinueToken.Parse(new string('A', 10_000_000)));
}
