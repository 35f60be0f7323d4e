using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Network.Dns;

/// <summary>Both sides of resolv.conf(5): whom the host asks, and what pods are told.</summary>
internal static class ResolverFile
{
    /// <summary>glibc asks no more than this (MAXNS).</summary>
    private const int MostServers = 3;

    private const int Port = 53;

    /// <summary>A pod may name this many of each (the bounds of the API).</summary>
    private const int MostSearches = 32;

    /// <summary>
    /// What stands in a pod's /etc/resolv.conf: as its <c>dnsPolicy</c> and <c>dnsConfig</c> say. With <c>Default</c> it has no names of the cluster to search; it asks
    /// the cluster's server all the same, because it could not reach the host's.
    /// </summary>
    /// <param name="pod">A v1 Pod.</param>
    public static string ForPod(JsonObject pod)
    {
        var (policy, config) = (pod.Child("spec").Text("dnsPolicy", "ClusterFirst"), pod.Child("spec").Child("dnsConfig"));
        var (isNone, isDefault) = (policy == "None", policy == "Default");
        string[] suffixes = isNone || isDefault ? [] : [$"{pod.NamespaceOf()}.svc.cluster.local", "svc.cluster.local", "cluster.local"];
        string[] servers = isNone ? [] : [NodeAddresses.Dns.ToString()];
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        if (suffixes.Length > 0)
        {
            options["ndots"] = "5";
        }
        foreach (var option in config.Items("options").Where(o => IsWord(o.Text("name"))))
        {
            options[option.Text("name")] = IsWord(option.Text("value")) ? option.Text("value") : "";
        }
        var searches = suffixes.Concat(config.Texts("searches").Where(IsWord)).Distinct(StringComparer.Ordinal).Take(MostSearches).ToList();
        var lines = (searches.Count > 0 ? [$"search {string.Join(' ', searches)}"] : Array.Empty<string>())
            .Concat(servers.Concat(config.Texts("nameservers").Where(IsWord)).Distinct(StringComparer.Ordinal).Take(MostServers).Select(s => $"nameserver {s}"))
            .Concat(options.Count > 0 ? [$"options {string.Join(' ', options.Select(o => o.Value.Length > 0 ? $"{o.Key}:{o.Value}" : o.Key))}"] : []);
        return string.Concat(lines.Select(l => l + "\n"));
    }

    /// <summary>The same for a pod of a namespace that asks for nothing special.</summary>
    public static string ForPod(string ns) => ForPod(new JsonObject { ["metadata"] = new JsonObject { ["namespace"] = ns } });

    /// <summary>The servers that a resolv.conf names, in order; others' lines and addresses that cannot be read are passed over.</summary>
    public static ImmutableArray<IPEndPoint> Servers(string text) =>
    [
        .. text.Split('\n')
            .Select(line => line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["nameserver", _, ..])
            .Select(words => IPAddress.TryParse(words[1], out var address) ? new IPEndPoint(address, Port) : null)
            .OfType<IPEndPoint>().Take(MostServers),
    ];

    /// <summary>Nothing that could begin a word or a line of its own.</summary>
    private static bool IsWord(string text) => text.Length > 0 && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));
}
