using System.Text;
using Katabira.Cluster.Node.Volumes;
using Katabira.Net.Linux;
using Katabira.Tests.Cluster.Access;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Volumes;

public sealed class AtomicFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SteppedTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_NewFolder_HasLinksThroughOneLink()
    {
        Assert.True(Write(("a", "1"), ("in/b", "2")));

        Assert.Equal("1", Read("a"));
        Assert.Equal("2", Read("in/b"));
        Assert.Equal("..data/a", LinkOf("a"));
        Assert.Equal("..data/in", LinkOf("in"));
        Assert.Matches(@"^\.\.2026_03_01_12_00_00\.\d+$", LinkOf("..data"));
        Assert.Equal(4, Directory.EnumerateFileSystemEntries(_folder.Path).Count());
    }

    [Fact]
    public void Write_SameContent_TouchesNothing()
    {
        Write(("a", "1"));
        var data = LinkOf("..data");

        Assert.False(Write(("a", "1")));

        Assert.Equal(data, LinkOf("..data"));
    }

    [Fact]
    public void Write_Change_SwitchesAllAtOnceAndLeavesNothingBehind()
    {
        Write(("a", "1"), ("b", "1"), ("in/c", "1"));
        var before = LinkOf("..data");

        Assert.True(Write(("a", "2"), ("d", "2")));

        Assert.Equal(("2", "2"), (Read("a"), Read("d")));
        Assert.Equal([LinkOf("..data"), "..data", "a", "d"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(e => Path.GetFileName(e)!).Order(StringComparer.Ordinal));
        Assert.NotEqual(before, LinkOf("..data"));
    }

    [Fact]
    public void Write_ReaderThatHoldsTheOldFolder_NeverSeesAMixture()
    {
        Write(("a", "1"), ("b", "1"));
        using var stop = new CancellationTokenSource();
        var mixed = 0;
        var reader = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    // one look at the link, as a program has that opens the folder once
                    var data = Path.Combine(_folder.Path, LinkOf("..data"));
                    mixed += File.ReadAllText(Path.Combine(data, "a")) == File.ReadAllText(Path.Combine(data, "b")) ? 0 : 1;
                }
                catch (IOException)
                {
                    // the old folder is removed after the switch
                }
            }
        });
        reader.Start();
        for (var i = 2; i < 200; i++)
        {
            Write(("a", $"{i}"), ("b", $"{i}"));
        }
        stop.Cancel();
        reader.Join();

        Assert.Equal(0, mixed);
    }

    [Fact]
    public void Write_AfterACrash_CleansUp()
    {
        Write(("a", "1"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "..2026_01_01_00_00_00.7", "x"));
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "..data_tmp"), "..2026_01_01_00_00_00.7");
        File.Delete(Path.Combine(_folder.Path, "a"));

        Assert.False(Write(("a", "1")));
        Assert.True(Write(("a", "2")));

        Assert.Equal([LinkOf("..data"), "..data", "a"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(e => Path.GetFileName(e)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Write_Modes_AreThoseAskedFor()
    {
        var files = new Dictionary<string, PayloadFile> { ["open"] = new([1], 0b110_110_110), ["closed"] = new([1], 0b100_000_000) };

        new AtomicFolder(_folder.Path).Write(files, null, _time);

        Assert.Equal((UnixFileMode)0b110_110_110, File.GetUnixFileMode(Path.Combine(_folder.Path, "open")));
        Assert.Equal((UnixFileMode)0b100_000_000, File.GetUnixFileMode(Path.Combine(_folder.Path, "closed")));
    }

    [Fact]
    public void Write_ForAGroup_IsReadableByIt()
    {
        var files = new Dictionary<string, PayloadFile> { ["closed"] = new([1], 0b100_000_000) };

        var writing = Record.Exception(() => new AtomicFolder(_folder.Path).Write(files, 12345, _time));

        if (!Environment.IsPrivilegedProcess)
        {
            Assert.IsType<LinuxException>(writing);
            return;
        }
        Assert.Equal((UnixFileMode)0b100_100_000, File.GetUnixFileMode(Path.Combine(_folder.Path, "closed")));
    }

    private bool Write(params (string Path, string Text)[] files) =>
        new AtomicFolder(_folder.Path).Write(files.ToDictionary(f => f.Path, f => new PayloadFile(Encoding.UTF8.GetBytes(f.Text), 0b110_100_100)), null, _time);

    private string Read(string name) => File.ReadAllText(Path.Combine(_folder.Path, name));

    private string LinkOf(string name) => new FileInfo(Path.Combine(_folder.Path, name)).LinkTarget!;
}
