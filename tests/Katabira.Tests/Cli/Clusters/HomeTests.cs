using Katabira.Cli.Clusters;
using Katabira.Cli.Clusters.Processes;
using Katabira.Tests.Cluster.Access;
using Xunit;

namespace Katabira.Tests.Cli.Clusters;

public sealed class HomeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, "/h/.katabira")]
    [InlineData("", "/h/.katabira")]
    [InlineData("/x/", "/x")]
    [InlineData("/x/../y", "/y")]
    public void Home_OfThePerson_IsTheVariableOrTheDefault(string? variable, string expected) =>
        Assert.Equal(expected, ClusterHome.Of(CommandLineRun.Around(("HOME", "/h"), ("KATABIRA_HOME", variable))).Path);

    [Fact]
    public void Prepare_NothingThere_MakesItForTheOwnerOnly()
    {
        Home.Prepare();

        foreach (var folder in Directory.EnumerateDirectories(Home.Path, "*", SearchOption.AllDirectories).Append(Home.Path))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }
    }

    [Fact]
    public void Record_WrittenAndRead_IsTheSame()
    {
        Home.Prepare();
        var record = new ClusterRecord("katabira", "p", null, 6445, new(2026, 11, 23, 1, 2, 3, TimeSpan.Zero)) { Contexts = [new("/k", "katabira", "prod", MadeFile: true)] };

        record.Write(Home);

        var read = ClusterRecord.Read(Home)!;
        Assert.Equal(record with { Contexts = [] }, read with { Contexts = [] });
        Assert.Equal(record.Contexts, read.Contexts);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Home.Record));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"name":"","port":6443}""")]
    [InlineData("""{"name":"katabira","port":0}""")]
    [InlineData("""{"name":"katabira","port":"x"}""")]
    public void Record_MakesNoSense_IsRefused(string text)
    {
        Home.Prepare();
        File.WriteAllText(Home.Record, text);

        Assert.Equal($"{Home.Record} cannot be read", Assert.Throws<Katabira.Cli.Refusal>(() => ClusterRecord.Read(Home)).Message);
    }

    [Fact]
    public void Lock_Held_IsNotTakenTwice()
    {
        var path = Path.Combine(_folder.Path, "lock");
        using (var first = FileLock.TryTake(path))
        {
            Assert.NotNull(first);
            Assert.Null(FileLock.TryTake(path));
        }
        using var again = FileLock.TryTake(path);
        Assert.NotNull(again);
    }

    [Fact]
    public void Lock_FileWasRemovedByItsHolder_IsTakenOnTheNewFile()
    {
        var path = Path.Combine(_folder.Path, "lock");
        using var first = FileLock.TryTake(path);
        File.Delete(path);

        using var second = FileLock.TryTake(path);

        Assert.NotNull(second);
        Assert.Null(FileLock.TryTake(path));
    }

    [Fact]
    public void Copy_OfAProgram_IsOfThisMachineAndMadeOnce()
    {
        Home.Prepare();
        var built = Built("katabira", "a.dll", "a.pdb", "a.xml", "runtimes/win-x64/native/x.dll", "runtimes/linux-mips64/native/x.so", "runtimes/unix/lib/x.dll");

        var copy = new ProgramCopy(Home).Make(built);

        Assert.Equal(["a.dll", "a.pdb", "katabira", "runtimes/unix/lib/x.dll"], FilesIn(copy));
        Assert.Equal(copy, new ProgramCopy(Home).Make(built));
        Assert.Equal([copy], Directory.EnumerateDirectories(Home.Programs));
    }

    [Fact]
    public void Copy_ProgramWasBuiltAgain_IsAnotherAndReplacesTheOlder()
    {
        Home.Prepare();
        var built = Built("katabira");
        var first = new ProgramCopy(Home).Make(built);
        File.SetLastWriteTimeUtc(Path.Combine(built, "katabira"), new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var second = new ProgramCopy(Home).Make(built);
        Assert.True(Directory.Exists(first));
        new ProgramCopy(Home).RemoveOthers(second);

        Assert.NotEqual(first, second);
        Assert.Equal([second], Directory.EnumerateDirectories(Home.Programs));
    }

    private ClusterHome Home => new(Path.Combine(_folder.Path, "home"));

    private string Built(params string[] files)
    {
        var built = Path.Combine(_folder.Path, "built");
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(built, file))!);
            File.WriteAllText(Path.Combine(built, file), file);
        }
        return built;
    }

    private static IEnumerable<string> FilesIn(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal);
}
