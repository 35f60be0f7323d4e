using System.Threading.Channels;
using Katabira.Cli.Clusters.Logs;
using Katabira.Tests.Cluster.Access;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Katabira.Tests.Cli.Clusters;

public sealed class LogTests : IDisposable
{
    private static readonly DateTimeOffset s_time = new(2026, 11, 23, 23, 36, 46, 123, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(LogLevel.Information, "Katabira.Cluster.Api", "served", "2026-11-23T23:36:46.123Z info Api/7 served\n")]
    [InlineData(LogLevel.Critical, "X", "one\r\ntwo\tthree", "2026-11-23T23:36:46.123Z fatal X/7 one\\ntwo\\tthree\n")]
    [InlineData(LogLevel.Warning, "X", "\u001b[2Jé\u0085", "2026-11-23T23:36:46.123Z warn X/7 \\u001b[2Jé\\u0085\n")]
    public void Line_OfAnEvent_IsOneLine(LogLevel level, string category, string message, string expected) =>
        Assert.Equal(expected, LogLine.Format(s_time, level, category, 7, message, cause: null));

    [Fact]
    public void Line_OfAnException_HoldsItAndIsBounded()
    {
        var line = LogLine.Format(s_time, LogLevel.Error, "X", 7, "failed", new InvalidOperationException("why\nindeed"));
        var huge = LogLine.Format(s_time, LogLevel.Error, "X", 7, new string('x', 100_000), cause: null);

        Assert.EndsWith("failed | System.InvalidOperationException: why\\nindeed\n", line, StringComparison.Ordinal);
        Assert.Equal(LogLine.MostCharacters + 2, huge.Length);
    }

    [Theory]
    [InlineData("Katabira.Cluster.Api", LogLevel.Information, true)]
    [InlineData("Katabira.Cluster.Api", LogLevel.Debug, false)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Information, false)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Warning, true)]
    public void Loggers_OfACategory_HaveItsLevel(string category, LogLevel level, bool enabled)
    {
        using var loggers = LineLoggers.Factory(_ => { }, TimeProvider.System);

        Assert.Equal(enabled, loggers.CreateLogger(category).IsEnabled(level));
    }

    [Fact]
    public void File_WouldGrowBeyondItsSize_BeginsAnewAndKeepsOneOlder()
    {
        using var file = new RotatingFile(Log, mostBytes: 10);

        foreach (var line in (string[])["aaaa\n", "bbbb\n", "cccc\n", "dddddddddddddddd\n", "eeee\n"])
        {
            file.Append(line);
        }

        // A line that is longer than a whole file stands alone in one.
        Assert.Equal("dddddddddddddddd\n", File.ReadAllText(Log + ".1"));
        Assert.Equal("eeee\n", File.ReadAllText(Log));
        Assert.Equal(2, Directory.EnumerateFiles(_folder.Path).Count());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Log));
    }

    [Fact]
    public void File_OpenedAgain_GoesOnWhereItWas()
    {
        using (var file = new RotatingFile(Log, mostBytes: 10))
        {
            file.Append("aaaa\n");
        }
        using (var file = new RotatingFile(Log, mostBytes: 10))
        {
            file.Append("bbbb\n");
            file.Append("c\n");
        }

        Assert.Equal("aaaa\nbbbb\n", File.ReadAllText(Log + ".1"));
        Assert.Equal("c\n", File.ReadAllText(Log));
    }

    [Fact]
    public void File_CannotBeWritten_CountsWhatItLostAndSaysSo()
    {
        Directory.CreateDirectory(Log);
        using var file = new RotatingFile(Log);

        file.Append("lost\n");
        file.Append("lost\n");
        Directory.Delete(Log);
        file.Append("found\n");

        Assert.Equal("(2 lines were lost here: the disk took none)\nfound\n", File.ReadAllText(Log));
    }

    [Fact]
    public async Task File_ManyThreads_LosesNoLine()
    {
        using var file = new RotatingFile(Log, mostBytes: 1 << 20);

        await Parallel.ForEachAsync(Enumerable.Range(0, 1000), (i, _) =>
        {
            file.Append($"{i}\n");
            return ValueTask.CompletedTask;
        });

        Assert.Equal(Enumerable.Range(0, 1000), File.ReadLines(Log).Select(int.Parse).Order());
    }

    [Theory]
    [InlineData(null, "1 2 3 4")]
    [InlineData(0, "")]
    [InlineData(1, "4")]
    [InlineData(3, "2 3 4")]
    [InlineData(9, "1 2 3 4")]
    public async Task Reader_Tail_IsTheLastLinesOfBothFiles(int? tail, string expected)
    {
        File.WriteAllText(Log + ".1", "1\n2\n");
        File.WriteAllText(Log, "3\n4\n");
        var output = new StringWriter { NewLine = "\n" };

        await new LogReader(Log).CopyAsync(output, tail, follow: false, CancellationToken.None);

        Assert.Equal(expected, string.Join(' ', output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public async Task Reader_NoLogYet_IsEmpty()
    {
        var output = new StringWriter();

        await new LogReader(Log).CopyAsync(output, tail: null, follow: false, CancellationToken.None);

        Assert.Empty(output.ToString());
    }

    [Fact]
    public async Task Reader_Follows_ThroughRotationsAndUntilTheLogIsDeleted()
    {
        using var file = new RotatingFile(Log, mostBytes: 40);
        file.Append("line 0\n");
        var output = new Arrivals();
        var reading = new LogReader(Log).CopyAsync(output, tail: null, follow: true, CancellationToken.None);

        for (var i = 0; i < 30; i++)
        {
            // Each line is awaited, so no more than one rotation comes between two looks.
            Assert.Equal($"line {i}", await output.NextLineAsync());
            file.Append($"line {i + 1}\n");
        }
        Assert.Equal("line 30", await output.NextLineAsync());
        file.Dispose();
        File.Delete(Log + ".1");
        File.Delete(Log);
        await reading;

        Assert.True(output.IsEmpty);
    }

    [Fact]
    public async Task Reader_Cancelled_Ends()
    {
        using var file = new RotatingFile(Log);
        file.Append("x\n");
        var output = new Arrivals();
        using var end = new CancellationTokenSource();
        var reading = new LogReader(Log).CopyAsync(output, tail: null, follow: true, end.Token);
        Assert.Equal("x", await output.NextLineAsync());

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Theory]
    [InlineData(0, "a b c")]
    [InlineData(2, "b c")]
    [InlineData(6, "")]
    [InlineData(99, "a b c")] // it was rotated since
    public void Since_AnOffset_IsWhatCameAfter(long offset, string expected)
    {
        File.WriteAllText(Log, "a\nb\nc\n");

        Assert.Equal(expected, string.Join(' ', LogReader.Since(Log, offset, most: 10)));
    }

    private string Log => Path.Combine(_folder.Path, "cluster.log");

    /// <summary>A writer whose lines can be awaited.</summary>
    private sealed class Arrivals : StringWriter
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
        private string _begun = "";

        public bool IsEmpty => !_lines.Reader.TryPeek(out _);

        public async Task<string> NextLineAsync() => await _lines.Reader.ReadAsync(TestContext.Current.CancellationToken);

        public override Task WriteLineAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default) =>
            WriteAsync($"{buffer}\n".AsMemory(), cancellationToken);

        public override Task WriteAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
        {
            var parts = (_begun + buffer).Split('\n');
            _begun = parts[^1];
            foreach (var line in parts[..^1])
            {
                _lines.Writer.TryWrite(line);
            }
            return Task.CompletedTask;
        }
    }
}
