using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace Katabira.Cluster.Network.Rules;

/// <summary>
/// The node's firewall as text for <c>nft -f</c>, which applies a text as one transaction. Pure. The rules never change; what changes are the elements
/// of one map that every connection looks up once, however many Services there are. What is for nobody is refused at once, by the kernel's words that
/// tell programs why: a Service without endpoints or a pod that is gone as a refused connection, the rest of the world as an unreachable network.
/// </summary>
internal static class NodeRuleset
{
    private const string Table = "ip katabira";
    private const string Map = "services";
    private const string Pods = "pods";
    private const string Forward = "dnat ip to ip daddr . ip protocol . th dport . numgen random mod 16 map @services";

    /// <summary>Everything, whatever was there before.</summary>
    /// <param name="pods">The addresses of the pods that are there.</param>
    public static string Full(ServiceTable table, IEnumerable<IPAddress> pods)
    {
        var text = new StringBuilder($$"""
            add table {{Table}}
            delete table {{Table}}
            table {{Table}} {
              map {{Map}} {
                typeof ip daddr . ip protocol . th dport . numgen random mod 16 : ip daddr . th dport
              }
              set {{Pods}} {
                typeof ip saddr . ip daddr
              }
              chain prerouting {
                type nat hook prerouting priority dstnat; policy accept;
                {{Forward}}
              }
              chain output {
                type nat hook output priority -100; policy accept;
                {{Forward}}
              }
              chain postrouting {
                type nat hook postrouting priority srcnat; policy accept;
                ip saddr . ip daddr @{{Pods}} masquerade
              }
              chain forward {
                type filter hook forward priority filter; policy accept;
                oifname {{NamespaceNames.Bridge}} jump outward
              }
              chain local {
                type filter hook output priority filter; policy accept;
                fib daddr type local accept
                oifname {{NamespaceNames.Bridge}} jump outward
              }
              chain outward {
                ip daddr . ip daddr @{{Pods}} accept
                ip daddr {{NodeAddresses.Services}} meta l4proto tcp reject with tcp reset
                ip daddr {{NodeAddresses.Services}} reject
                ct state established meta l4proto tcp reject with tcp reset
                ip daddr {{NodeAddresses.Pods}} reject with icmp type host-unreachable
                reject with icmp type net-unreachable
              }
            }

            """);
        foreach (var pod in pods)
        {
            text.Append(AddPod(pod));
        }
        return text.Append(Difference(ServiceTable.Empty, table)).ToString();
    }

    /// <summary>
    /// An address that somebody has. It stands there twice, because the set also finds a pod that reaches itself through a Service: it must see the node as its
    /// peer, or it would answer itself directly.
    /// </summary>
    public static string AddPod(IPAddress pod) => $"add element {Table} {Pods} {{ {pod} . {pod} }}\n";

    public static string RemovePod(IPAddress pod) => $"delete element {Table} {Pods} {{ {pod} . {pod} }}\n";

    /// <summary>What leads from one table to another: a line for each frontend whose slots change, with those slots only. Empty if nothing changes.</summary>
    public static string Difference(ServiceTable from, ServiceTable to)
    {
        var (deleted, added) = (new StringBuilder(), new StringBuilder());
        foreach (var (frontend, before) in from.Slots)
        {
            var after = to.Slots.TryGetValue(frontend, out var kept) ? kept : [];
            Append(deleted, "delete", frontend, Changed(before, after), slot => "");
        }
        foreach (var (frontend, after) in to.Slots)
        {
            var before = from.Slots.TryGetValue(frontend, out var had) ? had : [];
            Append(added, "add", frontend, Changed(after, before), slot => $" : {after[slot].Address} . {after[slot].Port}");
        }
        // an element cannot be given another value, so what changes is deleted first
        return deleted.Append(added).ToString();
    }

    /// <summary>The slots of one that the other has not, or has otherwise.</summary>
    private static List<int> Changed(ImmutableArray<ServiceBackend> slots, ImmutableArray<ServiceBackend> others)
    {
        var changed = new List<int>();
        if (slots == others)
        {
            return changed; // the same array: most have not changed
        }
        for (var slot = 0; slot < slots.Length; slot++)
        {
            if (slot >= others.Length || slots[slot] != others[slot])
            {
                changed.Add(slot);
            }
        }
        return changed;
    }

    private static void Append(StringBuilder text, string verb, ServiceFrontend frontend, List<int> slots, Func<int, string> value)
    {
        if (slots.Count == 0)
        {
            return;
        }
        var protocol = frontend.Protocol == ServiceProtocol.Tcp ? "tcp" : "udp";
        var elements = slots.Select(slot => $"{frontend.Address} . {protocol} . {frontend.Port} . {slot}{value(slot)}");
        text.Append(verb).Append($" element {Table} {Map} {{ ").AppendJoin(", ", elements).Append(" }\n");
    }
}
