using System.Text.Json.Nodes;
using Katabira.Cluster.Patching;
using Xunit;
using static Katabira.Tests.Cluster.Patching.JsonTable;

namespace Katabira.Tests.Cluster.Patching;

public class StrictJsonTests
{
    [Theory]
    [InlineData("""{"b":1.0,"a":[1e2,12345678901234567890,-0],"s":"\u00e9\n","t":true,"n":null}""")]
    [InlineData("""[]""")]
    [InlineData("""null""")]
    [InlineData(""" "text" """)]
    public void Read_ValidJson_KeepsOrderAndNumbers(string text)
    {
        var body = StrictJson.Read(Utf8(text));
        Assert.Null(body.Failure);
        Assert.Equal(JsonNode.Parse(text)?.ToJsonString(), body.Node?.ToJsonString());
        Assert.Empty(body.DuplicateFields);
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", """{"a":2}""", "a")]
    [InlineData("""{"spec":{"x":1,"foo":1,"foo":{"b":1}}}""", """{"spec":{"x":1,"foo":{"b":1}}}""", "spec.foo")]
    [InlineData("""{"l":[{},{"p":[0,{"n":1,"n":2}]}]}""", """{"l":[{},{"p":[0,{"n":2}]}]}""", "l[1].p[1].n")]
    [InlineData("""{"a":1,"a":2,"a":3,"b":1,"b":1}""", """{"a":3,"b":1}""", "a b")]
    [InlineData("""{"\u0061":1,"a":2}""", """{"a":2}""", "a")]
    public void Read_RepeatedMember_IsListedAndTheLastCounts(string text, string expected, string duplicates)
    {
        var body = StrictJson.Read(Utf8(text));
        Assert.Equal(expected, body.Node!.ToJsonString());
        Assert.Equal(duplicates, string.Join(' ', body.DuplicateFields));
    }

    [Theory]
    [InlineData("", "invalid JSON")]
    [InlineData("{\"a\":}", "invalid JSON: line 1, byte 6: '}' is an invalid start of a value")]
    [InlineData("{\"a\":1,}", "trailing comma")]
    [InlineData("{} {}", "invalid JSON: line 1, byte 4")]
    [InlineData("// c\n{}", "invalid JSON: line 1, byte 1")]
    [InlineData("{\"s\":\"\\ud800\"}", "half of a surrogate pair")]
    [InlineData("{\"\\uDC00x\":1}", "half of a surrogate pair")]
    [InlineData("NaN", "invalid JSON: line 1, byte 1")]
    public void Read_InvalidJson_IsBadRequest(string text, string message)
    {
        var body = StrictJson.Read(Utf8(text));
        Assert.Equal(400, body.Failure!.Code);
        Assert.Contains(message, body.Failure.Message, StringComparison.Ordinal);
        Assert.Null(body.Node);
    }

    [Fact]
    public void Read_InvalidUtf8_IsBadRequest() =>
        Assert.Equal("invalid JSON: the body is not valid UTF-8", StrictJson.Read([(byte)'"', 0xC3, 0x28, (byte)'"']).Failure!.Message);

    [Fact]
    public void Read_SurrogatePair_IsOneCharacter() => Assert.Equal("😀", StrictJson.Read(Utf8("\"\\ud83d\\ude00\"")).Node!.GetValue<string>());

    [Fact]
    public void Read_DeepNesting_IsRefusedAtTheLimit()
    {
        Assert.Null(StrictJson.Read(Utf8(new string('[', JsonBounds.MaxDepth) + new string(']', JsonBounds.MaxDepth))).Failure);
        Assert.Equal("invalid JSON: exceeded max depth of 512", StrictJson.Read(Utf8(new string('[', 3_000_000))).Failure!.Message);
    }

    [Fact]
    public void Read_MillionValues_IsTooLarge() =>
        Assert.Equal(413, StrictJson.Read(Utf8("[" + string.Join(',', Enumerable.Repeat("0", 1_000_000)) + "]")).Failure!.Code);

    [Fact]
    public void Read_OverThreeMebibytes_IsTooLarge() =>
        Assert.Equal("Request entity too large: limit is 3145728", StrictJson.Read(new byte[JsonBounds.MaxBytes + 1]).Failure!.Message);

    [Fact]
    public void Read_ManyDuplicates_ListsTheFirstHundred() =>
        Assert.Equal(100, StrictJson.Read(Utf8("{" + string.Join(',', Enumerable.Range(0, 2000).Select(i => $"\"k{i % 1000}\":1")) + "}")).DuplicateFields.Length);
}
