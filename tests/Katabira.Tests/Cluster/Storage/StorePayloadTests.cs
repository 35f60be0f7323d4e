using System.Text;
using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

public sealed class StorePayloadTests
{
    private static readonly StoreKey Key = Samples.Key("a");

    [Theory]
    [InlineData("""{"metadata":{"resourceVersion":""}}""", """{"metadata":{"resourceVersion":"77"}}""")]
    [InlineData("""{"metadata":{"resourceVersion":"123456"}}""", """{"metadata":{"resourceVersion":"77"}}""")]
    [InlineData("""{"metadata":{"resourceVersion":"7\u0037"}}""", """{"metadata":{"resourceVersion":"77"}}""")]
    [InlineData(
        """{ "z":1.0, "metadata" : {"a":{"resourceVersion":"x"},"resourceVersion" :  "" ,"b":[1e3]},"n":12345678901234567890 }""",
        """{ "z":1.0, "metadata" : {"a":{"resourceVersion":"x"},"resourceVersion" :  "77" ,"b":[1e3]},"n":12345678901234567890 }""")]
    [InlineData(
        """{"spec":{"metadata":{"resourceVersion":"x"}},"metadata":{"resourceVersion":""}}""",
        """{"spec":{"metadata":{"resourceVersion":"x"}},"metadata":{"resourceVersion":"77"}}""")]
    public void Seal_FoundHole_ChangesNothingElse(string json, string expected)
    {
        var payload = StorePayload.Find(Encoding.UTF8.GetBytes(json));

        var state = payload!.Seal(Key, new Revision(77));

        Assert.Equal(expected, Samples.JsonOf(state));
        Assert.Equal("77", Samples.JsonOf(state).Substring(state.RevisionAt, 2));
        Assert.Equal((Key, new Revision(77)), (state.Key, state.Revision));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("""{"metadata":{}}""")]
    [InlineData("""{"metadata":[]}""")]
    [InlineData("""{"metadata":{"resourceVersion":7}}""")]
    [InlineData("""{"metadata":{"resourceVersion":null}}""")]
    [InlineData("""{"resourceVersion":"7"}""")]
    [InlineData("""{"spec":{"metadata":{"resourceVersion":"7"}}}""")]
    [InlineData("""{"metadata":{"annotations":{"resourceVersion":"7"}}}""")]
    [InlineData("""{"metadata":{"resourceVersion":"7""")]
    public void Find_NoStringThere_IsNull(string json) => Assert.Null(StorePayload.Find(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Find_VeryDeepJson_IsNullAndNotAStackOverflow()
    {
        var json = """{"a":""" + new string('[', 100_000) + new string(']', 100_000) + ""","metadata":{"resourceVersion":""}}""";

        Assert.Null(StorePayload.Find(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 0)]
    [InlineData(2, -1)]
    [InlineData(2, 5)]
    [InlineData(2, int.MaxValue)]
    [InlineData(-1, 0)]
    public void Constructor_HoleOutsideQuotes_Throws(int at, int length) =>
        Assert.Throws<ArgumentException>(() => new StorePayload("""{"x":""}"""u8.ToArray(), at, length));

    [Theory]
    [InlineData("1", "22", "same", true)]
    [InlineData("", "22", "same", true)]
    [InlineData("1", "1", "other", false)]
    [InlineData("1", "22", "longer one", false)]
    public void EqualsExceptRevision_Bytes_AreComparedAroundTheHole(string mine, string theirs, string text, bool equal)
    {
        var a = Find($$"""{"metadata":{"resourceVersion":"{{mine}}"},"t":"same"}""");
        var b = Find($$"""{"metadata":{"resourceVersion":"{{theirs}}"},"t":"{{text}}"}""");

        Assert.Equal(equal, a.EqualsExceptRevision(b));
        Assert.Equal(equal, b.EqualsExceptRevision(a));
    }

    [Fact]
    public void At_OtherRevision_MovesTheDigitsOnly()
    {
        var state = Samples.Payload("x").Seal(Key, new Revision(9));

        var moved = state.At(new Revision(10_000));

        Assert.Equal("x", Samples.TextOf(moved));
        Assert.Equal(Samples.JsonOf(state).Length + 4, Samples.JsonOf(moved).Length);
        Assert.Equal("x", Samples.TextOf(state)); // the first one is as it was
    }

    private static StorePayload Find(string json) => StorePayload.Find(Encoding.UTF8.GetBytes(json))!;
}
