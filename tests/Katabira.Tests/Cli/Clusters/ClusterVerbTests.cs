using System.Text.Json;
using Katabira.Cli;
using Katabira.Cli.Clusters;
using Katabira.Cli.Clusters.Processes;
using Katabira.Tests.Cluster.Access;
using Xunit;

namespace Katabira.Tests.Cli.Clusters;

/// <summary>The verbs as far as they need no process; tests/doors/cluster.sh goes on from there.</summary>
public sealed class ClusterVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("start")]
    [InlineData("stop")]
    [InlineData("status")]
    [InlineData("logs")]
    [InlineData("get-credentials")]
    public async Task Verb_NoCluster_FailsAndSaysHowToMakeOne(string verb)
    {
        var run = await RunAsync("cluster", verb);

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Equal($"katabira: there is no cluster in {Home.Path}\nkatabira: hint: katabira cluster create makes one\n", run.Error);
        Assert.False(Path.Exists(Home.Path));
    }

    [Fact]
    public async Task Delete_NoCluster_IsDone()
    {
        var run = await RunAsync("cluster", "delete");

        Assert.Equal((0, ""), (run.ExitCode, run.Output));
        Assert.Contains("nothing to delete", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("start")]
    [InlineData("stop")]
    [InlineData("delete")]
    [InlineData("status")]
    [InlineData("logs")]
    [InlineData("get-credentials")]
    [InlineData("serve")]
    public async Task Verb_AnotherName_FailsAndListsThoseThatExist(string verb)
    {
        var without = await RunAsync("cluster", verb, "other");
        Found();
        var with = await RunAsync("cluster", verb, "other");

        Assert.Equal((1, 1), (without.ExitCode, with.ExitCode));
        Assert.StartsWith($"katabira: there is no cluster 'other' in {Home.Path}; there is none yet\n", without.Error, StringComparison.Ordinal);
        Assert.StartsWith($"katabira: there is no cluster 'other' in {Home.Path}; there is: katabira\n", with.Error, StringComparison.Ordinal);
        Assert.Contains("hint: a home holds one cluster", with.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--project", "p", 0, "")]
    [InlineData("--project", "q", 1, "has the project 'p', not 'q'")]
    [InlineData("--zone", "z", 1, "has no zone, not 'z'")]
    [InlineData("--zone", "a b", 64, "'a b' is no zone")]
    [InlineData("--project", "", 64, "'' is no project")]
    public async Task Verb_Label_HasToBeTheOneItHas(string option, string value, int code, string message)
    {
        Found();

        var run = await RunAsync("cluster", "status", option, value);

        Assert.Equal(code, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_Stopped_IsAResult()
    {
        Found();

        var table = await RunAsync("cluster", "status");
        var json = JsonDocument.Parse((await RunAsync("cluster", "status", "-o", "json")).Output).RootElement;

        Assert.Equal(0, table.ExitCode);
        Assert.Equal("NAME,STATE,NODE,PODS,ADDRESS,PID,UPTIME,VERSION,PROJECT,ZONE,HOME", string.Join(',', table.Output.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(
            ["name", "state", "node", "pods", "address", "pid", "startedAt", "uptimeSeconds", "version", "project", "zone", "createdAt", "home"],
            json.EnumerateObject().Select(p => p.Name));
        Assert.Equal("stopped", json.GetProperty("state").GetString());
        Assert.Equal("https://127.0.0.1:6444", json.GetProperty("address").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("pid").ValueKind);
        Assert.Equal("1970-01-01T00:00:00Z", json.GetProperty("createdAt").GetString());
    }

    [Fact]
    public async Task Status_ProcessIsGone_SaysCrashed()
    {
        Found();
        new ServeRecord(ProcessIdentity.OfThisProcess() with { StartTicks = 1 }, DateTimeOffset.UnixEpoch, "1", new Uri("https://127.0.0.1:6444")).Write(Home);

        var run = await RunAsync("cluster", "status", "-o", "yaml");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("state: crashed\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("pid: null\n", run.Output, StringComparison.Ordinal);
    }

    /// <summary>The number of the process is that of the tests: whoever trusted it would kill them.</summary>
    [Fact]
    public async Task Stop_NumberIsAStrangers_KillsNobody()
    {
        Found();
        new ServeRecord(ProcessIdentity.OfThisProcess() with { StartTicks = 1 }, DateTimeOffset.UnixEpoch, "1", new Uri("https://127.0.0.1:6444")).Write(Home);

        var run = await RunAsync("cluster", "stop");

        Assert.Equal((0, "katabira: the cluster katabira is stopped\n"), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("y\n", 0, false)]
    [InlineData("Yes\n", 0, false)]
    [InlineData("\n", 1, true)]
    [InlineData("no\n", 1, true)]
    [InlineData("", 1, true)]
    public async Task Delete_PersonIsThere_AsksFirst(string answer, int code, bool isLeft)
    {
        Found();
        var surroundings = Surroundings with { IsInteractive = true, Input = new StringReader(answer) };

        var run = await CommandLineRun.InAsync(surroundings, "cluster", "delete");

        Assert.Equal(code, run.ExitCode);
        Assert.StartsWith($"katabira: delete the cluster katabira in {Home.Path} and all it holds? (y/N) ", run.Error, StringComparison.Ordinal);
        Assert.Equal(isLeft, Path.Exists(Home.Path));
    }

    [Theory]
    [InlineData("--quiet")]
    [InlineData("-q")]
    [InlineData("--yes")]
    [InlineData("-y")]
    public async Task Delete_Quiet_DoesNotAsk(string option)
    {
        Found();

        var run = await CommandLineRun.InAsync(Surroundings with { IsInteractive = true }, "cluster", "delete", option);

        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("?", run.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(Home.Path));
    }

    [Fact]
    public async Task Delete_FilesThatAreNotTheClusters_Stay()
    {
        Found();
        File.WriteAllText(Path.Combine(Home.Path, "images"), "mine");

        Assert.Equal(0, (await RunAsync("cluster", "delete")).ExitCode);

        Assert.Equal([Path.Combine(Home.Path, "images")], Directory.EnumerateFileSystemEntries(Home.Path));
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("delete")]
    [InlineData("start")]
    public async Task Verb_AnotherIsAtWork_IsRefused(string verb)
    {
        Found();
        using var held = FileLock.TryTake(Home.VerbLock)!;

        var run = await RunAsync("cluster", verb);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("another command is at work", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("serve")]
    public async Task Verb_HomeIsEverybodys_IsRefused(string verb)
    {
        Directory.CreateDirectory(Home.Path);
        File.SetUnixFileMode(Home.Path, (UnixFileMode)0b111_111_111);

        var run = await RunAsync("cluster", verb);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("can be written by others", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Home.Path));
    }

    [Fact]
    public async Task Create_NeitherRootNorSudo_SaysWhatElseAndLeavesNothing()
    {
        var run = await CommandLineRun.InAsync(Surroundings with { IsRoot = false, ProgramFolders = [] }, "cluster", "create");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("katabira: pods need root, for network namespaces and mounts, and this machine has no sudo\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("hint: katabira cluster create --without-pods serves the API alone", run.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(Home.Path));
    }

    [Fact]
    public async Task Create_ProgramsAreMissing_NamesTheirPackagesAndLeavesNothing()
    {
        var run = await CommandLineRun.InAsync(Surroundings with { IsRoot = true, ProgramFolders = [] }, "cluster", "create");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("this machine lacks ip, of the package iproute2; this machine lacks nft, of the package nftables", run.Error, StringComparison.Ordinal);
        Assert.Contains("hint: apt-get update && apt-get install -y iproute2 nftables util-linux", run.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(Home.Path));
    }

    [Fact]
    public async Task Create_WithoutPodsWhereThereAreSome_IsRefused()
    {
        Found();

        var run = await RunAsync("cluster", "create", "--without-pods");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is one with pods, and stays one", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_PodsWithoutRoot_IsRefused()
    {
        Found();

        var run = await CommandLineRun.InAsync(Surroundings with { IsRoot = false }, "cluster", "serve");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("pods need root, and this process is not", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AsRoot_WithoutRoot_IsRefusedInItsOwnWords()
    {
        Found();

        var run = await CommandLineRun.InAsync(Surroundings with { IsRoot = false }, "cluster", "as-root", "end");

        Assert.Equal((1, "root \nrefused this is not root\n", ""), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task Create_FolderIsSomebodyElses_IsRefused()
    {
        Directory.CreateDirectory(Home.Folder);
        File.WriteAllText(Path.Combine(Home.Folder, "thesis"), "");
        File.SetUnixFileMode(Home.Path, (UnixFileMode)0b111_000_000);

        var run = await RunAsync("cluster", "create");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("holds something that is no cluster", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_MakesNoSense_SaysWhatToDo()
    {
        Home.Prepare();
        File.WriteAllText(Home.Record, "{");

        var run = await RunAsync("cluster", "status");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{Home.Record} cannot be read\nkatabira: hint: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cluster sta", "start status")]
    [InlineData("cluster status ", "katabira")]
    [InlineData("cluster status --project ", "p")]
    [InlineData("cluster status --zone ", "")]
    [InlineData("cluster status -o ", "json table yaml")]
    [InlineData("cluster serv", "")]
    [InlineData("cluster as", "")]
    public async Task Suggestion_OfACluster_IsWhatMayComeNext(string line, string expected)
    {
        Found();

        var run = await RunAsync($"[suggest:{line.Length}]", line);

        var word = line[(line.LastIndexOf(' ') + 1)..];
        var offered = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(o => o.StartsWith(word, StringComparison.Ordinal) && o[0] != '-');
        Assert.Equal(expected, string.Join(' ', offered));
    }

    [Theory]
    [InlineData("cluster")]
    [InlineData("cluster creat")]
    [InlineData("cluster logs --tail x")]
    [InlineData("cluster logs --tail -1")]
    [InlineData("cluster status one two")]
    public async Task Verb_LineMakesNoSense_IsUsage(string line) => Assert.Equal(64, (await RunAsync(line.Split(' '))).ExitCode);

    private ClusterHome Home => ClusterHome.Of(Surroundings);

    private Surroundings Surroundings => CommandLineRun.Around(("KATABIRA_HOME", Path.Combine(_folder.Path, "home")), ("HOME", _folder.Path));

    private Task<CommandLineRun> RunAsync(params string[] args) => CommandLineRun.InAsync(Surroundings, args);

    private void Found()
    {
        Home.Prepare();
        new ClusterRecord("katabira", "p", null, 6444, DateTimeOffset.UnixEpoch).Write(Home);
    }
}
