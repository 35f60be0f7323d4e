using System.Diagnostics;
using System.Net.Sockets;
using Katabira.Cluster.Node;
using Katabira.Net.Pods;
using Xunit;

namespace Katabira.PodTests;

/// <summary>The pod as a process: logs, restarts of who watches it, its end, and clients that break the rules.</summary>
public sealed class PodTests
{
    [Fact]
    public async Task Log_OfBothStreams_IsInTheFormatOfCri()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }

        await house.RunAsync("c", "echo one; echo two >&2; printf three");

        Assert.All(File.ReadAllLines(house.LogFile("c")), line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z (stdout|stderr) F ", line));
        Assert.Equal(["one", "three"], house.Log("c"));
        Assert.Equal(["two"], house.Log("c", "stderr"));
    }

    [Fact]
    public async Task Log_OfManyMegabytes_IsTwoFilesOfTen()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }

        await house.RunAsync("c", "yes 0123456789012345678901234567890123456789012345678901234567890123456789 | head -n 300000; echo last");

        var (newer, older) = (new FileInfo(house.LogFile("c")), new FileInfo(house.LogFile("c") + ".1"));
        Assert.InRange(older.Length, (10 << 20) - (64 << 10), 10 << 20);
        Assert.InRange(newer.Length, 1, 10 << 20);
        Assert.Equal("last", house.Log("c")[^1]);
        Assert.Equal(2, Directory.GetFiles(house.Folder, "c.log*").Length);
    }

    [Fact]
    public async Task Pod_WhoseWatcherIsKilled_GoesOnAndTellsTheNext()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        // The agent's part: a process that starts the pod's container, watches it, runs a command, and is killed in the middle of all of it.
        var agent = new PodProcess(house.Socket);
        await agent.StartAsync(house.Spec("c", "echo up; sleep 0.3; echo still; exit 5"), PodHouse.Cancel);
        await house.StartAsync("d");
        using (var nobody = Watcher(house.Socket))
        {
            Assert.NotEqual(0, await nobody.StandardOutput.BaseStream.ReadAsync(new byte[1], PodHouse.Cancel));
            nobody.Kill();
            await nobody.WaitForExitAsync(PodHouse.Cancel);
        }

        var next = new PodProcess(house.Socket);
        var states = new List<ContainerState>();
        await foreach (var state in next.WatchAsync(PodHouse.Cancel))
        {
            states.Add(state);
            if (state is { Name: "c", IsOver: true })
            {
                break;
            }
        }

        Assert.Equal(5, states[^1].ExitCode);
        Assert.Contains(states, s => s is { Name: "d", Phase: ContainerPhase.Running });
        Assert.Equal(["up", "still"], house.Log("c"));
        Assert.Equal(await next.StatesAsync(PodHouse.Cancel), await PodProcess.ReadStateFileAsync(house.Folder, PodHouse.Cancel));
    }

    [Fact]
    public async Task Pod_ThatIsKilled_TakesEverythingAlongAndLeavesItsStates()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.RunAsync("first", "exit 56");
        await house.StartAsync("second");
        using var process = Process.GetProcessById(await house.Pod.ProcessIdAsync(PodHouse.Cancel));
        var container = int.Parse(File.ReadAllText($"/proc/{process.Id}/task/{process.Id}/children"), System.Globalization.CultureInfo.InvariantCulture);

        process.Kill();
        await Assert.ThrowsAsync<PodGoneException>(() => house.UntilAsync("second", s => s.IsOver));

        // the kernel ends all others before it lets the first process go
        await process.WaitForExitAsync(PodHouse.Cancel);
        Assert.False(Directory.Exists($"/proc/{container}"));
        var left = await PodProcess.ReadStateFileAsync(house.Folder, PodHouse.Cancel);
        Assert.Equal([("first", ContainerPhase.Exited, 56), ("second", ContainerPhase.Running, 0)], left?.Select(s => (s.Name, s.Phase, s.ExitCode)));
        await Assert.ThrowsAsync<PodGoneException>(() => house.Pod.StatesAsync(PodHouse.Cancel));
    }

    [Fact]
    public async Task Shutdown_WithRunningContainers_ReturnsWhenAllHaveEnded()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.StartAsync("a");
        await house.StartAsync("b");
        await house.Pod.StopAllAsync(PodHouse.Cancel);
        await house.UntilAsync("a", s => s.IsOver);
        await house.StartAsync("a"); // it goes on after StopAll

        await house.Pod.ShutdownAsync(PodHouse.Cancel);

        var left = await PodProcess.ReadStateFileAsync(house.Folder, PodHouse.Cancel);
        Assert.Equal([137, 137], left?.Select(s => s.ExitCode));
        await Assert.ThrowsAsync<PodGoneException>(async () => await house.UntilAsync("a", _ => false));
    }

    [Fact]
    public async Task Containers_OfAPod_ShareNetworkAndHostNameOnly()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }

        // both at once: the kernel gives the number of a namespace that is gone to the next one
        await house.StartAsync("a");
        await house.StartAsync("b");
        var (a, b) = (await NamespacesAsync(house, "a"), await NamespacesAsync(house, "b"));

        Assert.Equal(a[..3], b[..3]);
        Assert.Empty(a[3..].Intersect(b[3..]));
        Assert.Equal(new FileInfo("/proc/self/ns/net").LinkTarget, a[0]);
        Assert.NotEqual(new FileInfo("/proc/self/ns/uts").LinkTarget, a[1]);
    }

    [Theory]
    [InlineData("FFFFFFFF 03")] // four gigabytes
    [InlineData("00000000 63")] // no such request
    [InlineData("02000000 02 0500")] // a name that is not there
    [InlineData("00000000 03 00000000 03")] // two requests
    public async Task Client_ThatBreaksTheProtocol_LosesItsConnectionAndNothingElse(string hex)
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.StartAsync("c");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(house.Socket), PodHouse.Cancel);

        await socket.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), PodHouse.Cancel);
        await using (var stream = new NetworkStream(socket))
        {
            await stream.CopyToAsync(Stream.Null, PodHouse.Cancel);
        }

        Assert.Equal([ContainerPhase.Running], (await house.Pod.StatesAsync(PodHouse.Cancel)).Select(s => s.Phase));
    }

    [Fact]
    public async Task Launch_ThatCannotSucceed_SaysWhy()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        var spec = new PodSpec { Folder = house.Folder + "/other", Socket = house.Folder + "/o", HostName = "x", NetworkNamespace = "/no/such/namespace" };

        var network = await Assert.ThrowsAsync<PodRefusedException>(() => PodProcess.LaunchAsync(PodProgram.Path, spec, PodHouse.Cancel));
        var socket = await Assert.ThrowsAsync<PodRefusedException>(
            () => PodProcess.LaunchAsync(PodProgram.Path, spec with { NetworkNamespace = null, Socket = "/tmp/" + new string('x', 120) }, PodHouse.Cancel));

        Assert.Equal("katabira-pod: join the network namespace /no/such/namespace: No such file or directory", network.Message);
        Assert.StartsWith("katabira-pod: the path of the socket is longer than 107 bytes", socket.Message, StringComparison.Ordinal);
    }

    private static async Task<string[]> NamespacesAsync(PodHouse house, string container)
    {
        var (_, output, _) = await house.ExecuteAsync(container, "sh", "-c", "for n in net uts ipc pid mnt; do readlink /proc/self/ns/$n; done");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A process that has the pod's socket open, watching, until it is killed.</summary>
    private static Process Watcher(string socket)
    {
        const string Script = """
            use IO::Socket::UNIX;
            $| = 1;
            my $socket = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die;
            print $socket "\0\0\0\0\4";
            $socket->flush;
            while (sysread $socket, my $bytes, 4096) { print $bytes }
            """;
        return Process.Start(new ProcessStartInfo("perl", ["-e", Script, socket]) { RedirectStandardOutput = true })!; // perl-base is on every Debian
    }
}
