using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Controllers.Workloads;

/// <summary>What controllers ask a pod. Pure.</summary>
internal static class PodState
{
    /// <summary>Neither ended nor told to.</summary>
    public static bool IsActive(JsonObject pod) => pod.Child("status").Text("phase") is not ("Succeeded" or "Failed") && !pod.Child("metadata").Has("deletionTimestamp");

    public static bool IsReady(JsonObject pod) => ReadyCondition(pod).Text("status") == "True";

    /// <summary>Ready for long enough.</summary>
    public static bool IsAvailable(JsonObject pod, long minReadySeconds, DateTimeOffset now) =>
        IsReady(pod) && (minReadySeconds == 0 || ReadyCondition(pod).Time("lastTransitionTime") is { } since && since.AddSeconds(minReadySeconds) <= now);

    /// <summary>When a ready pod becomes available; null if it is, or is not ready.</summary>
    public static TimeSpan? UntilAvailable(JsonObject pod, long minReadySeconds, DateTimeOffset now) =>
        IsReady(pod) && !IsAvailable(pod, minReadySeconds, now) && ReadyCondition(pod).Time("lastTransitionTime") is { } since ? since.AddSeconds(minReadySeconds) - now : null;

    /// <summary>Those that are missed least come first: not placed, not running, not ready, then the youngest.</summary>
    public static IEnumerable<JsonObject> DeletionOrder(IEnumerable<JsonObject> pods) => pods
        .OrderBy(p => p.Child("spec").Text("nodeName").Length > 0)
        .ThenBy(p => p.Child("status").Text("phase") switch { "Running" => 2, "Unknown" => 1, _ => 0 })
        .ThenBy(IsReady)
        .ThenByDescending(p => IsReady(p) ? ReadyCondition(p).Time("lastTransitionTime") : null)
        .ThenByDescending(p => p.Child("metadata").Time("creationTimestamp"))
        .ThenBy(p => p.NameOf(), StringComparer.Ordinal);

    private static JsonObject? ReadyCondition(JsonObject pod) => pod.Child("status").Items("conditions").FirstOrDefault(c => c.Text("type") == "Ready");
}
