using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;
using Katabira.Cluster.State;

namespace Katabira.Cluster.Controllers.Workloads;

/// <summary>What a ReplicaSet's pods lack or have too much, and what its status is. Pure.</summary>
/// <param name="Missing">Pods to create.</param>
/// <param name="Surplus">Pods to delete.</param>
/// <param name="Status">The status to write.</param>
/// <param name="LookAgain">When a ready pod becomes available; null if none waits for that.</param>
internal sealed record ReplicaSetPlan(int Missing, ImmutableArray<JsonObject> Surplus, JsonObject Status, TimeSpan? LookAgain)
{
    /// <summary>Pods created or deleted at once at most: the rest follows from their own changes.</summary>
    public const int Burst = 500;

    /// <param name="set">The ReplicaSet.</param>
    /// <param name="pods">The pods it controls.</param>
    public static ReplicaSetPlan Of(JsonObject set, IReadOnlyCollection<JsonObject> pods, DateTimeOffset now)
    {
        var spec = set.Child("spec");
        var (wanted, minReady) = (spec.Integer("replicas") ?? 1, spec.Count("minReadySeconds"));
        JsonObject[] active = [.. pods.Where(PodState.IsActive)];
        var difference = wanted - active.Length;
        var waits = active.Select(p => PodState.UntilAvailable(p, minReady, now)).OfType<TimeSpan>().ToList();
        return new(
            (int)Math.Clamp(difference, 0, Burst),
            difference < 0 ? [.. PodState.DeletionOrder(active).Take((int)Math.Min(-difference, Burst))] : [],
            StatusOf(set, active, minReady, now),
            waits.Count > 0 ? waits.Min() : null);
    }

    /// <summary>A pod as the template wants it.</summary>
    public static JsonObject NewPod(JsonObject set)
    {
        var template = set.Child("spec").Child("template");
        var metadata = template.Child("metadata")?.DeepClone().AsObject() ?? [];
        metadata.Remove("creationTimestamp");
        metadata.Remove("name");
        metadata["generateName"] = $"{set.NameOf()}-";
        metadata["ownerReferences"] = Owned.By(set);
        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = template?["spec"]?.DeepClone() };
    }

    private static JsonObject StatusOf(JsonObject set, JsonObject[] active, long minReady, DateTimeOffset now)
    {
        var labels = set.Child("spec").Child("template").Labels();
        var status = new JsonObject
        {
            ["replicas"] = active.Length,
            ["observedGeneration"] = set.Child("metadata").Count("generation"),
        };
        SetIfAny(status, "fullyLabeledReplicas", active.Count(p => p.Labels() is var own && labels.All(l => own.GetValueOrDefault(l.Key) == l.Value)));
        SetIfAny(status, "readyReplicas", active.Count(PodState.IsReady));
        SetIfAny(status, "availableReplicas", active.Count(p => PodState.IsAvailable(p, minReady, now)));
        if (set.Child("status")?["conditions"] is { } conditions)
        {
            status["conditions"] = conditions.DeepClone();
        }
        return status;
    }

    /// <summary>Whether an object's labels fit the selector of another.</summary>
    public static bool Selects(JsonObject owner, JsonObject item) => owner.Child("spec").Child("selector") is { } selector && ClusterState.Matches(selector, item.Labels());

    private static void SetIfAny(JsonObject status, string field, int count)
    {
        if (count > 0)
        {
            status[field] = count;
        }
    }
}
