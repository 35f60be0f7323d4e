using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Resources;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;
using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Controllers.Workloads;

/// <summary>Keeps as many pods as each ReplicaSet wants.</summary>
internal sealed class ReplicaSetController(ClusterClient client, ILogger logger)
{
    public static readonly GroupResource Pods = new("", "pods");
    public static readonly GroupResource ReplicaSets = new("apps", "replicasets");

    private readonly EventRecorder _events = new(client, "replicaset-controller");

    public Task RunAsync(CancellationToken cancel) => new Reconciler(client,
    [
        new(ReplicaSets, change => [change.Object.Key]),
        new(Pods, change => Owned.Keys(change, ReplicaSets, "ReplicaSet")),
    ], ReconcileAsync, (e, key) => ControllerLog.Stumbled(logger, e, "replicaset", key)).RunAsync(cancel);

    private async Task<TimeSpan?> ReconcileAsync(StoreKey key, CancellationToken cancel)
    {
        if (client.Find(ReplicaSets, key.Namespace, key.Name) is not { } set)
        {
            return null;
        }
        var plan = ReplicaSetPlan.Of(set, await PodsOfAsync(set, cancel), client.State.Time.GetUtcNow());
        if (!set.Child("metadata").Has("deletionTimestamp"))
        {
            for (var i = 0; i < plan.Missing; i++)
            {
                await CreateAsync(set, cancel);
            }
            foreach (var pod in plan.Surplus)
            {
                await DeleteAsync(set, pod, cancel);
            }
        }
        await client.TryUpdateAsync(key, Subresource.StatusName, live => live["status"] = plan.Status.DeepClone(), cancel);
        return plan.LookAgain;
    }

    private async Task CreateAsync(JsonObject set, CancellationToken cancel)
    {
        try
        {
            var made = await client.CreateAsync(Pods, set.NamespaceOf(), ReplicaSetPlan.NewPod(set), cancel);
            await _events.TellAsync(set, "Normal", "SuccessfulCreate", $"Created pod: {made.NameOf()}", cancel);
        }
        catch (ApiException refused)
        {
            if (refused.Failure.Causes.Any(c => c.Reason == "NamespaceTerminating"))
            {
                return;
            }
            await _events.TellAsync(set, "Warning", "FailedCreate", $"Error creating: {refused.Message}", cancel);
            throw;
        }
    }

    private async Task DeleteAsync(JsonObject set, JsonObject pod, CancellationToken cancel)
    {
        var key = new StoreKey(Pods.Group, Pods.Plural, pod.NamespaceOf(), pod.NameOf());
        if (await client.TryDeleteAsync(key, pod.Child("metadata").Text("uid"), Propagation.Background, cancel))
        {
            await _events.TellAsync(set, "Normal", "SuccessfulDelete", $"Deleted pod: {pod.NameOf()}", cancel);
        }
    }

    /// <summary>The pods that are the set's, and those that nobody owns and that fit: they become the set's.</summary>
    private async Task<List<JsonObject>> PodsOfAsync(JsonObject set, CancellationToken cancel)
    {
        var found = new List<JsonObject>();
        foreach (var pod in ClusterState.In(client.State.Store.Current, Pods, set.NamespaceOf()))
        {
            if (Owned.IsBy(pod, set))
            {
                found.Add(pod);
            }
            else if (Owned.Controller(pod) is null && PodState.IsActive(pod) && ReplicaSetPlan.Selects(set, pod) && !set.Child("metadata").Has("deletionTimestamp"))
            {
                await client.TryUpdateAsync(new StoreKey("", "pods", pod.NamespaceOf(), pod.NameOf()), "", live => Owned.Adopt(live, set), cancel);
                found.Add(pod);
            }
        }
        return found;
    }
}
