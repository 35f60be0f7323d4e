using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Admission;

/// <summary>What a namespace's life allows. Pure.</summary>
internal static class NamespaceLifecycle
{
    /// <summary>Looks at a create in a namespace; null if it may. Everything else than a create is allowed while a namespace ends.</summary>
    /// <param name="group">Group of the new object.</param>
    /// <param name="plural">Plural of the new object.</param>
    /// <param name="name">Name of the new object; may be empty.</param>
    /// <param name="ns">The namespace's name; empty for a cluster-scoped object.</param>
    /// <param name="stored">The namespace object; null if there is none.</param>
    public static ApiFailure? CheckCreate(string group, string plural, string name, string ns, JsonObject? stored)
    {
        // who may ask whether they may, may ask it about a namespace that is not there
        if (ns.Length == 0 || (group == "authorization.k8s.io" && plural == "localsubjectaccessreviews"))
        {
            return null;
        }
        if (stored is null)
        {
            return ApiFailure.NotFound("", "namespaces", ns);
        }
        if (!IsEnding(stored))
        {
            return null;
        }
        return ApiFailure.Forbidden(group, plural, name, $"unable to create new content in namespace {ns} because it is being terminated") with
        {
            Causes = [new("NamespaceTerminating", $"namespace {ns} is being terminated", "metadata.namespace")],
        };
    }

    /// <summary>Looks at the deletion of a namespace; null if it may be deleted.</summary>
    public static ApiFailure? CheckDelete(string name) =>
        name is "default" or "kube-system" or "kube-public" ? ApiFailure.Forbidden("", "namespaces", name, "this namespace may not be deleted") : null;

    private static bool IsEnding(JsonObject ns) =>
        ns.Child("metadata").Text("deletionTimestamp").Length > 0 || ns.Child("status").Text("phase") == "Terminating";
}
