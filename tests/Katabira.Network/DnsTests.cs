using System.Net;
using System.Net.Sockets;
using Katabira.Cluster.Network;
using Katabira.Cluster.Network.Dns;
using Katabira.Network.Support;
using Katabira.Tests.Cluster.Network;
using Xunit;

namespace Katabira.Network;

/// <summary>The name server as real resolvers see it.</summary>
public sealed class DnsTests : IAsyncLifetime
{
    private readonly FakeResolver _outside = new(new() { ["example.test."] = IPAddress.Parse("192.0.2.33") });
    private TestNode _node = null!; // set before each test
    private ClusterDns _dns = null!; // as above

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.StartAsync();
        using var gone = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        gone.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var nobody = (IPEndPoint)gone.LocalEndPoint!;
        gone.Dispose();
        _dns = await ClusterDns.StartAsync(_node.Network.Node, new DnsForwarder(() => [nobody, _outside.Endpoint], TimeProvider.System), TimeProvider.System);
        var many = Enumerable.Range(2, 200).Select(i => ServiceObjects.Endpoint($"10.244.7.{i}")).ToArray();
        var alias = ServiceObjects.Service("alias", "").OfType("ExternalName");
        alias["spec"]!["externalName"] = "example.test";
        _dns.Zone = DnsZoneBuilder.Build(
        [
            ServiceObjects.Service("web", "10.96.0.20", ServiceObjects.Port(80, "http")),
            ServiceObjects.Service("many", "None", ServiceObjects.Port(80, "http")),
            ServiceObjects.Service("few", "None", ServiceObjects.Port(80, "http")),
            alias,
        ],
        [
            ServiceObjects.Slice("many", [ServiceObjects.Port(80, "http")], many),
            ServiceObjects.Slice("few", [ServiceObjects.Port(80, "http")], ServiceObjects.Endpoint("10.244.8.1", hostname: "few-0"), ServiceObjects.Endpoint("10.244.8.2", isReady: false)),
        ], ["shop", "default"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _dns.DisposeAsync();
        await _outside.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Theory]
    [InlineData("shop", "web", "10.96.0.20")]
    [InlineData("default", "web.shop", "10.96.0.20")]
    [InlineData("default", "web.shop.svc", "10.96.0.20")]
    [InlineData("default", "web.shop.svc.cluster.local", "10.96.0.20")]
    [InlineData("shop", "few", "10.244.8.1")] // headless: who is ready
    [InlineData("default", "few-0.few.shop", "10.244.8.1")]
    [InlineData("default", "10-244-8-7.shop.pod.cluster.local", "10.244.8.7")]
    [InlineData("shop", "example.test", "192.0.2.33")] // outside, by the host's resolvers
    [InlineData("shop", "alias", "192.0.2.33")] // an alias that leads there
    public async Task Resolver_OfAPod_FindsAName(string ns, string name, string address)
    {
        var got = await InPodAsync(ns, "getent", "ahostsv4", name);

        Assert.StartsWith(address + " ", got.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("default", "web")] // another namespace's
    [InlineData("shop", "none")]
    [InlineData("shop", "10-244-8-7.nowhere.pod.cluster.local")]
    public async Task Resolver_OfAPod_DoesNotFindWhatIsNotThere(string ns, string name)
    {
        var got = await InPodAsync(ns, "getent", "ahostsv4", name);

        Assert.Equal((2, ""), (got.ExitCode, got.Output));
    }

    [Fact]
    public async Task NamesOfTheCluster_WhetherThereOrNot_AreNeverAskedOutside()
    {
        await DigAsync("web.shop.svc.cluster.local", "A");
        await DigAsync("none.shop.svc.cluster.local", "AAAA");
        await DigAsync("-x", "10.244.9.9");

        Assert.Equal(0, _outside.Asked);
    }

    [Fact]
    public async Task LargeAnswer_OfAHeadlessService_ComesByTcp()
    {
        var got = await DigAsync("many.shop.svc.cluster.local", "A");
        var cut = await AskAsync("many.shop.svc.cluster.local", "A", "+ignore");

        Assert.Equal(200, got.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("flags: qr aa tc rd ra;", cut.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 100 80 web.shop.svc.cluster.local.\n", "_http._tcp.web.shop.svc.cluster.local", "SRV")]
    [InlineData("0 100 80 few-0.few.shop.svc.cluster.local.\n", "_http._tcp.few.shop.svc.cluster.local", "SRV")]
    [InlineData("web.shop.svc.cluster.local.\n", "-x", "10.96.0.20")]
    [InlineData("few-0.few.shop.svc.cluster.local.\n", "-x", "10.244.8.1")]
    [InlineData("\"1.1.0\"\n", "dns-version.cluster.local", "TXT")]
    [InlineData("ns.dns.cluster.local.\n", "cluster.local", "NS")]
    [InlineData("192.0.2.33\n", "EXAMPLE.test", "A")]
    [InlineData("192.0.2.33\n", "example.test", "A", "+noedns", "+bufsize=0")]
    public async Task Records_OfAllKinds_AreUnderstoodByDig(string expected, params string[] question) =>
        Assert.Equal(expected, (await DigAsync(question)).Output);

    [Theory]
    [InlineData("NXDOMAIN", "none.shop.svc.cluster.local", "A")]
    [InlineData("NXDOMAIN", "none.test", "A")]
    [InlineData("NOERROR", "web.shop.svc.cluster.local", "AAAA")]
    [InlineData("NOERROR", "shop.svc.cluster.local", "A")] // it has names below
    [InlineData("SERVFAIL", "example.test", "A", "+tcp")] // the resolver outside has no TCP
    [InlineData("NOTIMP", "web.shop.svc.cluster.local", "ANY")]
    public async Task Questions_WithoutAnAnswer_EndAsTheyShould(string status, params string[] question) =>
        Assert.Contains($"status: {status}", (await AskAsync(question)).Output, StringComparison.Ordinal);

    /// <summary>What the answer says.</summary>
    private Task<Run> DigAsync(params string[] arguments) => AskAsync(["+short", .. arguments]);

    /// <summary>The whole answer.</summary>
    private Task<Run> AskAsync(params string[] arguments) =>
        Run.InAsync(_node.A.Namespace, ["dig", $"@{NodeAddresses.Dns}", "+tries=1", "+time=5", .. arguments]);

    /// <summary>Runs a program as in a pod: its network, and a resolv.conf of its own.</summary>
    private async Task<Run> InPodAsync(string ns, params string[] command)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, ResolverFile.ForPod(ns), TestContext.Current.CancellationToken);
            return await Run.InAsync(_node.A.Namespace, ["unshare", "--mount", "sh", "-c", "mount --bind \"$0\" \"$(readlink -f /etc/resolv.conf)\" && exec \"$@\"", file, .. command]);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
