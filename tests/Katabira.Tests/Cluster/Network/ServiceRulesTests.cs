using System.Net;
using System.Text.Json.Nodes;
using Katabira.Cluster.Network.Rules;
using Xunit;

namespace Katabira.Tests.Cluster.Network;

public sealed class ServiceRulesTests
{
    private static JsonObject Web => ServiceObjects.Service("web", "10.96.0.20", ServiceObjects.Port(80, "http", nodePort: 30080));

    private static JsonObject[] Target => [ServiceObjects.Port(8080, "http")];

    [Theory]
    [InlineData("ClusterIP", "10.96.0.20:80")]
    [InlineData("NodePort", "10.244.0.1:30080 10.96.0.20:80")]
    [InlineData("LoadBalancer", "10.244.0.1:30080 10.96.0.20:80")]
    [InlineData("ExternalName", "")]
    public void Of_AServiceOfAType_HasItsFrontends(string type, string frontends)
    {
        var table = ServiceRules.Of([Web.OfType(type)], [ServiceObjects.Slice("web", Target, ServiceObjects.Endpoint("10.244.0.2"))]);

        Assert.Equal(frontends, Text(table));
        Assert.All(table.Slots.Values, slots => Assert.Equal(Enumerable.Repeat(new ServiceBackend(IPAddress.Parse("10.244.0.2"), 8080), 16), slots));
    }

    [Theory]
    [InlineData("203.0.113.9", "10.244.0.1:30080 10.96.0.20:80 203.0.113.9:80")]
    [InlineData("127.77.0.1", "10.244.0.1:30080 10.96.0.20:80")] // the host's loopback: the gate's affair
    public void Of_ABalancedService_ForwardsTheAddressUnlessItIsTheHosts(string address, string frontends) =>
        Assert.Equal(frontends, Text(ServiceRules.Of([Web.Balanced(address)], [ServiceObjects.Slice("web", Target, ServiceObjects.Endpoint("10.244.0.2"))])));

    [Fact]
    public void Of_HeadlessUnknownOrForeign_HasNone()
    {
        JsonObject[] services =
        [
            ServiceObjects.Service("web", "None", ServiceObjects.Port(80, "http")),
            ServiceObjects.Service("dns", "10.96.0.10", ServiceObjects.Port(53, "http")), // the node's own
            ServiceObjects.Service("six", "fd00::1", ServiceObjects.Port(80, "http")),
            ServiceObjects.Service("odd", "10.96.0.21", ServiceObjects.Port(80, "http", "SCTP"), ServiceObjects.Port(99_999, "http"), ServiceObjects.Port(81, "other")),
        ];
        var slices = services.Select(s => ServiceObjects.Slice((string)s["metadata"]!["name"]!, Target, ServiceObjects.Endpoint("10.244.0.2")));

        Assert.Empty(ServiceRules.Of(services, slices).Slots);
    }

    [Theory]
    [InlineData(true, false, "2")] // who is ready
    [InlineData(true, true, "2")]
    [InlineData(false, true, "3")] // nobody is: who still serves while ending
    [InlineData(false, false, "")]
    public void Of_Endpoints_AreThoseWhoAnswer(bool ready, bool otherEnding, string expected)
    {
        var slice = ServiceObjects.Slice("web", Target, ServiceObjects.Endpoint("10.244.0.2", ready), ServiceObjects.Endpoint("10.244.0.3", false, otherEnding));

        var table = ServiceRules.Of([Web], [slice]);

        Assert.Equal(expected, string.Concat(table.Slots.Values.SelectMany(s => s).Distinct().Select(b => b.Address.GetAddressBytes()[3])));
    }

    [Fact]
    public void Of_InAnyOrder_IsTheSame()
    {
        JsonObject[] services = [Web, ServiceObjects.Service("web2", "10.96.0.20", ServiceObjects.Port(80, "http"))]; // two claim one address
        JsonObject[] slices =
        [
            ServiceObjects.Slice("web", Target, ServiceObjects.Endpoint("10.244.0.2"), ServiceObjects.Endpoint("10.244.0.3")),
            ServiceObjects.Slice("web2", Target, ServiceObjects.Endpoint("10.244.0.4")),
        ];

        Assert.Equal("", NodeRuleset.Difference(ServiceRules.Of(services, slices), ServiceRules.Of(services.Reverse(), slices.Reverse())));
    }

    [Theory]
    [InlineData(1, "16")]
    [InlineData(3, "6 5 5")]
    [InlineData(16, "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1")]
    public void Deal_Backends_GetEqualShares(int count, string shares)
    {
        var backends = Enumerable.Range(1, count).Select(i => new ServiceBackend(new IPAddress([10, 244, 0, (byte)i]), 80)).ToList();

        Assert.Equal(shares, string.Join(' ', ServiceTable.Deal(backends).CountBy(b => b).Select(s => s.Value)));
    }

    [Fact]
    public void Difference_OfOneEndpointAmongTwo_NamesItsSlotsOnly()
    {
        JsonObject[] other = [Web, ServiceObjects.Service("idle", "10.96.0.30", ServiceObjects.Port(80, "http"))];
        var idle = ServiceObjects.Slice("idle", Target, ServiceObjects.Endpoint("10.244.0.9"));
        var before = ServiceRules.Of(other, [idle, ServiceObjects.Slice("web", Target, ServiceObjects.Endpoint("10.244.0.2"), ServiceObjects.Endpoint("10.244.0.3"))]);
        var after = ServiceRules.Of(other, [idle, ServiceObjects.Slice("web", Target, ServiceObjects.Endpoint("10.244.0.2"), ServiceObjects.Endpoint("10.244.0.4"))]);

        var lines = NodeRuleset.Difference(before, after).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(2, lines.Length);
        Assert.StartsWith("delete element ip katabira services { 10.96.0.20 . tcp . 80 . 1, 10.96.0.20 . tcp . 80 . 3, ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("add element ip katabira services { 10.96.0.20 . tcp . 80 . 1 : 10.244.0.4 . 8080, ", lines[1], StringComparison.Ordinal);
        Assert.Equal("", NodeRuleset.Difference(after, after));
    }

    private static string Text(ServiceTable table) =>
        string.Join(' ', table.Slots.Keys.Select(f => $"{f.Address}:{f.Port}").Order(StringComparer.Ordinal));
}
