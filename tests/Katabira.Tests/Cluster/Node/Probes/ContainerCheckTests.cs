using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Node;
using Katabira.Cluster.Node.Probes;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Probes;

public sealed class ContainerCheckTests
{
    private static readonly JsonObject s_container = YamlJson.Node("{ name: server, ports: [{ name: web, containerPort: 8080 }, { name: broken, containerPort: 0 }] }")!.AsObject();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("80", 80, "")]
    [InlineData("web", 8080, "")]
    [InlineData("'9090'", 9090, "")]
    [InlineData("none", null, "port none not found")]
    [InlineData("0", null, "invalid port number: 0")]
    [InlineData("65536", null, "invalid port number: 65536")]
    [InlineData("broken", null, "invalid port number: 0")]
    [InlineData("-1", null, "invalid port number: -1")]
    public void PortOf_Field_IsANumberOrAName(string field, int? expected, string error) =>
        Assert.Equal((expected, error), ContainerCheck.PortOf(YamlJson.Node(field), s_container));

    [Theory]
    [InlineData(0, 0, ProbeResult.Success)]
    [InlineData(1, 0, ProbeResult.Failure)]
    [InlineData(0, 9, ProbeResult.Failure)]
    public async Task RunAsync_Command_IsHealthyIfItEndsWithZero(int code, int signal, object result)
    {
        var outcome = await Check("{ exec: { command: [cat, /tmp/healthy] } }", async (command, output, cancel) =>
        {
            await output.WriteAsync(Encoding.UTF8.GetBytes(string.Join('+', command) + new string('x', 20_000)), cancel);
            return new CommandEnd(code, signal);
        }).RunAsync(Cancel);

        Assert.Equal((ProbeResult)result, outcome.Result);
        Assert.StartsWith("cat+/tmp/healthyxxx", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(10 << 10, outcome.Output.Length);
    }

    [Fact]
    public async Task RunAsync_CommandThatCannotBeRun_SaysNothingOfTheContainer() => Assert.Equal(
        ProbeOutcome.Unasked("failed to exec in container: exec: \"nope\": executable file not found in $PATH"),
        await Check("{ exec: { command: [nope] } }", (_, _, _) => throw new PodRefusedException(2, "exec: \"nope\": executable file not found in $PATH")).RunAsync(Cancel));

    [Fact]
    public async Task RunAsync_Nothing_SaysSo() => Assert.Equal(ProbeOutcome.Unasked("missing probe handler"), await Check("{}").RunAsync(Cancel));

    [Fact]
    public async Task RunAsync_UnknownPort_SaysNothingOfTheContainer() =>
        Assert.Equal(ProbeOutcome.Unasked("port grpc not found"), await Check("{ tcpSocket: { port: grpc } }").RunAsync(Cancel));

    [Fact]
    public async Task RunAsync_NoAnswerInTime_IsAFailureOfEachKind()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;

        Assert.Equal(
            ProbeOutcome.Failed("command timed out: \"sleep 100\" timed out after 0.05s"),
            await Check("{ exec: { command: [sleep, '100'] } }", NeverAsync).RunAsync(Cancel));
        Assert.Equal(
            ProbeOutcome.Failed($"Get \"http://127.0.0.1:{port}/x\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"),
            await Check($"{{ httpGet: {{ port: {port}, path: /x }} }}").RunAsync(Cancel));
        Assert.Equal(ProbeOutcome.Failed("timeout: health rpc did not complete within 0.05s"), await Check($"{{ grpc: {{ port: {port} }} }}").RunAsync(Cancel));
    }

    [Fact]
    public async Task RunAsync_Cancelled_IsNoFailureOfTheContainer()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Check("{ exec: { command: [sleep] } }", NeverAsync).RunAsync(stop.Token));
    }

    [Fact]
    public async Task RunAsync_HostOfItsOwn_IsAsked()
    {
        await using var server = await ProbeServer.StartAsync(_ => Task.CompletedTask);

        var check = new ContainerCheck(
            YamlJson.Node($"{{ httpGet: {{ port: {server.Port}, host: localhost }} }}")!.AsObject(),
            new(s_container, IPAddress.Parse("203.0.113.1"), ProbeServer.Sockets, NeverAsync), TimeSpan.FromSeconds(30), TimeProvider.System);

        Assert.Equal(ProbeResult.Success, (await check.RunAsync(Cancel)).Result);
    }

    private static ContainerCheck Check(string handler, RunInContainer? run = null) => new(
        YamlJson.Node(handler)!.AsObject(), new(s_container, IPAddress.Loopback, ProbeServer.Sockets, run ?? NeverAsync), TimeSpan.FromMilliseconds(50), TimeProvider.System);

    private static async Task<CommandEnd> NeverAsync(IReadOnlyList<string> command, Stream output, CancellationToken cancel)
    {
        await Task.Delay(Timeout.Infinite, cancel);
        return default;
    }
}
