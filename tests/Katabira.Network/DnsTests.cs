using Katabira.Cluster.Network;
using Katabira.Cluster.Network.Dns;
using Katabira.Network.Support;
using Katabira.Tests.Cluster.Network;
using Xunit;

namespace Katabira.Network;

/// <summary>The name server as real resolvers see it.</summary>
public sealed class DnsTests : IAsyncLifetime
{
    private TestNode _node = null!; // set before each test
    private ClusterDns _dns = null!; // as above

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.StartAsync();
        _dns = await ClusterDns.StartAsync(_node.Network.Node, new DnsForwarder(() => [], TimeProvider.System), TimeProvider.System);
        var many = Enumerable.Range(2, 200).Select(i => ServiceObjects.Endpoint($"10.244.7.{i}")).ToArray();
        _dns.Zone = DnsZoneBuilder.Build(
        [
            ServiceObjects.Service("web", "10.96.0.20", ServiceObjects.Port(80, "http")),
            ServiceObjects.Service("many", "None", ServiceObjects.Port(80, "http")),
        ], [ServiceObjects.Slice("many", [ServiceObjects.Port(80, "http")], many)], ["shop", "default"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _dns.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Theory]
    [InlineData("shop", "web")]
    [InlineData("default", "web.shop")]
    [InlineData("default", "web.shop.svc")]
    [InlineData("default", "web.shop.svc.cluster.local")]
    public async Task Resolver_OfAPod_FindsAServiceByAnyOfItsNames(string ns, string name)
    {
        var got = await InPodAsync(ns, "getent", "ahostsv4", name);

        Assert.StartsWith("10.96.0.20 ", got.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolver_OfAPod_DoesNotFindAServiceOfAnotherNamespaceByItsShortName()
    {
        var got = await InPodAsync("default", "getent", "ahostsv4", "web");

        Assert.Equal((2, ""), (got.ExitCode, got.Output));
    }

    [Fact]
    public async Task LargeAnswer_OfAHeadlessService_ComesByTcp()
    {
        var got = await DigAsync("many.shop.svc.cluster.local", "A");
        var cut = await DigAsync("many.shop.svc.cluster.local", "A", "+ignore", "+noshort");

        Assert.Equal(200, got.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("flags: qr aa tc rd ra;", cut.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_OfAllKinds_AreUnderstoodByDig()
    {
        Assert.Equal("0 100 80 web.shop.svc.cluster.local.\n", (await DigAsync("_http._tcp.web.shop.svc.cluster.local", "SRV")).Output);
        Assert.Equal("web.shop.svc.cluster.local.\n", (await DigAsync("-x", "10.96.0.20")).Output);
        Assert.Equal("\"1.1.0\"\n", (await DigAsync("dns-version.cluster.local", "TXT")).Output);
        Assert.Equal("ns.dns.cluster.local.\n", (await DigAsync("cluster.local", "NS")).Output);
        Assert.Contains("status: NXDOMAIN", (await DigAsync("none.shop.svc.cluster.local", "A", "+noshort")).Output, StringComparison.Ordinal);
        Assert.Contains("status: SERVFAIL", (await DigAsync("example.com", "A", "+noshort")).Output, StringComparison.Ordinal);
    }

    private Task<Run> DigAsync(params string[] arguments) =>
        Run.InAsync(_node.A.Namespace, ["dig", $"@{NodeAddresses.Dns}", "+short", "+tries=1", "+time=5", .. arguments]);

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
