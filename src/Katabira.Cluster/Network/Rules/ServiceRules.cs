using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Network.Rules;

/// <summary>
/// What the node forwards, decided from Services and EndpointSlices. Pure, and independent of the order of its input.
/// Cluster IPs, node ports on the node's address and load balancers' addresses (but those of the host's loopback, which the gate serves), TCP and UDP, IPv4.
/// Headless and ExternalName Services have no address.
/// Not followed: <c>sessionAffinity</c> (each connection is drawn anew), <c>externalTrafficPolicy</c> and <c>internalTrafficPolicy</c> (there is one node), SCTP,
/// <c>externalIPs</c> (they would capture other people's addresses). The name server's address is the node's own and is not forwarded: translating
/// what resolvers send twice at once from one port loses packets.
/// </summary>
internal static class ServiceRules
{
    /// <summary>The label by which a slice names its Service.</summary>
    public const string ServiceLabel = "kubernetes.io/service-name";

    /// <summary>All Services together.</summary>
    public static ServiceTable Of(IEnumerable<JsonObject> services, IEnumerable<JsonObject> slices)
    {
        var slicesOf = slices.ToLookup(ServiceOf);
        return Merge(services.OrderBy(s => s.NamespaceOf(), StringComparer.Ordinal).ThenBy(s => s.NameOf(), StringComparer.Ordinal)
            .SelectMany(s => OfOne(s, [.. slicesOf[(s.NamespaceOf(), s.NameOf())]])));
    }

    /// <summary>The namespace and the name of the Service that a slice is of; an empty name if it is of none.</summary>
    public static (string Namespace, string Name) ServiceOf(JsonObject slice) => (slice.NamespaceOf(), slice.Child("metadata").Child("labels").Text(ServiceLabel));

    /// <summary>Puts the parts of Services together. Of two that claim one frontend the first has it, so the order has to be a fixed one.</summary>
    public static ServiceTable Merge(IEnumerable<ServiceForward> forwards)
    {
        var slots = new Dictionary<ServiceFrontend, ImmutableArray<ServiceBackend>>();
        foreach (var (frontend, dealt) in forwards)
        {
            slots.TryAdd(frontend, dealt);
        }
        return new(slots);
    }

    /// <summary>What one Service forwards.</summary>
    /// <param name="slices">Its own, whichever family they are of.</param>
    public static IEnumerable<ServiceForward> OfOne(JsonObject service, IEnumerable<JsonObject> slices)
    {
        var spec = service.Child("spec");
        var own = slices.Where(s => s.Text("addressType", "IPv4") == "IPv4").ToList();
        if (own.Count == 0 || spec.Text("type") == "ExternalName")
        {
            yield break;
        }
        var addresses = Addresses(service);
        foreach (var port in spec.Items("ports"))
        {
            if (ProtocolOf(port) is { } protocol && Backends(own, port) is { Count: > 0 } backends)
            {
                var dealt = ServiceTable.Deal(backends);
                foreach (var frontend in Frontends(spec, addresses, port, protocol))
                {
                    yield return new(frontend, dealt);
                }
            }
        }
    }

    private static List<IPAddress> Addresses(JsonObject service)
    {
        var spec = service.Child("spec");
        var all = spec.Texts("clusterIPs").Append(spec.Text("clusterIP"));
        if (spec.Text("type") == "LoadBalancer")
        {
            all = all.Concat(service.Child("status").Child("loadBalancer").Items("ingress").Select(i => i.Text("ip")));
        }
        return [.. all.Select(AddressOf).OfType<IPAddress>().Where(a => !IPAddress.IsLoopback(a) && !a.Equals(NodeAddresses.Dns)).Distinct()];
    }

    private static IEnumerable<ServiceFrontend> Frontends(JsonObject? spec, List<IPAddress> addresses, JsonObject port, ServiceProtocol protocol)
    {
        if (PortOf(port, "port") is { } number)
        {
            foreach (var address in addresses)
            {
                yield return new(address, protocol, number);
            }
        }
        if (spec.Text("type") is "NodePort" or "LoadBalancer" && PortOf(port, "nodePort") is { } nodePort)
        {
            yield return new(NodeAddresses.Node, protocol, nodePort);
        }
    }

    /// <summary>Who is ready; if nobody is, who still serves while ending, as kube-proxy does.</summary>
    private static List<ServiceBackend> Backends(List<JsonObject> slices, JsonObject port)
    {
        var ready = Backends(slices, port, c => c?["ready"].AsBoolean() != false);
        return ready.Count > 0 ? ready : Backends(slices, port, c => c.Flag("serving") && c.Flag("terminating"));
    }

    private static List<ServiceBackend> Backends(List<JsonObject> slices, JsonObject port, Func<JsonObject?, bool> answers)
    {
        var found = from slice in slices
                    from target in slice.Items("ports")
                    where target.Text("name") == port.Text("name") && target.Text("protocol", "TCP") == port.Text("protocol", "TCP")
                    let number = PortOf(target, "port")
                    where number is not null
                    from endpoint in slice.Items("endpoints")
                    where answers(endpoint.Child("conditions"))
                    from text in endpoint.Texts("addresses")
                    let address = AddressOf(text)
                    where address is not null
                    select new ServiceBackend(address, number.Value);
        return [.. found.Distinct().OrderBy(b => b.Address.ToString(), StringComparer.Ordinal).ThenBy(b => b.Port)];
    }

    private static ServiceProtocol? ProtocolOf(JsonObject port) => port.Text("protocol", "TCP") switch
    {
        "TCP" => ServiceProtocol.Tcp,
        "UDP" => ServiceProtocol.Udp,
        _ => null,
    };

    private static ushort? PortOf(JsonObject port, string field) => port.Count(field) is > 0 and <= ushort.MaxValue and var number ? (ushort)number : null;

    private static IPAddress? AddressOf(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork ? address : null;
}
