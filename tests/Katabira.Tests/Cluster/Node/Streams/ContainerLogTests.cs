using System.Text;
using Katabira.Cluster.Node.Streams;
using Katabira.Cluster.Streams;
using Katabira.Tests.Cluster.Access;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Streams;

/// <summary>What clients see of a log file.</summary>
public sealed class ContainerLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "0.log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_OfBothHalves_IsTheTextInOrder()
    {
        Write(File + ".1", (1, "stdout", "F", "one"));
        Write(File, (2, "stderr", "F", "two"), (3, "stdout", "F", ""));

        Assert.Equal("one\ntwo\n\n", await ReadAsync(new()));
    }

    [Fact]
    public async Task Read_OfALineInParts_IsOneLine()
    {
        Write(File, (1, "stdout", "P", "a"), (2, "stdout", "P", "b"), (3, "stdout", "F", "c"), (4, "stdout", "F", "d"));

        Assert.Equal("abc\nd\n", await ReadAsync(new()));
        Assert.Equal("2026-01-01T00:00:01.000000000Z abc\n2026-01-01T00:00:04.000000000Z d\n", await ReadAsync(new() { Timestamps = true }));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "3\n")]
    [InlineData(2, "2\n3\n")]
    [InlineData(9, "1\n2\n3\n")]
    public async Task Read_OfTheTail_CountsBackOverBothHalves(long lines, string text)
    {
        Write(File + ".1", (1, "stdout", "F", "1"), (2, "stdout", "F", "2"));
        Write(File, (3, "stdout", "F", "3"));

        Assert.Equal(text, await ReadAsync(new() { TailLines = lines }));
    }

    [Fact]
    public async Task Read_SinceATime_LeavesOutWhatIsOlder()
    {
        Write(File, (1, "stdout", "F", "1"), (2, "stdout", "F", "2"), (3, "stdout", "F", "3"));

        Assert.Equal("2\n3\n", await ReadAsync(new() { Since = new DateTimeOffset(2026, 1, 1, 0, 0, 2, TimeSpan.Zero) }));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(3, "12\n")]
    [InlineData(4, "12\n3")]
    [InlineData(100, "12\n34\n")]
    public async Task Read_WithALimit_EndsThere(long bytes, string text)
    {
        Write(File, (1, "stdout", "F", "12"), (2, "stdout", "F", "34"));

        Assert.Equal(text, await ReadAsync(new() { LimitBytes = bytes }));
    }

    [Fact]
    public async Task Read_OfAnUnfinishedLineOrNone_LeavesItOut()
    {
        await System.IO.File.WriteAllTextAsync(File, "2026-01-01T00:00:01.000000000Z stdout F one\nnonsense\n2026-01-01T00:00:01.000000000Z stdout F tw", TestContext.Current.CancellationToken);

        Assert.Equal("one\n", await ReadAsync(new()));
    }

    [Fact]
    public async Task Read_OfManyLines_HasThemAll()
    {
        Write(File, [.. Enumerable.Range(0, 20_000).Select(i => (i % 60, "stdout", "F", $"line {i}"))]);

        Assert.Equal(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n")), await ReadAsync(new()));
    }

    [Fact]
    public async Task Follow_OfAFileThatIsRotated_MissesNothingAndEndsWhenItIsOver()
    {
        var over = new TaskCompletionSource();
        Write(File, (1, "stdout", "F", "one"));
        var pieces = new ContainerLog(File, new LogWish { Follow = true }, TimeProvider.System).ReadAsync(over.Task, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        Assert.Equal("one\n", await NextAsync(pieces));
        Write(File, (2, "stdout", "F", "two"));
        Assert.Equal("two\n", await NextAsync(pieces));
        System.IO.File.Move(File, File + ".1");
        Write(File, (3, "stdout", "F", "three"));
        Assert.Equal("three\n", await NextAsync(pieces));
        Write(File, (4, "stdout", "F", "four"));
        over.SetResult();
        Assert.Equal("four\n", await NextAsync(pieces));
        Assert.False(await pieces.MoveNextAsync());
    }

    private static async Task<string> NextAsync(IAsyncEnumerator<ReadOnlyMemory<byte>> pieces)
    {
        Assert.True(await pieces.MoveNextAsync());
        return Encoding.UTF8.GetString(pieces.Current.Span);
    }

    private async Task<string> ReadAsync(LogWish wish)
    {
        var text = new MemoryStream();
        await foreach (var piece in new ContainerLog(File, wish, TimeProvider.System).ReadAsync(Task.CompletedTask, TestContext.Current.CancellationToken))
        {
            text.Write(piece.Span);
        }
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static void Write(string file, params (int Second, string Stream, string Tag, string Text)[] lines) => System.IO.File.AppendAllText(
        file, string.Concat(lines.Select(l => $"2026-01-01T00:00:{l.Second:00}.000000000Z {l.Stream} {l.Tag} {l.Text}\n")));
}
