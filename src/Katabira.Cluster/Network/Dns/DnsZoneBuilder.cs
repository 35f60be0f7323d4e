using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Katabira.Cluster.Network.Rules;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Network.Dns;

/// <summary>
/// Makes the zone from Services and EndpointSlices, as the Kubernetes DNS specification (1.1) has it. Pure. A headless Service without a ready endpoint has no
/// name, an ordinary one always has.
/// </summary>
internal static class DnsZoneBuilder
{
    /// <param name="services">All Services.</param>
    /// <param name="slices">All EndpointSlices.</param>
    /// <param name="namespaces">The names of all namespaces, for the names of pods.</param>
    public static DnsZone Build(IEnumerable<JsonObject> services, IEnumerable<JsonObject> slices, IEnumerable<string> namespaces)
    {
        var records = new Dictionary<DnsName, HashSet<DnsData>>();
        var slicesOf = slices.Where(s => s.Text("addressType", "IPv4") == "IPv4")
            .ToLookup(s => (s.NamespaceOf(), s.Labels().GetValueOrDefault(ServiceRules.ServiceLabel, "")));
        var known = new HashSet<string>(namespaces, StringComparer.Ordinal);
        foreach (var service in services)
        {
            known.Add(service.NamespaceOf());
            if (DnsName.Parse($"{service.NameOf()}.{service.NamespaceOf()}.svc.{string.Join('.', DnsZone.Apex)}") is { } name)
            {
                AddService(records, name, service.Child("spec"), [.. slicesOf[(service.NamespaceOf(), service.NameOf())]]);
            }
        }
        foreach (var ns in known)
        {
            Touch(records, new([ns, "svc", .. DnsZone.Apex]));
        }
        return new(records, known);
    }

    /// <summary>Gives a name something, and lets the names above exist.</summary>
    internal static void Add(Dictionary<DnsName, HashSet<DnsData>> records, DnsName name, params ReadOnlySpan<DnsData> data)
    {
        var known = Touch(records, name);
        foreach (var item in data)
        {
            known.Add(item);
        }
    }

    /// <summary>Lets a name exist, and the names above.</summary>
    internal static HashSet<DnsData> Touch(Dictionary<DnsName, HashSet<DnsData>> records, DnsName name)
    {
        if (records.TryGetValue(name, out var known))
        {
            return known;
        }
        records[name] = known = [];
        if (name.Labels.Length > 2)
        {
            Touch(records, new(name.Labels[1..]));
        }
        return known;
    }

    private static void AddService(Dictionary<DnsName, HashSet<DnsData>> records, DnsName name, JsonObject? spec, List<JsonObject> slices)
    {
        if (spec.Text("type") == "ExternalName")
        {
            if (DnsName.Parse(spec.Text("externalName")) is { } target)
            {
                Add(records, name, new NameData(DnsType.Cname, target));
            }
            return;
        }
        var isHeadless = spec.Text("clusterIP") == "None";
        foreach (var address in spec.Texts("clusterIPs").Append(spec.Text("clusterIP")).Distinct().Select(AddressOf).OfType<IPAddress>())
        {
            Add(records, name, new AddressData(address));
            Add(records, Reverse(address), new NameData(DnsType.Ptr, name));
        }
        if (!isHeadless)
        {
            Touch(records, name);
            foreach (var port in spec.Items("ports"))
            {
                AddPort(records, name, port, new SrvData(100, (ushort)port.Count("port"), name));
            }
        }
        foreach (var slice in slices)
        {
            AddEndpoints(records, name, slice, isHeadless);
        }
    }

    /// <summary>Each endpoint has a name below the Service's: its hostname, or its address with dashes. A headless Service has all their addresses.</summary>
    private static void AddEndpoints(Dictionary<DnsName, HashSet<DnsData>> records, DnsName service, JsonObject slice, bool isHeadless)
    {
        var ready = slice.Items("endpoints").Where(e => e.Child("conditions")?["ready"].AsBoolean() != false).ToList();
        foreach (var endpoint in ready)
        {
            foreach (var address in endpoint.Texts("addresses").Select(AddressOf).OfType<IPAddress>())
            {
                var host = Host(endpoint, address, service);
                Add(records, host, new AddressData(address));
                Add(records, Reverse(address), new NameData(DnsType.Ptr, host));
                if (!isHeadless)
                {
                    continue;
                }
                Add(records, service, new AddressData(address));
                foreach (var port in slice.Items("ports"))
                {
                    AddPort(records, service, port, new SrvData((ushort)Math.Max(1, 100 / ready.Count), (ushort)port.Count("port"), host));
                }
            }
        }
    }

    private static DnsName Host(JsonObject endpoint, IPAddress address, DnsName service)
    {
        var label = endpoint.Text("hostname").ToLowerInvariant();
        var isLabel = label.Length is > 0 and <= DnsName.MostLabelBytes && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
        return new([isLabel ? label : address.ToString().Replace('.', '-'), .. service.Labels]);
    }

    /// <summary>Only ports with a name have a record: <c>_http._tcp.SERVICE</c>.</summary>
    private static void AddPort(Dictionary<DnsName, HashSet<DnsData>> records, DnsName service, JsonObject port, SrvData where)
    {
        if (port.Text("name") is { Length: > 0 and < DnsName.MostLabelBytes } name && where.Port > 0)
        {
            Add(records, new(["_" + name.ToLowerInvariant(), "_" + port.Text("protocol", "TCP").ToLowerInvariant(), .. service.Labels]), where);
        }
    }

    private static DnsName Reverse(IPAddress address) =>
        new([.. address.GetAddressBytes().Reverse().Select(b => b.ToString(System.Globalization.CultureInfo.InvariantCulture)), "in-addr", "arpa"]);

    private static IPAddress? AddressOf(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork ? address : null;
}
