using System.Text.Json.Nodes;
using Katabira.Cluster.Node.Images;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Containers;

/// <summary>What a pod asks for that reaches the machine itself: it is for those who may do everything in the cluster. Pure.</summary>
internal static class PodPrivileges
{
    /// <summary>Each as the end of a sentence, such as <c>volume "data" is a place of this machine (hostPath)</c>; none for an ordinary pod.</summary>
    public static IReadOnlyList<string> Needed(JsonObject pod, ImageCatalog catalog)
    {
        var spec = pod.Child("spec");
        var needed = new List<string>();
        foreach (var container in spec.Items("initContainers").Concat(spec.Items("containers")))
        {
            if (catalog.Find(container.Text("image")) is { NeedsClusterAdmin: true } image)
            {
                needed.Add($"container \"{container.Text("name")}\" may run any program of this machine (image {image.Name})");
            }
            if (container.Child("securityContext").Flag("privileged"))
            {
                needed.Add($"container \"{container.Text("name")}\" is privileged");
            }
        }
        needed.AddRange(spec.Items("volumes").Where(v => v.Has("hostPath")).Select(v => $"volume \"{v.Text("name")}\" is a place of this machine (hostPath)"));
        return needed;
    }
}
