using System.Net;
using System.Net.Sockets;
using System.Text;
using Katabira.Cluster.Network;
using Katabira.Network.Support;
using Katabira.Net.Linux;
using Xunit;

namespace Katabira.Network;

public sealed class ServiceTests : IAsyncLifetime
{
    private const string Service = "http://10.96.0.20";
    private const int Refused = 7;

    private TestNode _node = null!; // set before each test

    public async ValueTask InitializeAsync() => _node = await TestNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Pod_ByItsAddress_IsReachedAndSeesWhoAsks()
    {
        var got = await Run.CurlAsync(_node.A.Namespace, $"http://{_node.B.Address}:{Workload.Port}");

        Assert.Equal((0, $"b {_node.A.Address}"), (got.ExitCode, got.Output));
    }

    [Theory, InlineData(0), InlineData(1)]
    public async Task Service_FromAPod_IsReachedWhateverTheBridgeDoes(int filtersBridgedFrames)
    {
        await SetBridgeAsync(filtersBridgedFrames);
        await _node.ForwardAsync(_node.B.Address);

        var got = await Run.CurlAsync(_node.A.Namespace, Service);

        Assert.Equal((0, $"b {_node.A.Address}"), (got.ExitCode, got.Output));
    }

    [Fact]
    public async Task Service_FromTheNode_IsReachedFromTheNodesAddress()
    {
        await _node.ForwardAsync(_node.B.Address);

        var got = await Run.CurlAsync(_node.NodePath, Service);

        Assert.Equal((0, "b 10.244.0.1"), (got.ExitCode, got.Output));
    }

    [Fact]
    public async Task Service_OfTheNodeItself_IsReachedFromTheNodeAndFromPods()
    {
        await using var own = await Workload.StartAsync("node", _node.NodePath, new(NodeAddresses.Node, Workload.Port));
        await _node.ForwardAsync(NodeAddresses.Node);

        Assert.Equal("node 10.244.0.1", (await Run.CurlAsync(_node.NodePath, Service)).Output);
        Assert.Equal($"node {_node.A.Address}", (await Run.CurlAsync(_node.A.Namespace, Service)).Output);
    }

    [Theory, InlineData(0), InlineData(1)]
    public async Task Service_OfThePodThatAsks_AnswersFromTheNodesAddress(int filtersBridgedFrames)
    {
        await SetBridgeAsync(filtersBridgedFrames);
        await _node.ForwardAsync(_node.A.Address);

        var got = await Run.CurlAsync(_node.A.Namespace, Service);

        Assert.Equal((0, "a 10.244.0.1"), (got.ExitCode, got.Output));
    }

    [Fact]
    public async Task Service_WithTwoEndpoints_IsAnsweredByBoth()
    {
        await _node.ForwardAsync(_node.A.Address, _node.B.Address);
        var seen = new HashSet<string>();
        // one in 2^63 runs sees one of them only
        for (var i = 0; i < 64 && seen.Count < 2; i++)
        {
            seen.Add((await Run.CurlAsync(_node.NodePath, Service)).Output);
        }

        Assert.Equal(["a 10.244.0.1", "b 10.244.0.1"], seen.Order());
    }

    [Fact]
    public async Task NodePort_FromAPod_IsReached()
    {
        await _node.ForwardAsync(_node.B.Address);

        var got = await Run.CurlAsync(_node.A.Namespace, "http://10.244.0.1:30080");

        Assert.Equal((0, $"b {_node.A.Address}"), (got.ExitCode, got.Output));
    }

    [Theory]
    [InlineData("http://10.96.0.20")] // a Service without endpoints
    [InlineData("http://10.96.3.4:1234")] // no Service
    [InlineData("http://10.244.0.1:30080")] // a node port without endpoints
    [InlineData("http://10.244.9.9")] // a pod that is not there
    public async Task Address_WithoutEndpoint_RefusesAtOnce(string url)
    {
        await _node.ForwardAsync(_node.B.Address);
        await _node.ForwardAsync();

        foreach (var from in (string[])[_node.A.Namespace, _node.NodePath])
        {
            var got = await Run.CurlAsync(from, url);

            Assert.Equal(Refused, got.ExitCode);
            Assert.Contains("onnect", got.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("timed out", got.Error, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Address_OffTheMachine_FailsAtOnceEveryTime()
    {
        for (var i = 0; i < 20; i++)
        {
            var got = await Run.CurlAsync(_node.A.Namespace, "http://192.0.2.77");

            Assert.Equal(Refused, got.ExitCode);
            Assert.DoesNotContain("timed out", got.Error, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Connection_ToAPodThatGoes_IsResetWithItsNextByte()
    {
        using var inside = await NetworkNamespace.EnterAsync(_node.A.Namespace);
        using var socket = await inside.CreateSocketAsync(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_node.B.Address, Workload.Port, TestContext.Current.CancellationToken);

        await _node.Network.DetachAsync("b", CancellationToken.None);
        await socket.SendAsync("?"u8.ToArray());
        var reset = await Assert.ThrowsAsync<SocketException>(async () => await socket.ReceiveAsync(new byte[16], TestContext.Current.CancellationToken));

        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    }

    [Theory]
    [InlineData(true, "10.96.0.20", 80)] // a pod, by the Service
    [InlineData(false, "10.96.0.20", 80)] // the node, by the Service
    [InlineData(true, "10.244.0.1", 30081)] // a pod, by the node port
    public async Task Udp_ToAService_IsAnsweredThroughIt(bool fromPod, string address, int port)
    {
        await _node.ForwardAsync(_node.B.Address);
        using var inside = await NetworkNamespace.EnterAsync(fromPod ? _node.A.Namespace : _node.NodePath);
        using var socket = await inside.CreateSocketAsync(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(IPAddress.Parse(address), port, TestContext.Current.CancellationToken);

        Assert.Equal("b", await AskAsync(socket));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Udp_FromOnePort_FollowsTheEndpoints(bool fromPod)
    {
        await _node.ForwardAsync(_node.B.Address);
        using var inside = await NetworkNamespace.EnterAsync(fromPod ? _node.A.Namespace : _node.NodePath);
        using var socket = await inside.CreateSocketAsync(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(IPAddress.Parse("10.96.0.20"), 80, TestContext.Current.CancellationToken);
        var before = await AskAsync(socket);

        await _node.ForwardAsync(_node.A.Address, _node.B.Address);
        var still = await AskAsync(socket);
        await _node.ForwardAsync(_node.A.Address);
        var after = await AskAsync(socket);

        Assert.Equal(("b", "b", "a"), (before, still, after));
    }

    [Fact]
    public async Task Udp_ToAServiceWithoutEndpoints_IsRefused()
    {
        await _node.ForwardAsync();
        using var inside = await NetworkNamespace.EnterAsync(_node.A.Namespace);
        using var socket = await inside.CreateSocketAsync(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(IPAddress.Parse("10.96.0.20"), 80, TestContext.Current.CancellationToken);

        await socket.SendAsync("?"u8.ToArray());
        var refused = await Assert.ThrowsAsync<SocketException>(async () => await socket.ReceiveAsync(new byte[16], TestContext.Current.CancellationToken));

        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public async Task Rules_FlushedBehindOurBack_AreThereAgainWithTheNextChange()
    {
        await _node.ForwardAsync(_node.A.Address);
        await Run.InAsync(_node.NodePath, "nft", "flush", "ruleset");

        await _node.ForwardAsync(_node.B.Address);
        var got = await Run.CurlAsync(_node.A.Namespace, Service);

        Assert.Equal((0, $"b {_node.A.Address}"), (got.ExitCode, got.Output));
    }

    private static async Task<string> AskAsync(Socket socket)
    {
        await socket.SendAsync("?"u8.ToArray());
        var buffer = new byte[16];
        var length = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }

    /// <summary>Lets the bridge show its frames to the rules or not, where the kernel can.</summary>
    private async Task SetBridgeAsync(int filters)
    {
        var file = "/proc/sys/net/bridge/bridge-nf-call-iptables";
        var written = await Run.InAsync(_node.NodePath, "sh", "-c", $"[ ! -e {file} ] || echo {filters} >{file}");
        Assert.Equal("", written.Error);
    }
}
