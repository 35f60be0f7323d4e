using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Network.Balancers;

/// <summary>A port of the host and where it leads inside.</summary>
internal readonly record struct GatePort(IPEndPoint Listen, IPEndPoint Target);

/// <summary>What the gate does for one Service. Pure.</summary>
/// <param name="IsBalanced">Whether it gets an address of its own.</param>
/// <param name="Balanced">The ports on that address; empty without one.</param>
/// <param name="NodePorts">The ports on the host's 127.0.0.1.</param>
/// <param name="Left">Ports that the gate does not carry, <c>53/UDP</c>.</param>
internal sealed record BalancerPlan(bool IsBalanced, ImmutableArray<GatePort> Balanced, ImmutableArray<GatePort> NodePorts, ImmutableArray<string> Left)
{
    /// <summary>Nothing.</summary>
    public static BalancerPlan None { get; } = new(false, [], [], []);

    /// <param name="service">A Service; null if there is none any more.</param>
    /// <param name="address">The address it would get.</param>
    public static BalancerPlan Of(JsonObject? service, IPAddress? address)
    {
        var spec = service.Child("spec");
        var type = spec.Text("type");
        if (type is not ("LoadBalancer" or "NodePort") || service.Child("metadata").Has("deletionTimestamp") || !IPAddress.TryParse(spec.Text("clusterIP"), out var inside)
            || !NodeAddresses.Services.Contains(inside))
        {
            return None;
        }
        // a class says that somebody else balances
        var isBalanced = type == "LoadBalancer" && !spec.Has("loadBalancerClass");
        var carried = spec.Items("ports").Where(p => p.Text("protocol", "TCP") == "TCP").ToList();
        var balanced = isBalanced && address is not null
            ? from port in carried where IsPort(port.Count("port")) select new GatePort(new(address, (int)port.Count("port")), new(inside, (int)port.Count("port")))
            : [];
        var nodePorts = from port in carried.Select(p => p.Count("nodePort")) where IsPort(port) select new GatePort(new(IPAddress.Loopback, (int)port), new(NodeAddresses.Node, (int)port));
        var left = spec.Items("ports").Except(carried).Select(p => $"{p.Count("port")}/{p.Text("protocol")}");
        return new(isBalanced, [.. balanced], [.. nodePorts], isBalanced ? [.. left] : []);
    }

    /// <summary>The addresses of a range that a Service says it has.</summary>
    public static IEnumerable<IPAddress> AddressesOf(JsonObject? service, IPNetwork range) =>
        from ingress in service.Child("status").Child("loadBalancer").Items("ingress")
        let address = IPAddress.TryParse(ingress.Text("ip"), out var read) ? read : IPAddress.None
        where range.Contains(address)
        select address;

    private static bool IsPort(long number) => number is > 0 and <= ushort.MaxValue;
}
