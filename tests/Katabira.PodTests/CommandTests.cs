using System.Text;
using Katabira.Cluster.Node;
using Katabira.Net.Pods;
using Xunit;

namespace Katabira.PodTests;

/// <summary>Commands in a running container, as <c>kubectl exec</c> has them.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task Command_InAContainer_IsOneOfItsProcesses()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        var spec = house.Spec("c", "echo mine > /tmp/mine; exec sleep 1000") with
        {
            User = 1337,
            Group = 1337,
            WorkingFolder = "/tmp",
            Environment = [PodHouse.SearchPath, "COLOUR=red"],
        };
        await house.Pod.StartAsync(spec, PodHouse.Cancel);
        await house.UntilAsync("c", s => s.Phase == ContainerPhase.Running);
        await house.ExecuteAsync("c", "sh", "-c", "until test -s /tmp/mine; do :; done");

        var (end, output, errors) = await house.ExecuteAsync(
            "c", "sh", "-c", "cat mine; id -u; echo $COLOUR; tr '\\0' ' ' < /proc/1/cmdline; uname -n; grep CapEff /proc/self/status; echo oops >&2; exit 56");

        Assert.Equal(new CommandEnd(56, 0), end);
        Assert.Equal("mine\n1337\nred\nsleep 1000 pod-a\nCapEff:\t0000000000000000\n", output);
        Assert.Equal("oops\n", errors);
    }

    [Fact]
    public async Task Command_WithInput_ReadsItToTheEnd()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.StartAsync("c");
        var random = new Random(1);
        var text = new byte[1 << 20];
        random.NextBytes(text);

        using var command = await house.Pod.ExecuteAsync("c", ["sh", "-c", "cat; kill -TERM $$"], input: true, terminal: null, PodHouse.Cancel);
        var writing = WriteAsync(command, text);
        using MemoryStream output = new(), errors = new();
        var end = await command.CopyToAsync(output, errors, PodHouse.Cancel);
        await writing;

        Assert.Equal((new CommandEnd(0, 15), 143), (end, end.Code));
        Assert.True(text.AsSpan().SequenceEqual(output.ToArray()));
        Assert.Equal(0, errors.Length);
    }

    [Fact]
    public async Task Command_ThatPrintsAMegabyte_IsHeardToTheLastByte()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.StartAsync("c");

        var (end, output, errors) = await house.ExecuteAsync("c", "sh", "-c", "head -c 1000000 /dev/zero | tr '\\0' x; head -c 1000000 /dev/zero | tr '\\0' y >&2");

        Assert.Equal(new CommandEnd(0, 0), end);
        Assert.Equal(new string('x', 1_000_000), output);
        Assert.Equal(new string('y', 1_000_000), errors);
    }

    [Fact]
    public async Task Command_OnATerminal_HasItsSizeAndEndsByControlD()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.StartAsync("c");

        using var command = await house.Pod.ExecuteAsync(
            "c", ["sh", "-c", "stty -echo; stty size; tty; echo $TERM; read x; stty size; cat"], input: true, new TerminalSize(100, 30), PodHouse.Cancel);
        var seen = await UntilAsync(command, "", "xterm");
        await command.ResizeAsync(new TerminalSize(120, 40), PodHouse.Cancel);
        await command.WriteAsync("go\n"u8.ToArray(), PodHouse.Cancel);
        seen = await UntilAsync(command, seen, "40 120");
        await command.WriteAsync("echoed\n"u8.ToArray(), PodHouse.Cancel);
        seen = await UntilAsync(command, seen, "echoed");
        await command.EndInputAsync(PodHouse.Cancel);
        var (end, rest, errors) = await PodHouse.ReadAsync(command);

        Assert.Equal(new CommandEnd(0, 0), end);
        Assert.Equal("30 100\r\n/dev/pts/0\r\nxterm\r\n40 120\r\nechoed\r\n", seen + rest);
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("c", "nothing-of-this-name", 2, "exec: \"nothing-of-this-name\": executable file not found in $PATH")]
    [InlineData("other", "true", 3, "the container other is not running")]
    public async Task Command_ThatCannotRun_IsRefusedWithTheReason(string container, string program, int errno, string reason)
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.StartAsync("c");

        var refusal = await Assert.ThrowsAsync<PodRefusedException>(() => house.ExecuteAsync(container, program));

        Assert.Equal((errno, reason), (refusal.Errno, refusal.Message));
    }

    [Fact]
    public async Task Command_ThatIsAbandoned_IsKilled()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.StartAsync("c");
        (await house.Pod.ExecuteAsync("c", ["sleep", "2000"], input: true, terminal: null, PodHouse.Cancel)).Dispose();

        // it is gone when the container says so
        var (end, _, _) = await house.ExecuteAsync("c", "sh", "-c", "while grep -q 2000 /proc/[0-9]*/cmdline 2>/dev/null; do sleep 0.01; done; exit 9".Replace("2000", "200[0]", StringComparison.Ordinal));

        Assert.Equal(9, end.ExitCode);
    }

    /// <summary>200, or 40 where the environment does not say KATABIRA_LONG=1.</summary>
    [Fact]
    public async Task Commands_ManyInARow_LeaveNothingBehind()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.StartAsync("c");
        await house.ExecuteAsync("c", "true");
        var pid = await house.Pod.ProcessIdAsync(PodHouse.Cancel);
        var files = await FilesAsync(house, pid);

        var count = Environment.GetEnvironmentVariable("KATABIRA_LONG") == "1" ? 200 : 40;
        for (var i = 0; i < count; i++)
        {
            var (end, output, _) = await house.ExecuteAsync("c", "sh", "-c", $"echo {i}; exit {i % 7}");
            Assert.Equal((i % 7, $"{i}\n"), (end.ExitCode, output));
        }

        Assert.Equal(files, await FilesAsync(house, pid));
        var children = File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Single(children); // the container itself
        Assert.Equal("2\n", (await house.ExecuteAsync("c", "sh", "-c", "set -- /proc/[0-9]*; echo $#")).Output);
    }

    /// <summary>The pod's own descriptors. Who asks holds one while it is asked, and the answer comes before that one is closed: the least of several looks is without it.</summary>
    private static async Task<int> FilesAsync(PodHouse house, int pid)
    {
        var least = int.MaxValue;
        for (var look = 0; look < 50; look++)
        {
            await house.Pod.StatesAsync(PodHouse.Cancel);
            least = Math.Min(least, Directory.GetFiles($"/proc/{pid}/fd").Length);
        }
        return least;
    }

    private static async Task WriteAsync(PodCommand command, byte[] text)
    {
        await command.WriteAsync(text, PodHouse.Cancel);
        await command.EndInputAsync(PodHouse.Cancel);
    }

    private static async Task<string> UntilAsync(PodCommand command, string seen, string wanted)
    {
        while (!seen.Contains(wanted + "\r\n", StringComparison.Ordinal))
        {
            var piece = await command.ReadAsync(PodHouse.Cancel);
            Assert.NotNull(piece);
            seen += Encoding.UTF8.GetString(piece.Value.Payload.Span);
        }
        return seen;
    }
}
