using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Katabira.Cluster.Network.Rules;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Network.Dns;

/// <summary>What one Service adds to the zone. Nobody changes it.</summary>
/// <param name="Records">Its name and those below, with what they have; a name that only has others below has nothing.</param>
/// <param name="Pointers">Addresses, and the name that each leads back to.</param>
internal sealed record DnsPart(Dictionary<DnsName, HashSet<DnsData>> Records, ImmutableArray<(IPAddress Address, DnsName Name)> Pointers);

/// <summary>
/// Makes the zone from Services and EndpointSlices, as the Kubernetes DNS specification (1.1) has it. Pure. A headless Service without a ready endpoint has no
/// name, an ordinary one always has.
/// </summary>
internal static class DnsZoneBuilder
{
    /// <summary>Labels of a Service's name, <c>NAME.NAMESPACE.svc.cluster.local</c>.</summary>
    private const int ServiceLabels = 5;

    /// <param name="services">All Services.</param>
    /// <param name="slices">All EndpointSlices.</param>
    /// <param name="namespaces">The names of all namespaces, for the names of pods.</param>
    public static DnsZone Build(IEnumerable<JsonObject> services, IEnumerable<JsonObject> slices, IEnumerable<string> namespaces)
    {
        var slicesOf = slices.ToLookup(ServiceRules.ServiceOf);
        return new(services.Select(s => (s.NamespaceOf(), s.NameOf(), OfOne(s, slicesOf[(s.NamespaceOf(), s.NameOf())]))), namespaces);
    }

    /// <summary>What one Service adds.</summary>
    /// <param name="slices">Its own, whichever family they are of.</param>
    public static DnsPart OfOne(JsonObject service, IEnumerable<JsonObject> slices)
    {
        var (records, pointers) = (new Dictionary<DnsName, HashSet<DnsData>>(), ImmutableArray.CreateBuilder<(IPAddress, DnsName)>());
        if (DnsName.Parse($"{service.NameOf()}.{service.NamespaceOf()}.svc.cluster.local") is { } name)
        {
            var part = new Part(records, pointers, name);
            part.AddService(service.Child("spec"));
            foreach (var slice in slices.Where(s => s.Text("addressType", "IPv4") == "IPv4"))
            {
                part.AddEndpoints(slice, service.Child("spec").Text("clusterIP") == "None");
            }
        }
        return new(records, pointers.ToImmutable());
    }

    private static IPAddress? AddressOf(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork ? address : null;

    /// <summary>A part in the making.</summary>
    private sealed class Part(Dictionary<DnsName, HashSet<DnsData>> records, ImmutableArray<(IPAddress, DnsName)>.Builder pointers, DnsName service)
    {
        public void AddService(JsonObject? spec)
        {
            if (spec.Text("type") == "ExternalName")
            {
                if (DnsName.Parse(spec.Text("externalName")) is { } target)
                {
                    Add(service, new NameData(DnsType.Cname, target));
                }
                return;
            }
            if (spec.Text("clusterIP") == "None")
            {
                return;
            }
            Touch(service);
            foreach (var address in spec.Texts("clusterIPs").Append(spec.Text("clusterIP")).Distinct().Select(AddressOf).OfType<IPAddress>())
            {
                Add(service, new AddressData(address));
                pointers.Add((address, service));
            }
            foreach (var port in spec.Items("ports"))
            {
                AddPort(port, new SrvData(100, (ushort)port.Count("port"), service));
            }
        }

        /// <summary>Each endpoint has a name below the Service's: its hostname, or its address with dashes. A headless Service has all their addresses.</summary>
        public void AddEndpoints(JsonObject slice, bool isHeadless)
        {
            var ready = slice.Items("endpoints").Where(e => e.Child("conditions")?["ready"].AsBoolean() != false).ToList();
            foreach (var endpoint in ready)
            {
                foreach (var address in endpoint.Texts("addresses").Select(AddressOf).OfType<IPAddress>())
                {
                    var host = Host(endpoint, address);
                    Add(host, new AddressData(address));
                    pointers.Add((address, host));
                    if (!isHeadless)
                    {
                        continue;
                    }
                    Add(service, new AddressData(address));
                    foreach (var port in slice.Items("ports"))
                    {
                        AddPort(port, new SrvData((ushort)Math.Max(1, 100 / ready.Count), (ushort)port.Count("port"), host));
                    }
                }
            }
        }

        private DnsName Host(JsonObject endpoint, IPAddress address)
        {
            var label = endpoint.Text("hostname").ToLowerInvariant();
            var isLabel = label.Length is > 0 and <= DnsName.MostLabelBytes && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
            return new([isLabel ? label : address.ToString().Replace('.', '-'), .. service.Labels]);
        }

        /// <summary>Only ports with a name have a record: <c>_http._tcp.SERVICE</c>.</summary>
        private void AddPort(JsonObject port, SrvData where)
        {
            if (port.Text("name") is { Length: > 0 and < DnsName.MostLabelBytes } name && where.Port > 0)
            {
                Add(new(["_" + name.ToLowerInvariant(), "_" + port.Text("protocol", "TCP").ToLowerInvariant(), .. service.Labels]), where);
            }
        }

        private void Add(DnsName name, DnsData data) => Touch(name).Add(data);

        /// <summary>Lets a name exist, and the names above up to the Service's.</summary>
        private HashSet<DnsData> Touch(DnsName name)
        {
            if (records.TryGetValue(name, out var known))
            {
                return known;
            }
            records[name] = known = [];
            if (name.Labels.Length > ServiceLabels)
            {
                Touch(new(name.Labels[1..]));
            }
            return known;
        }
    }
}
