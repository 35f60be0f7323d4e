using System.Net;
using System.Text.Json.Nodes;
using Katabira.Cluster.Network;
using Katabira.Cluster.Network.Dns;
using Katabira.Cluster.Network.Gates;
using Katabira.Tests.Cluster.Access;
using Xunit;

namespace Katabira.Tests.Cluster.Network;

/// <summary>What is read from the kernel and from programs, and what is decided from it.</summary>
public sealed class NodeStateTests
{
    private static readonly NamespaceNames s_names = new("ktb-01234567-");

    [Fact]
    public void Pool_AnAddressGivenBack_RestsSixtySeconds()
    {
        var time = new SteppedTime();
        var pool = new AddressPool(time);
        var first = pool.Take()!;
        pool.Release(first);
        pool.Release(first); // once more is no error

        var others = Enumerable.Range(0, 70_000).Select(_ => pool.Take()).TakeWhile(a => a is not null).ToList();
        time.Now += TimeSpan.FromSeconds(60) - TimeSpan.FromTicks(1);
        var early = pool.Take();
        time.Now += TimeSpan.FromTicks(1);

        Assert.Equal("10.244.0.2", first.ToString());
        Assert.Equal(65_532, others.Distinct().Count()); // all but the network's, the node's, the broadcast and the first
        Assert.Null(early);
        Assert.Equal(first, pool.Take());
    }

    [Fact]
    public void Pool_AnAddressThatIsKept_IsNotGiven()
    {
        var pool = new AddressPool(TimeProvider.System);
        pool.Keep(IPAddress.Parse("10.244.0.2"));
        pool.LetRest(IPAddress.Parse("10.244.0.3"), TimeSpan.FromSeconds(9));

        Assert.Equal("10.244.0.4", pool.Take()?.ToString());
    }

    [Fact]
    public void Leftovers_OfAKilledProcess_AreTold()
    {
        const string links = """
            [{"ifname":"lo"},{"ifname":"ktb0"},
             {"ifname":"v0af40002","ifalias":"alive"},{"ifname":"v0af40003","ifalias":"dead"},{"ifname":"v0af40004"},
             {"ifname":"v0af40005","ifalias":"alive"},{"ifname":"v0af40006","ifalias":"unplugged"},{"ifname":"vxyz"},null,7]
            """;
        string[] found = ["ktb-01234567-node", "ktb-01234567-alive", "ktb-01234567-dead", "ktb-01234567-loose", "ktb-89abcdef-alive", "mine"];

        var left = NodeLeftovers.Of(s_names, found, NodeLeftovers.ReadLinks(links), new HashSet<string> { "alive", "unplugged", "loose" });

        Assert.Equal([new PodNetwork("alive", IPAddress.Parse("10.244.0.2"), "/run/netns/ktb-01234567-alive")], left.Kept);
        Assert.Equal(["v0af40003", "v0af40004", "v0af40005", "v0af40006"], left.Links);
        Assert.Equal(["ktb-01234567-dead", "ktb-01234567-loose"], left.Namespaces);
    }

    [Theory]
    [InlineData("../x"), InlineData("node"), InlineData(""), InlineData("a b")]
    public void Names_OfWhatIsNoUid_AreRefused(string uid) => Assert.Throws<ArgumentException>(() => s_names.Pod(uid));

    [Fact]
    public void Names_OfTwoHomes_Differ() => Assert.NotEqual(NamespaceNames.Of("/home/a").Prefix, NamespaceNames.Of("/home/b").Prefix);

    [Theory]
    [InlineData("""{"nftables":[{"metainfo":{}},{"set":{"elem":[{"elem":{"val":"10.244.0.7","timeout":60,"expires":41}}]}}]}""", "10.244.0.7 41")]
    [InlineData("""{"nftables":[{"set":{"name":"addresses"}}]}""", "")]
    [InlineData("""{"nftables":[{"set":{"elem":[{"elem":{"val":"10.244.0.7"}},{"elem":{"val":5}},"x"]}}]}""", "10.244.0.7 60")]
    public void Quarantine_WhatNftLists_IsRead(string json, string expected) =>
        Assert.Equal(expected, string.Join(',', Quarantine.Read(json).Select(r => $"{r.Address} {r.Remaining.TotalSeconds}")));

    [Fact]
    public void Output_ThatIsNoJson_IsAnErrorForPeople()
    {
        Assert.Throws<NetworkException>(() => Quarantine.Read("oops"));
        Assert.Throws<NetworkException>(() => NodeLeftovers.ReadLinks("oops"));
    }

    [Theory]
    [InlineData("   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1", 4711)]
    [InlineData("   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1", 4711)] // all addresses
    [InlineData("   0: 00000000000000000000000000000000:1F90 0:0 0A 0:0 0:0 0 0 0 4711 1", 4711)] // of both families
    [InlineData("   0: 0000000000000000FFFF00000100007F:1F90 0:0 0A 0:0 0:0 0 0 0 4711 1", 4711)] // as an IPv6 socket has it
    [InlineData("   0: 0200007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1", null)] // another address
    [InlineData("   0: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1", null)] // another port
    [InlineData("   0: 0100007F:1F90 00000000:0000 01 00000000:00000000 00:00000000 00000000     0        0 4711 1", null)] // does not listen
    [InlineData("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode", null)]
    [InlineData("", null)]
    public void PortHolder_ALineOfTheKernel_TellsWhoListens(string line, int? inode) =>
        Assert.Equal((long?)inode, PortHolder.InodeOf(line, new(IPAddress.Loopback, 8080)));

    [Theory]
    [InlineData("{}", "search shop.svc.cluster.local svc.cluster.local cluster.local|nameserver 10.96.0.10|options ndots:5|")]
    [InlineData("""{"dnsPolicy":"Default"}""", "nameserver 10.96.0.10|")]
    [InlineData("""{"dnsPolicy":"None","dnsConfig":{"nameservers":["10.244.0.9"],"searches":["x.test"],"options":[{"name":"edns0"}]}}""",
        "search x.test|nameserver 10.244.0.9|options edns0|")]
    [InlineData("""{"dnsConfig":{"nameservers":["10.244.0.9","10.96.0.10"],"searches":["cluster.local","x.test","bad\nnameserver 1.2.3.4"],"options":[{"name":"ndots","value":"2"}]}}""",
        "search shop.svc.cluster.local svc.cluster.local cluster.local x.test|nameserver 10.96.0.10|nameserver 10.244.0.9|options ndots:2|")]
    public void Resolvers_OfAPod_AreAsItAsks(string spec, string expected)
    {
        var pod = new JsonObject { ["metadata"] = new JsonObject { ["namespace"] = "shop" }, ["spec"] = JsonNode.Parse(spec) };

        Assert.Equal(expected, ResolverFile.ForPod(pod).Replace('\n', '|'));
    }

    [Theory]
    [InlineData("nameserver 192.0.2.1\nsearch x\n  nameserver\t192.0.2.2 # two\nnameserver ::1\nnameserver 192.0.2.3", "192.0.2.1:53 192.0.2.2:53 [::1]:53")]
    [InlineData("# nameserver 192.0.2.1\nnameserver\nnameserver nowhere\r\n", "")]
    public void Resolvers_OfAFile_AreRead(string text, string servers) => Assert.Equal(servers, string.Join(' ', ResolverFile.Servers(text)));
}
