using Katabira.Cluster.Network;
using Katabira.Network.Support;
using Xunit;

namespace Katabira.Network;

/// <summary>Namespaces come, survive the process, and go; the host sees nothing of it.</summary>
public sealed class LifeTests
{
    [Fact]
    public async Task Host_WhileAndAfterAClusterRuns_IsAsItWas()
    {
        // first once without looking: what the kernel brings up on first use (modules and their parameters) is none of ours
        await using (await TestNode.StartAsync())
        {
        }
        var before = await HostAsync();
        string during;
        await using (var node = await TestNode.StartAsync())
        {
            await node.ForwardAsync(node.A.Address);
            during = await HostAsync();
        }
        var after = await HostAsync();

        Assert.Equal(before, during);
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task Node_Destroyed_LeavesNoNamespace()
    {
        NamespaceNames names;
        await using (var node = await TestNode.StartAsync())
        {
            names = node.Names;
            Assert.Equal(3, NodeLeftovers.Names().Count(n => n.StartsWith(names.Prefix, StringComparison.Ordinal)));
        }

        Assert.DoesNotContain(NodeLeftovers.Names(), n => n.StartsWith(names.Prefix, StringComparison.Ordinal));
        await NodeNetwork.DestroyAsync(names, CancellationToken.None); // once more is no error
    }

    [Fact]
    public async Task Node_OpenedAgain_KeepsLivingPodsAndRemovesTheRest()
    {
        await using var node = await TestNode.StartAsync();
        await node.ForwardAsync(node.A.Address);
        await Run.OfAsync("ip", "netns", "add", node.Names.Pod("half-made"));
        // the first one is not disposed: as if it had been killed
        using var second = await NodeNetwork.OpenAsync(node.Names, new HashSet<string> { "a" }, TimeProvider.System, CancellationToken.None);
        var (found, gone) = (await second.FindAsync("a", CancellationToken.None), await second.FindAsync("b", CancellationToken.None));
        var next = await second.AttachAsync("c", CancellationToken.None);
        var got = await Run.CurlAsync(next.Namespace, "http://10.96.0.20");

        Assert.Equal(node.A, found);
        Assert.Null(gone);
        Assert.Equal([node.Names.Node, node.Names.Pod("a"), node.Names.Pod("c")],
            NodeLeftovers.Names().Where(n => n.StartsWith(node.Names.Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).OrderBy(n => n != node.Names.Node));
        Assert.NotEqual(node.A.Address, next.Address);
        Assert.Equal((0, $"a {next.Address}"), (got.ExitCode, got.Output));
    }

    [Fact]
    public async Task Node_WhilePodsComeAndGo_StaysWhereTheirLinksFindIt()
    {
        await using var node = await TestNode.StartAsync();
        var seen = new HashSet<string> { await LinkAddressAsync(node) };
        for (var i = 0; i < 6; i++)
        {
            await node.Network.AttachAsync($"p{i}", CancellationToken.None);
            seen.Add(await LinkAddressAsync(node));
        }
        await node.Network.DetachAsync("a", CancellationToken.None);
        seen.Add(await LinkAddressAsync(node));

        Assert.Single(seen);
    }

    [Fact]
    public async Task Names_ThatStandForNoNamespace_AreMadeAnew()
    {
        // what is left where ip was killed between making the file and the namespace
        await using var node = await TestNode.StartAsync();
        await Run.OfAsync("ip", "netns", "delete", node.Names.Node);
        await Run.OfAsync("touch", node.NodePath, NamespaceNames.PathOf(node.Names.Pod("half-made")));

        using var second = await NodeNetwork.OpenAsync(node.Names, new HashSet<string>(), TimeProvider.System, CancellationToken.None);

        Assert.Equal([node.Names.Node], NodeLeftovers.Names().Where(n => n.StartsWith(node.Names.Prefix, StringComparison.Ordinal)));
        Assert.NotNull(await second.AttachAsync("half-made", CancellationToken.None));
    }

    [Fact]
    public async Task Address_OfAPodThatIsGone_RestsOverARestart()
    {
        await using var node = await TestNode.StartAsync();
        await node.Network.DetachAsync("b", CancellationToken.None);
        await node.Network.DetachAsync("b", CancellationToken.None); // once more is no error
        using var second = await NodeNetwork.OpenAsync(node.Names, new HashSet<string> { "a" }, TimeProvider.System, CancellationToken.None);

        var next = await second.AttachAsync("c", CancellationToken.None);

        Assert.NotEqual(node.A.Address, next.Address);
        Assert.NotEqual(node.B.Address, next.Address);
    }

    [Fact]
    public async Task Attach_OfAnAttachedPod_ChangesNothing()
    {
        await using var node = await TestNode.StartAsync();

        Assert.Equal(node.A, await node.Network.AttachAsync("a", CancellationToken.None));
    }

    [Fact]
    public async Task Node_ThatWasTakenAway_IsMadeAgainWithoutItsPods()
    {
        await using var node = await TestNode.StartAsync();
        await Run.OfAsync("ip", "netns", "delete", node.Names.Node);

        using var second = await NodeNetwork.OpenAsync(node.Names, new HashSet<string> { "a", "b" }, TimeProvider.System, CancellationToken.None);

        Assert.Null(await second.FindAsync("a", CancellationToken.None));
        Assert.NotNull(await second.AttachAsync("a", CancellationToken.None));
    }

    [Fact]
    public async Task Pod_Inside_HasItsParameters()
    {
        await using var node = await TestNode.StartAsync();

        var got = await Run.InAsync(node.A.Namespace, "sh", "-c",
            "cd /proc/sys/net; cat ipv4/ip_unprivileged_port_start; ip -6 address; ip -4 -o route");

        Assert.Equal(["0", "default via 10.244.0.1 dev eth0", "10.244.0.1 dev eth0 scope link"], got.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    private static async Task<string> LinkAddressAsync(TestNode node) =>
        (await Run.InAsync(node.NodePath, "ip", "-o", "link", "show", "ktb0")).Output.Split("link/ether ")[1].Split(' ')[0];

    private static async Task<string> HostAsync()
    {
        var script = """
            ip -o link; ip -o address; ip rule; ip route show table all; nft list ruleset
            grep -r . /proc/sys/net/ipv4 /proc/sys/net/ipv6/conf /proc/sys/net/bridge 2>/dev/null | sort
            """;
        return (await Run.OfAsync("sh", "-c", script)).Output;
    }
}
