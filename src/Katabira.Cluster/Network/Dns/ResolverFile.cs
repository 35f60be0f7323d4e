using System.Collections.Immutable;
using System.Net;

namespace Katabira.Cluster.Network.Dns;

/// <summary>Both sides of resolv.conf(5): whom the host asks, and what pods are told.</summary>
internal static class ResolverFile
{
    /// <summary>glibc asks no more than this (MAXNS).</summary>
    private const int MostServers = 3;

    private const int Port = 53;

    /// <summary>What stands in a pod's /etc/resolv.conf.</summary>
    /// <param name="ns">The pod's namespace.</param>
    public static string ForPod(string ns) => $"""
        search {ns}.svc.cluster.local svc.cluster.local cluster.local
        nameserver {NodeAddresses.Dns}
        options ndots:5

        """;

    /// <summary>The servers that a resolv.conf names, in order; others' lines and addresses that cannot be read are passed over.</summary>
    public static ImmutableArray<IPEndPoint> Servers(string text) =>
    [
        .. text.Split('\n')
            .Select(line => line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["nameserver", _, ..])
            .Select(words => IPAddress.TryParse(words[1], out var address) ? new IPEndPoint(address, Port) : null)
            .OfType<IPEndPoint>().Take(MostServers),
    ];
}
