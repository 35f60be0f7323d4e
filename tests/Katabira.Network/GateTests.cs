using System.Net;
using System.Net.Sockets;
using System.Text;
using Katabira.Cluster.Network.Gates;
using Katabira.Net.Linux;
using Katabira.Network.Support;
using Xunit;

namespace Katabira.Network;

public sealed class GateTests : IAsyncLifetime
{
    private const string HostPath = "/proc/self/ns/net";
    private const int Port = 8081;
    private const int ResetExitCode = 56;

    private readonly List<IDisposable> _owned = [];
    private TestNode _node = null!; // set before each test
    private Gate _gate = null!; // as above

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.StartAsync();
        _gate = new(Own(await NetworkNamespace.EnterAsync(HostPath)), _node.Network.Node, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.DisposeAsync();
        _owned.ForEach(o => o.Dispose());
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Host_ThroughTheGate_ReachesAService()
    {
        await _node.ForwardAsync(_node.B.Address);
        var listen = await OpenAsync(new(IPAddress.Parse("10.96.0.20"), 80));

        var got = await Run.CurlAsync(HostPath, $"http://{listen}");

        Assert.Equal((0, "b 10.244.0.1"), (got.ExitCode, got.Output));
    }

    [Fact]
    public async Task Reset_OfTheServer_ArrivesAsAReset()
    {
        var server = await ListenAsync();
        var listen = await OpenAsync(new(_node.A.Address, Port));
        var curl = Run.CurlAsync(HostPath, $"http://{listen}");
        using (var accepted = await server.AcceptAsync(TestContext.Current.CancellationToken))
        {
            await accepted.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken);
            accepted.Close(0);
        }

        Assert.Equal(ResetExitCode, (await curl).ExitCode);
    }

    [Fact]
    public async Task Client_OfATargetThatRefuses_IsReset()
    {
        var listen = await OpenAsync(new(_node.A.Address, 4242));

        Assert.Equal(ResetExitCode, (await Run.CurlAsync(HostPath, $"http://{listen}")).ExitCode);
    }

    [Fact]
    public async Task Reset_OfTheClient_ArrivesAsAReset()
    {
        var (client, server) = await PairAsync();

        client.Close(0);
        var reset = await Assert.ThrowsAsync<SocketException>(async () => await server.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));

        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
    }

    [Fact]
    public async Task HalfClose_EitherWay_LeavesTheOtherDirectionOpen()
    {
        var (client, server) = await PairAsync();

        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await server.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));
        await server.SendAsync("still here"u8.ToArray());
        server.Shutdown(SocketShutdown.Send);

        Assert.Equal("still here", await ReadToEndAsync(client));
    }

    [Fact]
    public async Task Reset_AfterAHalfClose_ArrivesAsAReset()
    {
        var (client, server) = await PairAsync();
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await client.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));

        server.Close(0);

        // nobody reads from the server any more, so this is what the gate looks for
        await UntilResetAsync(client);
    }

    [Fact]
    public async Task Reset_WhileTheOtherSideDoesNotRead_ArrivesAsAReset()
    {
        var (client, server) = await PairAsync();
        await FillAsync(client);

        client.Close(0);

        await UntilResetAsync(server);
    }

    [Fact]
    public async Task Bytes_ManyBothWays_ArriveInOrder()
    {
        var (client, server) = await PairAsync();
        var sent = new byte[4_000_000];
        new Random(1).NextBytes(sent);

        var sending = Task.WhenAll(SendAllAsync(client, sent), SendAllAsync(server, sent));
        var (atServer, atClient) = (ReadAllAsync(server), ReadAllAsync(client));

        await sending;
        Assert.Equal(sent, await atServer);
        Assert.Equal(sent, await atClient);
    }

    [Fact]
    public async Task Connections_AThousandAtATime_AreAllCarried()
    {
        var server = await ListenAsync();
        var listen = await OpenAsync(new(_node.A.Address, Port));
        var clients = new List<Socket>();
        for (var i = 0; i < 1000; i++)
        {
            var client = Own(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            await client.ConnectAsync(listen, TestContext.Current.CancellationToken);
            await client.SendAsync(Encoding.ASCII.GetBytes($"{i:0000}"));
            clients.Add(client);
        }
        var numbers = new HashSet<string>();
        for (var i = 0; i < 1000; i++)
        {
            var accepted = Own(await server.AcceptAsync(TestContext.Current.CancellationToken));
            var buffer = new byte[4];
            await accepted.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            numbers.Add(Encoding.ASCII.GetString(buffer));
        }

        Assert.Equal(1000, numbers.Count);
        Assert.Equal(1000, _gate.Connections);
    }

    [Fact]
    public async Task Listening_WhereSomebodyDoes_NamesTheProcess()
    {
        using var somebody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        somebody.Bind(new IPEndPoint(IPAddress.Any, 0));
        somebody.Listen();
        var taken = new IPEndPoint(IPAddress.Parse("127.77.9.1"), ((IPEndPoint)somebody.LocalEndPoint!).Port);

        var why = await _gate.OpenAsync(taken, new(_node.A.Address, Port));

        Assert.Equal($"cannot listen on {taken}: {PortHolder.Find(taken)} listens there already", why);
        Assert.Contains($"(process {Environment.ProcessId})", why, StringComparison.Ordinal);
        Assert.Empty(_gate.Ports());
    }

    [Fact]
    public async Task Port_Closed_RefusesAndLetsConnectionsLive()
    {
        var (client, server) = await PairAsync();
        var listen = _gate.Ports().Keys.Single();

        _gate.Close(listen);
        await client.SendAsync("x"u8.ToArray());

        Assert.Equal(1, await server.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));
        Assert.Equal(7, (await Run.CurlAsync(HostPath, $"http://{listen}")).ExitCode);
    }

    [Fact]
    public async Task Port_ThatLeadsElsewhereNow_LeadsThere()
    {
        await _node.ForwardAsync(_node.B.Address);
        var listen = await OpenAsync(new(_node.A.Address, Workload.Port));
        var before = await Run.CurlAsync(HostPath, $"http://{listen}");

        Assert.Null(await _gate.OpenAsync(listen, new(_node.B.Address, Workload.Port)));
        var after = await Run.CurlAsync(HostPath, $"http://{listen}");

        Assert.Equal(("a 10.244.0.1", "b 10.244.0.1"), (before.Output, after.Output));
    }

    [Fact]
    public async Task Gate_WithFewPlaces_LosesNoneToPortsThatAreClosed()
    {
        await using var small = new Gate(Own(await NetworkNamespace.EnterAsync(HostPath)), _node.Network.Node, TimeProvider.System, mostConnections: 2);
        var listen = new IPEndPoint(IPAddress.Parse("127.77.9.1"), (await OpenAsync(new(_node.A.Address, Port))).Port);
        _gate.Close(listen);
        for (var i = 0; i < 16; i++)
        {
            Assert.Null(await small.OpenAsync(listen, new(_node.A.Address, Workload.Port)));
            Assert.Equal("a 10.244.0.1", (await Run.CurlAsync(HostPath, $"http://{listen}")).Output);
            small.Close(listen);
        }
    }

    [Fact]
    public async Task Gate_TheOtherWayRound_LetsPodsReachTheHost()
    {
        using var host = await NetworkNamespace.EnterAsync(HostPath);
        await using var api = await Workload.StartAsync("host", HostPath, new IPEndPoint(IPAddress.Loopback, 0));
        await using var outward = new Gate(_node.Network.Node, host, TimeProvider.System);

        Assert.Null(await outward.OpenAsync(new(IPAddress.Parse("10.244.0.1"), 6443), api.Endpoint));
        var got = await Run.CurlAsync(_node.A.Namespace, "http://10.244.0.1:6443");

        Assert.Equal((0, "host 127.0.0.1"), (got.ExitCode, got.Output));
    }

    /// <summary>A free port of an address of our own: nothing listens on it but what the test opens.</summary>
    private async Task<IPEndPoint> OpenAsync(IPEndPoint target)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Parse("127.77.9.1"), 0));
        var listen = (IPEndPoint)probe.LocalEndPoint!;
        probe.Dispose();
        Assert.Null(await _gate.OpenAsync(listen, target));
        return listen;
    }

    private async Task<Socket> ListenAsync()
    {
        var inside = Own(await NetworkNamespace.EnterAsync(_node.A.Namespace));
        var server = Own(await inside.CreateSocketAsync(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        server.Bind(new IPEndPoint(IPAddress.Any, Port));
        server.Listen(2000);
        return server;
    }

    private async Task<(Socket Client, Socket Server)> PairAsync()
    {
        var server = await ListenAsync();
        var client = Own(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        await client.ConnectAsync(await OpenAsync(new(_node.A.Address, Port)));
        return (client, Own(await server.AcceptAsync(TestContext.Current.CancellationToken)));
    }

    private T Own<T>(T item)
        where T : IDisposable
    {
        _owned.Add(item);
        return item;
    }

    private static async Task SendAllAsync(Socket socket, byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent));
        }
        socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task<byte[]> ReadAllAsync(Socket socket)
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var length)
        {
            all.Write(buffer, 0, length);
        }
        return all.ToArray();
    }

    private static async Task<string> ReadToEndAsync(Socket socket) => Encoding.ASCII.GetString(await ReadAllAsync(socket));

    /// <summary>Sends until nothing is taken any more: everything on the way is full.</summary>
    private static async Task FillAsync(Socket socket)
    {
        socket.Blocking = false;
        var bytes = new byte[64 * 1024];
        for (var refused = 0; refused < 20;)
        {
            try
            {
                socket.Send(bytes);
                refused = 0;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                refused++;
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Waits for the kernel's word that a connection was reset, without reading what came before.</summary>
    private static async Task UntilResetAsync(Socket socket)
    {
        while (!socket.Poll(0, SelectMode.SelectError))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
