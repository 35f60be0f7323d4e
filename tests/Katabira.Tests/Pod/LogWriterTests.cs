using System.Text;
using Katabira.Pod.Logs;
using Xunit;

namespace Katabira.Tests.Pod;

public sealed class LogWriterTests : IDisposable
{
    private const string Stamp = "2026-01-02T03:04:05.678000000Z";

    private readonly string _folder = Directory.CreateTempSubdirectory("katabira-log").FullName;

    private string File1 => _folder + "/0.log";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("a\n", "stdout F a")]
    [InlineData("a\nb\n", "stdout F a|stdout F b")]
    [InlineData("a|b|c\n", "stdout F abc")]
    [InlineData("\n\n", "stdout F |stdout F ")]
    [InlineData("a", "stdout F a")] // at its end a line without end is one
    [InlineData("a\r\n", "stdout F a\r")]
    [InlineData("a|!e|b\n|!f\n", "stdout F ab|stderr F ef")] // the streams do not mix within a line
    public void Append_Pieces_MakesLines(string pieces, string expected)
    {
        using var log = Open();
        foreach (var piece in pieces.Split('|'))
        {
            log.Append(piece.StartsWith('!') ? LogStream.Errors : LogStream.Output, Encoding.UTF8.GetBytes(piece.TrimStart('!')));
        }
        log.End(LogStream.Output);
        log.End(LogStream.Errors);

        Assert.Equal(string.Concat(expected.Split('|').Select(line => $"{Stamp} {line}\n")), File.ReadAllText(File1));
    }

    [Theory]
    [InlineData(16384, "P")]
    [InlineData(16383, "F")]
    [InlineData(40000, "P P F")]
    public void Append_LongLine_ComesInParts(int length, string tags)
    {
        using var log = Open();
        var text = new string('x', length);
        foreach (var piece in text.Chunk(5000))
        {
            log.Append(LogStream.Output, Encoding.UTF8.GetBytes(piece));
        }
        log.End(LogStream.Output);

        var lines = File.ReadAllLines(File1).Select(l => l.Split(' ', 4)).ToList();
        Assert.Equal(tags, string.Join(' ', lines.Select(l => l[2])));
        Assert.Equal(text, string.Concat(lines.Select(l => l[3])));
    }

    [Fact]
    public void Append_PastTheLimit_KeepsTwoFilesOfWholeLines()
    {
        using var log = Open(limit: 1000);
        for (var i = 0; i < 100; i++)
        {
            log.Append(LogStream.Output, Encoding.UTF8.GetBytes($"line {i:000}\n"));
        }

        var (older, newer) = (File.ReadAllLines(File1 + ".1"), File.ReadAllLines(File1));
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
        Assert.All([File1, File1 + ".1"], f => Assert.InRange(new FileInfo(f).Length, 1, 1000));
        // the youngest lines, none missing between the two
        var numbers = older.Concat(newer).Select(l => int.Parse(l[^3..], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(Enumerable.Range(100 - numbers.Count, numbers.Count), numbers);
    }

    [Fact]
    public void Open_FileThatIsThere_GoesOnAtItsEnd()
    {
        File.WriteAllText(File1, new string('x', 990) + "\n");
        using var log = Open(limit: 1000);

        log.Append(LogStream.Output, "new\n"u8);

        Assert.Equal(991, new FileInfo(File1 + ".1").Length);
        Assert.Equal($"{Stamp} stdout F new\n", File.ReadAllText(File1));
    }

    [Fact]
    public void Append_WhileTheFileCannotBeWritten_LosesLinesAndSaysHowMany()
    {
        var log = new LogWriter(_folder + "/later/0.log", 1000, new Clock());
        log.Append(LogStream.Output, "one\ntwo\n"u8);
        Directory.CreateDirectory(_folder + "/later");

        log.Append(LogStream.Errors, "three\n"u8);
        log.Dispose();

        Assert.Equal(
            [$"{Stamp} stderr F katabira: 2 lines of this log were lost, as the disk was full or the file could not be written", $"{Stamp} stderr F three"],
            File.ReadAllLines(_folder + "/later/0.log"));
    }

    private LogWriter Open(long limit = 1 << 20)
    {
        var log = new LogWriter(File1, limit, new Clock());
        Assert.False(log.Open().IsError);
        return log;
    }

    private sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    }
}
