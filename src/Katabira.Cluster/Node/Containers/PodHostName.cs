using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Containers;

/// <summary>What a pod calls itself. Pure.</summary>
internal static class PodHostName
{
    /// <summary>Linux allows one more, Kubernetes this.</summary>
    private const int Longest = 63;

    /// <summary>The pod's <c>hostname</c>, else its name, cut where a host name must end.</summary>
    public static string Of(JsonObject pod)
    {
        var name = pod.Child("spec").Text("hostname", pod.NameOf());
        return name.Length <= Longest ? name : name[..Longest].TrimEnd('-', '.');
    }

    /// <summary>The full name of a pod with a <c>subdomain</c>; empty for others.</summary>
    public static string FullOf(JsonObject pod) =>
        pod.Child("spec").Text("subdomain") is { Length: > 0 } subdomain ? $"{Of(pod)}.{subdomain}.{pod.NamespaceOf()}.svc.cluster.local" : "";
}
