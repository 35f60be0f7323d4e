using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Network;

/// <summary>
/// Addresses at rest, in the node's kernel: a set whose elements expire by themselves. So they rest on when the cluster's process is killed and
/// started again, and nothing has to be written to the disk.
/// </summary>
internal static class Quarantine
{
    private const string Table = "ip katabira-quarantine";
    private const string Set = "addresses";

    /// <summary>Makes the set; no harm if it is there.</summary>
    public static string Create => $"add table {Table}\nadd set {Table} {Set} {{ type ipv4_addr; flags timeout; timeout {AddressPool.Rest.TotalSeconds}s; }}\n";

    /// <summary>Puts an address to rest.</summary>
    public static string Add(IPAddress address) => $"add element {Table} {Set} {{ {address} }}\n";

    /// <summary>Arguments of nft that list the set as JSON.</summary>
    public static string[] List => ["-j", "list", "set", .. Table.Split(' '), Set];

    /// <summary>The addresses at rest and for how long, from what nft lists.</summary>
    public static IReadOnlyList<(IPAddress Address, TimeSpan Remaining)> Read(string json)
    {
        try
        {
            var sets = (JsonNode.Parse(json) as JsonObject).Items("nftables").Select(i => i.Child("set")).OfType<JsonObject>();
            return [.. from element in sets.SelectMany(s => s.Items("elem"))
                       let inner = element.Child("elem")
                       where IPAddress.TryParse(inner.Text("val"), out _)
                       select (IPAddress.Parse(inner.Text("val")), TimeSpan.FromSeconds(inner.Integer("expires") ?? AddressPool.Rest.TotalSeconds))];
        }
        catch (JsonException e)
        {
            throw new NetworkException(string.Create(CultureInfo.InvariantCulture, $"cannot understand what nft prints: {e.Message}"), e);
        }
    }
}
