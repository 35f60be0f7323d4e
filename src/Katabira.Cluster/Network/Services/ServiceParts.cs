using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Network.Dns;
using Katabira.Cluster.Network.Rules;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Network.Services;

/// <summary>
/// What is forwarded and what names answer, with the parts of Services that have not changed taken from the last time: a change among thousands costs little.
/// Not thread-safe.
/// </summary>
internal sealed class ServiceParts
{
    private Dictionary<JsonObject, Part> _known = new(ReferenceEqualityComparer.Instance);

    /// <param name="services">All Services, in a fixed order; a tree that is the same one has not changed.</param>
    /// <param name="slices">All EndpointSlices, likewise.</param>
    /// <param name="namespaces">The names of all namespaces.</param>
    public (ServiceTable Table, DnsZone Zone) Of(IReadOnlyList<JsonObject> services, IReadOnlyList<JsonObject> slices, IEnumerable<string> namespaces)
    {
        var slicesOf = slices.ToLookup(ServiceRules.ServiceOf);
        var next = new Dictionary<JsonObject, Part>(services.Count, ReferenceEqualityComparer.Instance);
        var parts = new Part[services.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var service = services[i];
            JsonObject[] own = [.. slicesOf[(service.NamespaceOf(), service.NameOf())]];
            next[service] = parts[i] = _known.TryGetValue(service, out var known) && known.Slices.AsSpan().SequenceEqual(own)
                ? known
                : new(service.NamespaceOf(), service.NameOf(), own, [.. ServiceRules.OfOne(service, own)], DnsZoneBuilder.OfOne(service, own));
        }
        _known = next;
        return (ServiceRules.Merge(parts.SelectMany(p => p.Forwards)), new(parts.Select(p => (p.Namespace, p.Name, p.Names)), namespaces));
    }

    private sealed record Part(string Namespace, string Name, JsonObject[] Slices, ImmutableArray<ServiceForward> Forwards, DnsPart Names);
}
