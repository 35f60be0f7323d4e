using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Network;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Containers;

/// <summary>A pod's /etc/resolv.conf. Pure.</summary>
/// <param name="Searches">Suffixes that names are tried with.</param>
internal sealed record ResolverSettings(ImmutableArray<string> Servers, ImmutableArray<string> Searches, ImmutableArray<string> Options)
{
    /// <summary>glibc asks no more.</summary>
    private const int MostServers = 3;

    /// <summary>What Kubernetes allows.</summary>
    private const int MostSearches = 32;

    /// <summary>By the pod's <c>dnsPolicy</c> and <c>dnsConfig</c>.</summary>
    /// <param name="host">The text of the machine's own resolv.conf.</param>
    /// <remarks>With the policy Default a pod still asks the cluster's server: the machine's own cannot be reached from a pod, and the cluster's passes names from outside on to it.</remarks>
    public static ResolverSettings Of(JsonObject pod, string host)
    {
        var spec = pod.Child("spec");
        var ns = pod.NamespaceOf();
        ImmutableArray<string> server = [$"{NodeAddresses.Dns}"];
        var outside = SearchesOf(host);
        ResolverSettings settings = spec.Text("dnsPolicy", "ClusterFirst") switch
        {
            "None" => new([], [], []),
            "Default" => new(server, outside, []),
            _ => new(server, [$"{ns}.svc.cluster.local", "svc.cluster.local", "cluster.local", .. outside], ["ndots:5"]),
        };
        return settings.With(spec.Child("dnsConfig"));
    }

    /// <summary>The file's text.</summary>
    public override string ToString() => string.Concat(
        Searches.IsEmpty ? "" : $"search {string.Join(' ', Searches)}\n",
        string.Concat(Servers.Select(s => $"nameserver {s}\n")),
        Options.IsEmpty ? "" : $"options {string.Join(' ', Options)}\n");

    private ResolverSettings With(JsonObject? own)
    {
        var asked = own.Items("options").Select(o => o.Text("value") is { Length: > 0 } value ? $"{o.Text("name")}:{value}" : o.Text("name")).ToArray();
        var replaced = asked.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        return new(
            [.. Servers.Concat(own.Texts("nameservers")).Where(IsOneWord).Distinct().Take(MostServers)],
            [.. Searches.Concat(own.Texts("searches")).Where(IsOneWord).Distinct().Take(MostSearches)],
            [.. Options.Where(o => !replaced.Contains(NameOf(o))).Concat(asked).Where(IsOneWord).Distinct()]);
    }

    private static string NameOf(string option) => option.Split(':')[0];

    /// <summary>Nothing that would be a line of its own.</summary>
    private static bool IsOneWord(string text) => text.Length > 0 && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));

    private static ImmutableArray<string> SearchesOf(string host)
    {
        var last = host.Split('\n').Select(line => line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries)).LastOrDefault(words => words is ["search" or "domain", ..]);
        return last is null ? [] : [.. last.Skip(1).Where(s => s != ".")];
    }
}
