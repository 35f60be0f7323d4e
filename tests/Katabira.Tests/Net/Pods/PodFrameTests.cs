using System.Text.Json;
using CsCheck;
using Katabira.Net.Pods;
using Xunit;

namespace Katabira.Tests.Net.Pods;

public class PodFrameTests
{
    [Theory]
    [InlineData("", false, 0, 0)]
    [InlineData("00000000", false, 0, 0)] // a byte is missing
    [InlineData("0000000003", true, 3, 0)]
    [InlineData("0200000008AABB", true, 8, 2)]
    [InlineData("0000010043", true, 67, 65536)]
    [InlineData("0000100001", true, 1, 1048576)]
    [InlineData("00000000FF", true, 255, 0)] // a kind without a name is for the reader to judge
    public void TryRead_Header_IsReadWhenItIsThere(string hex, bool there, int kind, int length)
    {
        Assert.Equal(there, PodFrameHeader.TryRead(Convert.FromHexString(hex), out var header));
        Assert.Equal(((PodFrame)kind, length), (header.Kind, header.Length));
    }

    [Theory]
    [InlineData("0100010043")] // a byte too many
    [InlineData("0100100001")]
    [InlineData("FFFFFFFF08")]
    public void TryRead_TooLong_IsRefused(string hex) =>
        Assert.Throws<PodProtocolException>(() => PodFrameHeader.TryRead(Convert.FromHexString(hex), out _));

    [Fact]
    public void Writer_EveryField_ReadsBack() => Gen.Select(Gen.Byte, Gen.UShort, Gen.Int, Gen.Long, Gen.String, Gen.String.List[0, 5]).Sample((b, s, i, l, t, ts) =>
    {
        var writer = new PayloadWriter().Begin(PodFrame.Execute);
        writer.Byte(b);
        writer.Number16(s);
        writer.Number(i);
        writer.Number64(l);
        writer.Text(t);
        writer.Texts(ts);
        writer.Bytes([1, 2]);
        var written = writer.End().Written.Span;

        Assert.True(PodFrameHeader.TryRead(written, out var header));
        Assert.Equal(written.Length - PodFrameHeader.SizeBytes, header.Length);
        var reader = new PayloadReader(written[PodFrameHeader.SizeBytes..]);
        Assert.Equal((b, s, i, l), (reader.Byte(), reader.Number16(), reader.Number(), reader.Number64()));
        Assert.Equal(Utf8(t), reader.Text());
        Assert.Equal(ts.Select(Utf8), reader.Texts());
        Assert.Equal([1, 2], reader.Rest().ToArray());
    });

    [Fact]
    public void Reader_AnyBytes_ReadsOrRefuses() => Gen.Byte.Array[0, 80].Sample(bytes =>
    {
        var reader = new PayloadReader(bytes);
        try
        {
            ContainerState.Read(ref reader);
        }
        catch (PodProtocolException)
        {
        }
    });

    [Fact]
    public void Writer_TooLongText_IsRefused() => Assert.Throws<ArgumentException>(() => new PayloadWriter().Text(new string('x', 65536)));

    [Fact]
    public void ReadContainer_WithTheLeastThere_HasTheDefaults()
    {
        var container = PodSpecs.ReadContainer("""{"name":"c","command":["x"],"logFile":"/l"}"""u8);

        Assert.Equal(("/", 256L << 20, 0u), (container.WorkingFolder, container.RootBytes, container.User));
        Assert.Empty(container.Environment);
        Assert.Empty(container.Groups);
        Assert.Empty(container.Mounts);
        Assert.Empty(container.ControlGroups);
        Assert.Null(container.Capabilities);
    }

    [Theory]
    [InlineData("""{"name":"c","command":["x"]}""")] // no log file
    [InlineData("""{"name":"c","command":["x"],"logFile":"/l","usr":1}""")] // a slip of the pen
    [InlineData("""{"name":null,"command":["x"],"logFile":"/l"}""")]
    [InlineData("null")]
    [InlineData("")]
    public void ReadContainer_OfSomethingElse_Throws(string json) =>
        Assert.Throws<JsonException>(() => PodSpecs.ReadContainer(System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Specification_WrittenAndRead_IsTheSame()
    {
        var container = new ContainerSpec
        {
            Name = "c",
            Attempt = 3,
            Command = ["a", "b c"],
            Environment = ["A=\"1\"", "B=ü"],
            WorkingFolder = "/w",
            User = 1337,
            Group = 1,
            Groups = [4294967294],
            Capabilities = [],
            Mounts = [new() { Source = "/s", Target = "/t", ReadOnly = true }, new() { Target = "/u", LimitBytes = 5 }],
            OpenFiles = 1 << 20,
            ControlGroups = ["/sys/fs/cgroup/x"],
            Terminal = true,
            LogFile = "/l",
        };

        var json = PodSpecs.Write(container);

        Assert.Equal(json, PodSpecs.Write(PodSpecs.ReadContainer(json)));
        Assert.Equal("B=ü", PodSpecs.ReadContainer(json).Environment[1]);
        Assert.Equal([], PodSpecs.ReadContainer(json).Capabilities);
    }

    /// <summary>What UTF-8 cannot say becomes a replacement character, once.</summary>
    private static string Utf8(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
