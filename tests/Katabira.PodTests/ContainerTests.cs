using Katabira.Net.Pods;
using Xunit;

namespace Katabira.PodTests;

/// <summary>What a container is, seen from inside, and how it ends.</summary>
public sealed class ContainerTests
{
    [Fact]
    public async Task Container_SeenFromInside_IsAloneInASkeleton()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }

        var state = await house.RunAsync("c", """
            echo "pid $$"
            echo processes $(ls /proc | grep -c '^[0-9]*$')
            echo "host $(uname -n)"
            echo root $(ls /)
            touch /usr/x 2>/dev/null || echo usr-read-only
            touch /etc/x 2>/dev/null || echo etc-read-only
            for d in / /run /tmp /var /var/tmp /dev/shm; do touch $d/x && echo "$d writable"; done
            (echo 1 > /proc/sys/vm/drop_caches) 2>/dev/null || echo sys-read-only
            echo > /dev/null && echo null
            env | sort
            ls -l /proc/self/fd | wc -l
            """);

        Assert.Equal((ContainerPhase.Exited, 0, 0), (state.Phase, state.ExitCode, state.Signal));
        var log = house.Log("c");
        Assert.Equal("pid 1", log[0]);
        Assert.Equal("processes 4", log[1]); // sh, its subshell, ls and grep
        Assert.Equal("host pod-a", log[2]);
        Assert.DoesNotContain("work", log[3], StringComparison.Ordinal);
        Assert.Equal(
            ["usr-read-only", "etc-read-only", "/ writable", "/run writable", "/tmp writable", "/var writable", "/var/tmp writable", "/dev/shm writable", "sys-read-only", "null"],
            log[4..14]);
        Assert.Equal(["PATH=/usr/local/bin:/usr/bin:/bin", "PWD=/"], log[14..16]);
        Assert.Equal("5", log[16]); // a heading, 0, 1, 2, and the folder that ls reads
        Assert.Empty(house.Log("c", "stderr"));
        Assert.False(Path.Exists("/usr/x") || Path.Exists("/etc/x"));
    }

    [Fact]
    public async Task Container_OfRoot_HasTheUsualCapabilitiesLessWhatIsDropped()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }

        await house.RunAsync("usual", "grep Cap /proc/self/status");
        await house.RunAsync(house.Spec("few", "grep -E 'Cap|NoNewPrivs' /proc/self/status") with { Capabilities = ["NET_BIND_SERVICE"], NoNewPrivileges = true });

        Assert.Equal([.. Lines("a80425fb", "a80425fb")], house.Log("usual"));
        Assert.Equal([.. Lines("400", "400"), "NoNewPrivs:\t1"], house.Log("few"));
    }

    [Fact]
    public async Task Container_OfAUser_HasItsIdsAndNoPowers()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }

        await house.RunAsync(house.Spec("c", "id -u; id -g; id -G; grep Cap /proc/self/status; echo to-stdout > /dev/stdout") with { User = 1337, Group = 1338, Groups = [1339, 2000] });

        Assert.Equal(["1337", "1338", "1338 1339 2000", .. Lines("0", "a80425fb"), "to-stdout"], house.Log("c"));
        Assert.Equal((0u, 0u), await OwnerOfNullAsync());
    }

    [Theory]
    [InlineData("exit 56", 56, 0)]
    [InlineData("kill -9 $(sh -c 'kill -9 $$'; echo 1) 2>/dev/null; exit 3", 3, 0)] // its first process cannot kill itself
    public async Task Container_ThatEnds_TellsItsCode(string script, int code, int signal)
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }

        var state = await house.RunAsync("c", script);

        Assert.Equal((ContainerPhase.Exited, code, signal, 0, ""), (state.Phase, state.ExitCode, state.Signal, state.Pid, state.Message));
        Assert.True(state.FinishedAt >= state.StartedAt);
    }

    [Theory]
    [InlineData(15, "trap 'exit 7' TERM; while :; do read -t 1000 x < /dev/zero || sleep 1000 & wait; done", 7, 0)]
    [InlineData(9, "exec sleep 1000", 137, 9)]
    public async Task Container_ThatIsSignalled_EndsAsItsProgramDecides(int signal, string script, int code, int by)
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.Pod.StartAsync(house.Spec("c", "echo up; " + script), PodHouse.Cancel);
        await house.UntilAsync("c", s => s.Phase == ContainerPhase.Running);
        await UntilLoggedAsync(house, "c");

        await house.Pod.SignalAsync("c", signal, PodHouse.Cancel);

        var state = await house.UntilAsync("c", s => s.IsOver);
        Assert.Equal((code, by), (state.ExitCode, state.Signal));
    }

    [Theory]
    [InlineData("nothing-of-this-name", "exec: \"nothing-of-this-name\": executable file not found in $PATH")]
    [InlineData("/etc/passwd", "exec: \"/etc/passwd\": Permission denied")]
    [InlineData("/no/such/file", "exec: \"/no/such/file\": No such file or directory")]
    public async Task Container_WhoseProgramCannotRun_SaysWhy(string program, string message)
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }

        var state = await house.RunAsync(house.Spec("c", "") with { Command = [program] });

        Assert.Equal((ContainerPhase.Failed, 128, message), (state.Phase, state.ExitCode, state.Message));
        Assert.Empty(File.ReadAllText(house.LogFile("c")));
    }

    [Fact]
    public async Task Volumes_AtAnyPlace_AreThereAndTheMachineIsUntouched()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        var volume = Directory.CreateDirectory(house.Folder + "/volume").FullName;
        File.WriteAllText(volume + "/hello", "hello\n");
        File.CreateSymbolicLink(volume + "/out", "/etc");
        var hosts = house.Folder + "/hosts";
        File.WriteAllText(hosts, "10.0.0.1 me\n");

        var state = await house.RunAsync(house.Spec("c", """
            cat /etc/hosts /etc/istio/proxy/hello /usr/share/katabira-test/hello /var/run/secrets/a/hello /data/hello
            echo again > /data/again; echo no > /etc/istio/proxy/no || echo read-only
            test -s /etc/passwd && cat /etc/ssl/hello
            mount | grep -c ' /cache type tmpfs'
            touch /data/out/y 2>/dev/null || echo etc-read-only
            """) with
        {
            WorkingFolder = "/made/for/me",
            Mounts =
            [
                new() { Source = hosts, Target = "/etc/hosts", ReadOnly = true },
                new() { Source = volume, Target = "/etc/istio/proxy", ReadOnly = true },
                new() { Source = volume, Target = "/usr/share/katabira-test" },
                new() { Source = volume, Target = "/var/run/secrets/a" },
                new() { Source = volume, Target = "/data" },
                new() { Source = volume, Target = "/data/out/ssl" }, // through the volume's link, which means the container's /etc
                new() { Target = "/cache", LimitBytes = 1 << 20 },
            ],
        });

        Assert.Equal((0, ""), (state.ExitCode, state.Message));
        Assert.Equal(["10.0.0.1 me", "hello", "hello", "hello", "hello", "read-only", "hello", "1", "etc-read-only"], house.Log("c"));
        Assert.Equal("again\n", File.ReadAllText(volume + "/again"));
        Assert.False(Path.Exists("/etc/istio") || Path.Exists("/usr/share/katabira-test") || Path.Exists(volume + "/no"));
        Assert.DoesNotContain(house.Folder, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Volume_ThatWouldChangeTheMachineThroughALink_IsRefused()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        var volume = Directory.CreateDirectory(house.Folder + "/volume").FullName;
        File.CreateSymbolicLink(volume + "/out", "/etc");

        var state = await house.RunAsync(house.Spec("c", "true") with
        {
            Mounts = [new() { Source = volume, Target = "/data" }, new() { Source = volume, Target = "/data/out/katabira-test" }],
        });

        Assert.Equal(ContainerPhase.Failed, state.Phase);
        Assert.Contains("Read-only file system", state.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists("/etc/katabira-test"));
    }

    [Fact]
    public async Task Limits_AndReadOnlyRoot_Hold()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }

        await house.RunAsync(house.Spec("c", "ulimit -Sn; ulimit -Hn; touch /tmp/x 2>/dev/null || echo read-only; touch /data/x && echo volume") with
        {
            OpenFiles = 4321,
            ReadOnlyRoot = true,
            Mounts = [new() { Target = "/data" }],
        });

        Assert.Equal(["4321", "4321", "read-only", "volume"], house.Log("c"));
    }

    [Fact]
    public async Task Container_WithATerminal_LogsWhatItShows()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }

        await house.RunAsync(house.Spec("c", "tty; test -t 1 && echo terminal; echo error >&2") with { Terminal = true, User = 1000 });

        Assert.Equal(["/dev/pts/0", "terminal", "error"], house.Log("c"));
    }

    [Fact]
    public async Task Start_TwiceAtATime_IsRefusedAndAfterItsEndIsNot()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.StartAsync("c");

        var refusal = await Assert.ThrowsAsync<Cluster.Node.PodRefusedException>(() => house.StartAsync("c"));
        await house.Pod.SignalAsync("c", 9, PodHouse.Cancel);
        await house.UntilAsync("c", s => s.IsOver);
        var second = await house.RunAsync(house.Spec("c", "exit 1") with { Attempt = 1 });

        Assert.Equal("the container c has not ended", refusal.Message);
        Assert.Equal((1, 1), (second.Attempt, second.ExitCode));
    }

    private static IEnumerable<string> Lines(string effective, string bounding) =>
    [
        $"CapInh:\t{"",16:d}".Replace(' ', '0'), $"CapPrm:\t{effective.PadLeft(16, '0')}", $"CapEff:\t{effective.PadLeft(16, '0')}",
        $"CapBnd:\t{bounding.PadLeft(16, '0')}", $"CapAmb:\t{"",16:d}".Replace(' ', '0'),
    ];

    private static async Task UntilLoggedAsync(PodHouse house, string name)
    {
        while (house.Log(name).Length == 0)
        {
            await Task.Delay(10, PodHouse.Cancel);
        }
    }

    private static async Task<(uint User, uint Group)> OwnerOfNullAsync()
    {
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%u %g", "/dev/null"]) { RedirectStandardOutput = true })!; // coreutils
        var ids = (await stat.StandardOutput.ReadToEndAsync(PodHouse.Cancel)).Split(' ').Select(uint.Parse).ToArray();
        return (ids[0], ids[1]);
    }
}
