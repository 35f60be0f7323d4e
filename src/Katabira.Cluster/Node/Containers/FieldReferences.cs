using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Containers;

/// <summary>What a pod is told about itself: <c>fieldRef</c>, in variables and in files. Pure.</summary>
internal static class FieldReferences
{
    /// <summary>The value, or a kubelet's words for a path that variables do not have.</summary>
    public static (string? Value, string Error) ForEnvironment(string path, JsonObject pod, PodAddresses addresses)
    {
        var value = path switch
        {
            "spec.nodeName" => addresses.NodeName,
            "spec.serviceAccountName" => pod.Child("spec").Text("serviceAccountName"),
            "status.hostIP" or "status.hostIPs" => $"{addresses.Host}",
            "status.podIP" => addresses.Pod.Count > 0 ? $"{addresses.Pod[0]}" : "",
            "status.podIPs" => string.Join(',', addresses.Pod),
            _ => Metadata(path, pod),
        };
        return value is null ? (null, $"field label not supported: {path}") : (value, "");
    }

    /// <summary>The same for a file, which can hold all labels or all annotations, and nothing of spec and status.</summary>
    public static (string? Value, string Error) ForFile(string path, JsonObject pod)
    {
        var value = path is "metadata.labels" or "metadata.annotations" ? Lines(pod, path["metadata.".Length..]) : Metadata(path, pod);
        return value is null ? (null, $"unsupported fieldPath: {path}") : (value, "");
    }

    private static string? Metadata(string path, JsonObject pod)
    {
        if (path is "metadata.name" or "metadata.namespace" or "metadata.uid")
        {
            return pod.Child("metadata").Text(path["metadata.".Length..]);
        }
        foreach (var map in (ReadOnlySpan<string>)["labels", "annotations"])
        {
            var start = $"metadata.{map}['";
            if (path.StartsWith(start, StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal) && path.Length >= start.Length + 2)
            {
                return pod.Child("metadata").Child(map).Text(path[start.Length..^2]);
            }
        }
        return null;
    }

    private static string Lines(JsonObject pod, string map) =>
        string.Join('\n', pod.Child("metadata").Pairs(map).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={GoQuoted.Text(p.Value)}"));
}
