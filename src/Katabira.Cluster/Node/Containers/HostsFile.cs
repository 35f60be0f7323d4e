using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Containers;

/// <summary>A pod's /etc/hosts, as kubelets write it. Pure.</summary>
internal static class HostsFile
{
    private const string Own = """
        # Kubernetes-managed hosts file.
        127.0.0.1	localhost
        ::1	localhost ip6-localhost ip6-loopback
        fe00::0	ip6-localnet
        fe00::0	ip6-mcastprefix
        fe00::1	ip6-allnodes
        fe00::2	ip6-allrouters

        """;

    public static string Of(JsonObject pod, IReadOnlyList<IPAddress> addresses)
    {
        var text = new StringBuilder(Own);
        var names = PodHostName.FullOf(pod) is { Length: > 0 } full ? $"{full}\t{PodHostName.Of(pod)}" : PodHostName.Of(pod);
        foreach (var address in addresses)
        {
            text.Append($"{address}\t{names}\n");
        }
        var aliases = pod.Child("spec").Items("hostAliases").ToArray();
        if (aliases.Length > 0)
        {
            text.Append("\n# Entries added by HostAliases.\n");
        }
        foreach (var alias in aliases)
        {
            text.Append($"{alias.Text("ip")}\t{string.Join('\t', alias.Texts("hostnames"))}\n");
        }
        return text.ToString();
    }
}
