using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Network.Rules;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Network.Services;

/// <summary>What is forwarded, with the parts of Services that have not changed taken from the last time: a change among thousands costs little. Not thread-safe.</summary>
internal sealed class ServiceForwards
{
    private Dictionary<JsonObject, Part> _parts = new(ReferenceEqualityComparer.Instance);

    /// <param name="services">All Services, in a fixed order; a tree that is the same one has not changed.</param>
    /// <param name="slices">All EndpointSlices, likewise.</param>
    public ServiceTable Of(IReadOnlyList<JsonObject> services, IReadOnlyList<JsonObject> slices)
    {
        var slicesOf = slices.ToLookup(ServiceRules.ServiceOf);
        var parts = new Dictionary<JsonObject, Part>(services.Count, ReferenceEqualityComparer.Instance);
        foreach (var service in services)
        {
            JsonObject[] own = [.. slicesOf[(service.NamespaceOf(), service.NameOf())]];
            parts[service] = _parts.TryGetValue(service, out var known) && known.Slices.AsSpan().SequenceEqual(own)
                ? known
                : new(own, [.. ServiceRules.OfOne(service, own)]);
        }
        _parts = parts;
        return ServiceRules.Merge(services.SelectMany(s => parts[s].Forwards));
    }

    private sealed record Part(JsonObject[] Slices, ImmutableArray<ServiceForward> Forwards);
}
