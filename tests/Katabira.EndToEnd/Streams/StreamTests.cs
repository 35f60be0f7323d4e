using System.Net;
using System.Net.Sockets;
using Katabira.EndToEnd.Support;
using Xunit;

namespace Katabira.EndToEnd.Streams;

/// <summary>A cluster whose pods' commands run on this machine.</summary>
public sealed class StreamCluster : IAsyncLifetime
{
    private const string Pod = """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"NAME"},"spec":{"nodeName":"here","containers":[{"name":"a","image":"x"},{"name":"b","image":"x"}]}}
        """;

    internal TestCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Cluster = await TestCluster.StartAsync(TestContext.Current.CancellationToken, new HostProcesses());
        using var place = new Workplace(Cluster.Kubeconfig, "1.33");
        var made = await place.RunAsync($"""
            kubectl create -f - <<'E'
            {Pod.Replace("NAME", "p")}
            E
            kubectl patch pod p --subresource=status --type=merge -p '{"{"}"status":{"{"}"phase":"Running","conditions":[{"{"}"type":"Ready","status":"True"{"}"}]{"}"}{"}"}'
            """, TestContext.Current.CancellationToken);
        Assert.True(made.ExitCode == 0, made.Stderr);
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}

/// <summary>What goes into a running pod, with the real kubectl: SPDY (1.20), WebSocket (1.33, 1.35), and the tunnel of port-forward.</summary>
public class StreamTests(StreamCluster shared) : IClassFixture<StreamCluster>
{
    public static TheoryData<string> Versions => ["1.20", "1.33", "1.35"];

    [Theory, MemberData(nameof(Versions))]
    public async Task Exec_ExitCodes_ArePassedOn(string version)
    {
        foreach (var code in (int[])[0, 1, 7, 56, 137])
        {
            var told = await RunAsync(version, $"kubectl exec p -c a -- sh -c 'echo out; echo err >&2; exit {code}'");

            Assert.Equal(code, told.ExitCode);
            Assert.Equal("out\n", told.Stdout);
            Assert.Equal(code == 0 ? "err\n" : $"err\ncommand terminated with exit code {code}\n", told.Stderr);
        }
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Exec_Stdin_ArrivesWholeAndEnds(string version)
    {
        var told = await RunAsync(version, "head -c 1000000 /dev/zero | tr '\\0' x | kubectl exec -i p -c a -- wc -c");

        Assert.Equal((0, "1000000\n"), (told.ExitCode, told.Stdout));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Exec_LargeOutput_ArrivesWhole(string version)
    {
        var told = await RunAsync(version, "kubectl exec p -c a -- head -c 3000000 /dev/zero | wc -c");

        Assert.Equal((0, "3000000\n"), (told.ExitCode, told.Stdout));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Exec_UnknownContainer_SaysSo(string version)
    {
        var told = await RunAsync(version, "kubectl exec p -c nope -- true");

        Assert.Equal(1, told.ExitCode);
        Assert.Contains("container nope is not valid for pod p", told.Stderr, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Exec_UnknownProgram_SaysSo(string version)
    {
        var told = await RunAsync(version, "kubectl exec p -c a -- /no/such/program");

        Assert.Equal(1, told.ExitCode);
        Assert.Contains("exec failed: /no/such/program", told.Stderr, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Logs_OfAContainer_AreItsLines(string version)
    {
        Assert.Equal("a line 1\na line 2\na line 3\n", (await RunAsync(version, "kubectl logs p -c a")).Stdout);
        Assert.Equal("b line 3\n", (await RunAsync(version, "kubectl logs p -c b --tail=1 -f")).Stdout);
        Assert.Contains("previous terminated container", (await RunAsync(version, "kubectl logs p -c a --previous")).Stderr, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task PortForward_OneConnectionAfterTheOther_IsCarried(string version)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync(listener, TestContext.Current.CancellationToken);
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var told = await RunAsync(version, $$"""
            coproc FORWARD { exec kubectl port-forward pod/p :{{port}}; }
            read -r line <&"${FORWARD[0]}"
            local=${line#*127.0.0.1:}; local=${local%% *}
            curl -sS --max-time 20 "http://127.0.0.1:$local/"
            head -c 500000 /dev/zero | curl -sS --max-time 20 --data-binary @- "http://127.0.0.1:$local/size"
            kill "$FORWARD_PID"
            """);

        listener.Stop();
        await answering;
        Assert.True(told.Stdout == "hello 0\nhello 500000\n", told.Stdout + told.Stderr);
    }

    private async Task<Outcome> RunAsync(string version, string script)
    {
        using var place = new Workplace(shared.Cluster.Kubeconfig, version);
        return await place.RunAsync(script, TestContext.Current.CancellationToken);
    }

    /// <summary>The smallest server of HTTP: says how large each body was.</summary>
    private static async Task AnswerAsync(TcpListener listener, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(cancel);
                using var reader = new StreamReader(client.GetStream());
                var length = 0;
                while (await reader.ReadLineAsync(cancel) is { Length: > 0 } line)
                {
                    if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                    {
                        length = int.Parse(line["Content-Length:".Length..], System.Globalization.CultureInfo.InvariantCulture);
                    }
                    else if (line.StartsWith("Expect:", StringComparison.OrdinalIgnoreCase))
                    {
                        await client.GetStream().WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), cancel);
                    }
                }
                if (length > 0)
                {
                    await reader.ReadBlockAsync(new char[length], cancel);
                }
                await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello {length}\n"), cancel);
            }
        }
        catch (Exception cause) when (cause is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // the listener was stopped
        }
    }
}
