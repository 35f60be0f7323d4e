using System.Text;
using Katabira.Cluster.Node;
using Katabira.Net.Pods;
using Xunit;

namespace Katabira.PodTests;

/// <summary>Being there while a container runs, as <c>kubectl attach</c> and <c>kubectl run -it</c> have it.</summary>
public sealed class AttachTests
{
    [Fact]
    public async Task Attach_ToARunningContainer_HearsWhatComesAndItsEnd()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await StartAsync(house, house.Spec("c", "echo before; read x; echo got $x; echo oops >&2; exit 7") with { Input = true });

        using var attached = await house.Pod.AttachAsync("c", PodHouse.Cancel);
        await attached.WriteAsync("hi\n"u8.ToArray(), PodHouse.Cancel);
        var (end, output, errors) = await PodHouse.ReadAsync(attached);

        Assert.Equal((new CommandEnd(7, 0), "got hi\n", "oops\n"), (end, output, errors));
        Assert.Equal(["before", "got hi"], house.Log("c"));
    }

    [Fact]
    public async Task Attach_ToATerminal_HasItsSizeAndEndsByControlD()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await StartAsync(house, house.Spec("c", "stty -echo; echo before; read x; stty size; cat; exit 3") with { Input = true, Terminal = true });

        using var attached = await house.Pod.AttachAsync("c", PodHouse.Cancel);
        await attached.ResizeAsync(new TerminalSize(120, 40), PodHouse.Cancel);
        await attached.WriteAsync("go\nechoed\n"u8.ToArray(), PodHouse.Cancel);
        var seen = await UntilAsync(attached, "echoed\r\n");
        await attached.EndInputAsync(PodHouse.Cancel);
        var (end, rest, errors) = await PodHouse.ReadAsync(attached);

        Assert.Equal((new CommandEnd(3, 0), "40 120\r\nechoed\r\n", ""), (end, seen + rest, errors));
    }

    [Fact]
    public async Task Attach_ByTwo_BothHearAndBothMayWrite()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await StartAsync(house, house.Spec("c", "echo before; cat; exit 5") with { Input = true });
        using var first = await house.Pod.AttachAsync("c", PodHouse.Cancel);
        using var second = await house.Pod.AttachAsync("c", PodHouse.Cancel);

        await first.WriteAsync("one\n"u8.ToArray(), PodHouse.Cancel);
        var heard = (await UntilAsync(first, "one\n"), await UntilAsync(second, "one\n"));
        await second.WriteAsync("two\n"u8.ToArray(), PodHouse.Cancel);
        await second.EndInputAsync(PodHouse.Cancel);

        Assert.Equal(("one\n", "one\n"), heard);
        foreach (var attached in (PodCommand[])[first, second])
        {
            var (end, rest, _) = await PodHouse.ReadAsync(attached);
            Assert.Equal((5, "two\n"), (end.ExitCode, rest));
        }
    }

    [Fact]
    public async Task Attach_GoneAgain_LeavesTheContainerAndItsInput()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await StartAsync(house, house.Spec("c", "echo before; read x; echo $x") with { Input = true });
        (await house.Pod.AttachAsync("c", PodHouse.Cancel)).Dispose();

        using var next = await house.Pod.AttachAsync("c", PodHouse.Cancel);
        await next.WriteAsync("still\n"u8.ToArray(), PodHouse.Cancel);
        var (end, output, _) = await PodHouse.ReadAsync(next);

        Assert.Equal((0, "still\n"), (end.ExitCode, output));
    }

    [Fact]
    public async Task Attach_ToAContainerWithoutInput_HearsAndIsNotHeard()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await StartAsync(house, house.Spec("c", "echo before; read x; echo nothing:$x; exec sleep 1000"));

        using var attached = await house.Pod.AttachAsync("c", PodHouse.Cancel);
        await attached.WriteAsync("hi\n"u8.ToArray(), PodHouse.Cancel);
        await attached.EndInputAsync(PodHouse.Cancel);
        await LoggedAsync(house, "c", "nothing:");
        await house.Pod.SignalAsync("c", 9, PodHouse.Cancel);
        var (end, _, _) = await PodHouse.ReadAsync(attached);

        Assert.Equal(9, end.Signal);
        Assert.Equal(["before", "nothing:"], house.Log("c"));
    }

    [Fact]
    public async Task Attach_ByOneWhoDoesNotRead_NeverHoldsTheProgram()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await StartAsync(house, house.Spec("c", "echo before; read x; yes 0123456789 | head -n 450000; echo last; exit 4") with { Input = true });
        using var lazy = await house.Pod.AttachAsync("c", PodHouse.Cancel);

        await lazy.WriteAsync("go\n"u8.ToArray(), PodHouse.Cancel);
        var state = await house.UntilAsync("c", s => s.IsOver);
        var (end, output, errors) = await PodHouse.ReadAsync(lazy);

        Assert.Equal((4, 4), (state.ExitCode, end.ExitCode));
        Assert.Equal("last", house.Log("c")[^1]);
        Assert.InRange(output.Length, 1, 2_000_000);
        var said = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal($"katabira: {4_950_005 - output.Length} bytes are left out here, as they came faster than they were read", said);
    }

    [Fact]
    public async Task Attach_OneClientTooMany_IsRefused()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.StartAsync("c");
        var attached = new List<PodCommand>();
        for (var i = 0; i < 16; i++)
        {
            attached.Add(await house.Pod.AttachAsync("c", PodHouse.Cancel));
        }

        var refusal = await Assert.ThrowsAsync<PodRefusedException>(() => house.Pod.AttachAsync("c", PodHouse.Cancel));

        Assert.Equal("16 clients are attached to the container c already", refusal.Message);
        attached.ForEach(a => a.Dispose());
        Assert.Equal(ContainerPhase.Running, Assert.Single(await house.Pod.StatesAsync(PodHouse.Cancel)).Phase);
    }

    [Fact]
    public async Task Attach_ToWhatDoesNotRun_IsRefused()
    {
        await using var house = await PodHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.RunAsync("c", "exit 0");

        var refusal = await Assert.ThrowsAsync<PodRefusedException>(() => house.Pod.AttachAsync("c", PodHouse.Cancel));

        Assert.Equal("the container c is not running", refusal.Message);
    }

    /// <summary>Starts a container whose program begins by writing a line, and waits until it is in the log: what comes then is heard by who attaches.</summary>
    private static async Task StartAsync(PodHouse house, ContainerSpec spec)
    {
        await house.Pod.StartAsync(spec, PodHouse.Cancel);
        await house.UntilAsync(spec.Name, s => s.Phase == ContainerPhase.Running);
        await LoggedAsync(house, spec.Name, "before");
    }

    /// <summary>A file does not say when it changes, so this looks again and again.</summary>
    private static async Task LoggedAsync(PodHouse house, string name, string line)
    {
        while (!house.Log(name).Any(l => l.StartsWith(line, StringComparison.Ordinal)))
        {
            await Task.Delay(10, PodHouse.Cancel);
        }
    }

    private static async Task<string> UntilAsync(PodCommand attached, string wanted)
    {
        var seen = "";
        while (!seen.EndsWith(wanted, StringComparison.Ordinal))
        {
            var piece = await attached.ReadAsync(PodHouse.Cancel);
            Assert.NotNull(piece);
            seen += Encoding.UTF8.GetString(piece.Value.Payload.Span);
        }
        return seen;
    }
}
