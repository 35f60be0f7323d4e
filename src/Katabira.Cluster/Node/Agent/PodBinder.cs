using System.Text.Json.Nodes;
using Katabira.Cluster.Controllers;
using Katabira.Cluster.Resources;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;
using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Node.Agent;

/// <summary>Gives pods without a node the one node, or says why it does not. Where Kubernetes has a scheduler.</summary>
internal sealed class PodBinder(ClusterClient client, string nodeName, ILogger logger)
{
    private const string Scheduler = "default-scheduler";

    private static readonly GroupResource s_pods = new("", "pods");
    private static readonly GroupResource s_nodes = new("", "nodes");

    private readonly EventRecorder _events = new(client, Scheduler);

    public Task RunAsync(CancellationToken cancel) => new Reconciler(client,
    [
        new(s_pods, change => change.Type == ChangeType.Deleted ? [] : [change.Object.Key]),
        new(s_nodes, change => change.Object.Key.Name == nodeName && IsAnother(change) ? WaitingPods() : []),
    ], ReconcileAsync, (e, key) => ControllerLog.Stumbled(logger, e, "pod", key)).RunAsync(cancel);

    /// <summary>A heartbeat of the node makes no pod fit.</summary>
    private static bool IsAnother(Change change)
    {
        if (change.Previous is not { } before)
        {
            return true;
        }
        var (was, now) = (StoredJson.Read(before), StoredJson.Read(change.Object));
        return !JsonNode.DeepEquals(was["spec"], now["spec"]) || !JsonNode.DeepEquals(was.Child("metadata")?["labels"], now.Child("metadata")?["labels"]);
    }

    private IEnumerable<StoreKey> WaitingPods() => ClusterState.All(client.State.Store.Current, s_pods).Where(IsWaiting)
        .Select(p => new StoreKey("", "pods", p.NamespaceOf(), p.NameOf()));

    private static bool IsWaiting(JsonObject pod) =>
        pod.Child("spec").Text("nodeName").Length == 0
        && pod.Child("spec").Text("schedulerName", Scheduler) == Scheduler
        && !pod.Child("metadata").Has("deletionTimestamp")
        && !PodPhase.IsFinal(pod.Child("status").Text("phase"))
        && pod.Child("spec").List("schedulingGates") is not { Count: > 0 };

    private async Task<TimeSpan?> ReconcileAsync(StoreKey key, CancellationToken cancel)
    {
        if (client.State.Find(s_pods, key.Namespace, key.Name) is not { } pod || !IsWaiting(pod))
        {
            return null;
        }
        if (NodeFit.WhyNot(pod, client.State.Find(s_nodes, "", nodeName)) is { } why)
        {
            await RefuseAsync(key, pod, why, cancel);
            return null;
        }
        await client.TryUpdateAsync(key, "binding", live => Bind(live, pod), cancel);
        await _events.TellAsync(pod, "Normal", "Scheduled", $"Successfully assigned {key.Namespace}/{key.Name} to {nodeName}", cancel);
        return null;
    }

    private void Bind(JsonObject live, JsonObject pod)
    {
        if (live.Child("metadata").Text("uid") == pod.Child("metadata").Text("uid") && live.Child("spec") is { } spec && spec.Text("nodeName").Length == 0)
        {
            spec["nodeName"] = nodeName;
        }
    }

    private async Task RefuseAsync(StoreKey key, JsonObject pod, string why, CancellationToken cancel)
    {
        var known = pod.Child("status").Items("conditions").FirstOrDefault(c => c.Text("type") == "PodScheduled");
        if (known.Text("message") == why)
        {
            return;
        }
        await client.TryUpdateAsync(key, Subresource.StatusName, live => Refuse(live, why, client.State.Time.Now()), cancel);
        await _events.TellAsync(pod, "Warning", "FailedScheduling", why, cancel);
    }

    private static void Refuse(JsonObject live, string why, string now)
    {
        var status = live.ChildOrNew("status")!; // not null: a stored pod has a status
        var others = status.Items("conditions").Where(c => c.Text("type") != "PodScheduled").Select(c => (JsonNode)c.DeepClone());
        status["conditions"] = new JsonArray([.. others, new JsonObject
        {
            ["type"] = "PodScheduled",
            ["status"] = "False",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = now,
            ["reason"] = "Unschedulable",
            ["message"] = why,
        }]);
    }
}
