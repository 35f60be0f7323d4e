using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Network;

/// <summary>A pod's link, seen from the node.</summary>
/// <param name="Pod">The uid that was written on it; empty if its making was interrupted.</param>
internal readonly record struct FoundLink(string Name, IPAddress Address, string Pod);

/// <summary>What an earlier process of the cluster left, and what of it goes on.</summary>
/// <param name="Kept">Pods that live and have their network.</param>
/// <param name="Namespaces">Names of namespaces to remove.</param>
/// <param name="Links">Names of links in the node to remove.</param>
internal sealed record NodeLeftovers(ImmutableArray<PodNetwork> Kept, ImmutableArray<string> Namespaces, ImmutableArray<string> Links)
{
    /// <param name="found">The names of all namespaces on the machine.</param>
    /// <param name="links">The pods' links in the node.</param>
    /// <param name="living">The uids of the pods that live.</param>
    public static NodeLeftovers Of(NamespaceNames names, IReadOnlyCollection<string> found, IEnumerable<FoundLink> links, IReadOnlySet<string> living)
    {
        var (kept, surplus) = (new Dictionary<string, PodNetwork>(StringComparer.Ordinal), ImmutableArray.CreateBuilder<string>());
        foreach (var link in links)
        {
            if (!(living.Contains(link.Pod) && found.Contains(names.Pod(link.Pod)) && kept.TryAdd(link.Pod, new(link.Pod, link.Address, NamespaceNames.PathOf(names.Pod(link.Pod))))))
            {
                surplus.Add(link.Name);
            }
        }
        var gone = found.Where(name => names.PodOf(name) is { } pod && !kept.ContainsKey(pod));
        return new([.. kept.Values], [.. gone], surplus.ToImmutable());
    }

    /// <summary>The links of pods in what <c>ip -j link show</c> prints; whatever else is there is passed over.</summary>
    public static IReadOnlyList<FoundLink> ReadLinks(string json)
    {
        try
        {
            var all = json.Trim().Length == 0 ? [] : JsonNode.Parse(json) as JsonArray ?? [];
            return [.. from link in all.OfType<JsonObject>()
                       let address = NamespaceNames.AddressOf(link.Text("ifname"))
                       where address is not null
                       select new FoundLink(link.Text("ifname"), address, link.Text("ifalias"))];
        }
        catch (JsonException e)
        {
            throw new NetworkException($"cannot understand what ip prints: {e.Message}", e);
        }
    }

    /// <summary>The names of all namespaces on the machine.</summary>
    public static IReadOnlyCollection<string> Names() =>
        Directory.Exists(NamespaceNames.Folder) ? [.. Directory.EnumerateFiles(NamespaceNames.Folder).Select(f => Path.GetFileName(f))] : [];
}
