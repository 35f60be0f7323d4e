using System.Net;
using CsCheck;
using Katabira.Cluster.Network.Dns;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Network;

public sealed class DnsMessageTests
{
    private const string Header = "12340100000100000000" + "0000";
    private const string Question = "03776562" + "0473686F70" + "00" + "0001" + "0001"; // web.shop, A, IN

    [Fact]
    public void ReadQuery_Question_IsUnderstood()
    {
        var query = DnsReader.ReadQuery(Convert.FromHexString(Header + Question), out var refusal);

        Assert.Null(refusal);
        Assert.NotNull(query);
        Assert.Equal((0x1234, true, "web.shop.", DnsType.A, false, 512), (query.Id, query.IsRecursionDesired, query.Name.ToString(), query.Type, query.HasEdns, query.MostBytes));
    }

    [Theory]
    [InlineData("0000290200000000000000", 512)] // what it takes by UDP
    [InlineData("0000291000000000000000", 1232)] // more than passes everywhere
    [InlineData("0000290010000000000000", 512)] // less than everybody takes
    public void ReadQuery_WithEdns_KnowsWhatFits(string record, int bytes)
    {
        var query = DnsReader.ReadQuery(Convert.FromHexString(Header[..^4] + "0001" + Question + record), out _);

        Assert.Equal((true, bytes), (query!.HasEdns, query.MostBytes));
    }

    [Theory]
    [InlineData("1234", null)] // no header
    [InlineData("12348100000100000000" + "0000" + Question, null)] // an answer: answering it would be a loop
    [InlineData("12342900000100000000" + "0000" + Question, DnsCode.NotImplemented)] // an update
    [InlineData("12340100000000000000" + "0000", DnsCode.FormatError)] // no question
    [InlineData("12340100000200000000" + "0000" + Question + Question, DnsCode.FormatError)]
    [InlineData(Header + "0377656200" + "0001", DnsCode.FormatError)] // cut
    [InlineData(Header + "40" + "00" + "0001" + "0001", DnsCode.FormatError)] // a label of a kind that is none
    [InlineData(Header + "C00C" + "0001" + "0001", DnsCode.FormatError)] // points to itself
    [InlineData(Header + "C000" + "0001" + "0001", DnsCode.FormatError)] // points to the header
    [InlineData(Header + "01610001" + "0001" + "0001", DnsCode.Refused)] // another class
    [InlineData(Header + "01610000FF" + "0001", DnsCode.NotImplemented)] // ANY
    [InlineData(Header + "01610000FC" + "0001", DnsCode.NotImplemented)] // a transfer
    public void ReadQuery_AnythingElse_IsRefusedByItsReason(string hex, object? code)
    {
        Assert.Null(DnsReader.ReadQuery(Convert.FromHexString(hex), out var refusal));
        Assert.Equal((DnsCode?)code, refusal);
    }

    [Fact]
    public void ReadAddresses_PointersInACircle_EndTheReading()
    {
        // an answer whose name goes to a label that leads back to the pointer
        var hex = "12348180000000010000" + "0000" + "0161" + "C00C" + "00010001" + "00000005" + "0004" + "0A000001";

        Assert.Null(DnsReader.ReadAddresses(Convert.FromHexString(hex)));
    }

    [Fact]
    public void Readers_AnyBytes_NeverThrow() => Gen.Byte.Array[0, 80].Sample(
        bytes =>
        {
            _ = DnsReader.ReadQuery(bytes, out _);
            _ = DnsReader.ReadAddresses(bytes);
        },
        iter: Iterations.Of(1_000_000));

    [Fact]
    public void Readers_AQuestionWithAnyByteChanged_NeverThrow() => Gen.Select(Gen.Int[0, 40], Gen.Byte, Gen.Int[0, 43]).Sample(
        (at, value, length) =>
        {
            var bytes = Convert.FromHexString(Header[..^4] + "0001" + Question + "0000291000000000000000");
            bytes[at % bytes.Length] = value;
            _ = DnsReader.ReadQuery(bytes.AsMemory(0, Math.Min(length, bytes.Length)), out _);
            _ = DnsReader.ReadAddresses(bytes);
        },
        iter: Iterations.Of(1_000_000));

    [Fact]
    public void Write_Addresses_ReadBack() => Gen.Select(Gen.UInt.Array[0, 40], Gen.Int[512, 4096]).Sample((numbers, limit) =>
    {
        var query = DnsReader.ReadQuery(Convert.FromHexString(Header + Question), out _)!; // not null: see above
        DnsRecord[] records = [.. numbers.Select(n => new DnsRecord(query.Name, 5, new AddressData(new IPAddress(n))))];

        var written = DnsWriter.Write(query, new(DnsCode.NoError, true, records, [], []), limit);
        var read = DnsReader.ReadAddresses(written);

        Assert.True(written.Length <= limit);
        Assert.NotNull(read);
        Assert.Equal(records.Take(read.Value.Records.Length).Select(r => r.Data), read.Value.Records.Select(r => r.Data));
        Assert.Equal(read.Value.Records.Length < records.Length, (written[2] & 2) != 0); // cut, and it says so
    });

    [Theory]
    [InlineData("web.shop", "web.shop.")]
    [InlineData("Web.Shop.", "web.shop.")]
    [InlineData("", null)]
    [InlineData("a..b", null)]
    [InlineData("häuser.test", null)] // not ASCII: it has another form on the wire
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234.test", null)] // 64 bytes
    public void Parse_Text_IsANameOrNot(string text, string? name) => Assert.Equal(name, DnsName.Parse(text)?.ToString());
}
