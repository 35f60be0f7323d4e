using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Katabira.Cluster.Node.Streams;
using Katabira.Cluster.Streams;
using Xunit;

namespace Katabira.PodTests.Nodes;

/// <summary>What goes into a running pod.</summary>
public sealed class StreamTests
{
    private static readonly RemoteWish s_all = new(Stdin: true, Stdout: true, Stderr: true, Tty: false);

    [Fact]
    public async Task Exec_WithInput_PassesEverythingOnAndTheCode()
    {
        await using var house = await NodeHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        var (backend, pod) = await RunAsync(house, "exec sleep 1000");
        var input = PipeReader.Create(new MemoryStream("typed"u8.ToArray()));
        using MemoryStream output = new(), errors = new();
        var io = new RemoteIo(input, To(output), To(errors), Channel.CreateUnbounded<TerminalSize>().Reader);

        var outcome = await backend.ExecAsync(pod, "main", ["sh", "-c", "cat; echo wrong >&2; exit 56"], s_all, io, PodHouse.Cancel);

        Assert.Equal((56, "typed", "wrong\n"), (outcome.ExitCode, Text(output), Text(errors)));
        var missing = await Assert.ThrowsAsync<IOException>(() => backend.ExecAsync(pod, "main", ["nothing-of-this-name"], s_all, io, PodHouse.Cancel));
        Assert.Equal("exec: \"nothing-of-this-name\": executable file not found in $PATH", missing.Message);
    }

    [Fact]
    public async Task Dial_OfAPort_ReachesThePodsLoopback()
    {
        await using var house = await NodeHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        const string Server = "my $s = IO::Socket::INET->new(LocalAddr => q(127.0.0.1), LocalPort => 8080, Listen => 5) or die; print qq(up\\n); while (my $c = $s->accept) { print $c qq(hello\\n); close $c }";
        var (backend, pod) = await RunAsync(house, $"exec perl -MIO::Socket::INET -e '$| = 1; {Server}'");
        while ((await house.LogAsync("p")).Length == 0)
        {
            await Task.Delay(20, PodHouse.Cancel);
        }

        await using var stream = await backend.DialAsync(pod, 8080, PodHouse.Cancel);
        Assert.Equal("hello\n", await new StreamReader(stream).ReadToEndAsync(PodHouse.Cancel));
        var refused = await Assert.ThrowsAsync<IOException>(() => backend.DialAsync(pod, 8081, PodHouse.Cancel));
        Assert.StartsWith("failed to connect to localhost:8081 inside the pod's network namespace:", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_ThatIsFollowed_EndsWithTheContainer()
    {
        await using var house = await NodeHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.CreateAsync(NodeHouse.Pods, NodeHouse.Pod("p", "echo one; sleep 1; echo two; sleep 1; printf three", "restartPolicy: Never"));
        await house.UntilPodAsync("p", p => NodeHouse.Text(p, "status.phase") == "Running");

        Assert.Equal("one\ntwo\nthree\n", await house.LogAsync("p", "?follow=true"));
    }

    [Fact]
    public async Task Log_OfWhatNeverRan_SaysWhatItWaitsFor()
    {
        await using var house = await NodeHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.CreateAsync(NodeHouse.Pods, NodeHouse.Pod("p", "true").Replace("image: host", "image: nginx:1", StringComparison.Ordinal));
        await house.UntilPodAsync("p", p => NodeHouse.Text(p, "status.containerStatuses.0.state.waiting.reason") == "ImagePullBackOff");

        (await house.Api.GetAsync($"{NodeHouse.Pods}/p/log")).ExpectStatus(400, "BadRequest", "container \"main\" in pod \"p\" is waiting to start: ImagePullBackOff");
        (await house.Api.GetAsync($"{NodeHouse.Pods}/p/log?previous=true")).ExpectStatus(400, "BadRequest", "previous terminated container \"main\" in pod \"p\" not found");
    }

    private static async Task<(NodeBackend Backend, JsonObject Pod)> RunAsync(NodeHouse house, string script)
    {
        await house.CreateAsync(NodeHouse.Pods, NodeHouse.Pod("p", script));
        return (house.Backend, await house.UntilPodAsync("p", NodeHouse.IsReady));
    }

    private static RemoteWrite To(MemoryStream stream) => (bytes, cancel) => stream.WriteAsync(bytes, cancel).AsTask();

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray());
}
