using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Resources;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;
using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Controllers.Workloads;

/// <summary>Rolls out Deployments: one ReplicaSet for each template, step by step, without falling below what must be available.</summary>
internal sealed class DeploymentController(ClusterClient client, ILogger logger)
{
    private static readonly GroupResource s_deployments = new("apps", "deployments");
    private static readonly GroupResource s_sets = ReplicaSetController.ReplicaSets;

    private readonly EventRecorder _events = new(client, "deployment-controller");

    public Task RunAsync(CancellationToken cancel) => new Reconciler(client,
    [
        new(s_deployments, change => [change.Object.Key]),
        new(s_sets, change => Owned.Keys(change, s_deployments, "Deployment")),
    ], ReconcileAsync, (e, key) => ControllerLog.Stumbled(logger, e, "deployment", key)).RunAsync(cancel);

    private async Task<TimeSpan?> ReconcileAsync(StoreKey key, CancellationToken cancel)
    {
        if (client.Find(s_deployments, key.Namespace, key.Name) is not { } deployment)
        {
            return null;
        }
        var plan = new DeploymentPlan(deployment, await SetsOfAsync(deployment, cancel));
        if (!deployment.Child("metadata").Has("deletionTimestamp"))
        {
            await RollAsync(deployment, plan, cancel);
            plan = new DeploymentPlan(deployment, await SetsOfAsync(deployment, cancel));
        }
        var now = client.State.Time.GetUtcNow();
        var status = DeploymentStatus.Of(deployment, plan, now);
        await client.TryUpdateAsync(key, Subresource.StatusName, live => live["status"] = status.DeepClone(), cancel);
        return DeploymentStatus.UntilDeadline(deployment, status, now);
    }

    private async Task RollAsync(JsonObject deployment, DeploymentPlan plan, CancellationToken cancel)
    {
        var isPaused = deployment.Child("spec").Flag("paused");
        if (plan.New is null && !isPaused)
        {
            await BeginAsync(deployment, plan, cancel);
        }
        else if (plan.New is not null)
        {
            await NumberAsync(deployment, plan, plan.New, cancel);
        }
        foreach (var (set, replicas) in plan.Next())
        {
            await ResizeAsync(deployment, set, replicas, cancel);
        }
        foreach (var set in plan.Forgotten())
        {
            await client.TryDeleteAsync(KeyOf(set), set.Child("metadata").Text("uid"), Propagation.Background, cancel);
        }
    }

    /// <summary>Makes the ReplicaSet of a new template. Another template with the same hash has its name already: then the hash is mixed anew.</summary>
    private async Task BeginAsync(JsonObject deployment, DeploymentPlan plan, CancellationToken cancel)
    {
        var set = ReplicaSetMaker.Make(deployment, plan.FirstSize, plan.NextRevision);
        if (await client.TryCreateAsync(s_sets, deployment.NamespaceOf(), set, cancel))
        {
            await _events.TellAsync(deployment, "Normal", "ScalingReplicaSet", $"Scaled up replica set {set.NameOf()} from 0 to {plan.FirstSize}", cancel);
            await AnnotateAsync(deployment, plan.NextRevision, cancel);
            return;
        }
        await client.TryUpdateAsync(KeyOf(deployment), Subresource.StatusName,
            live => (live.ChildOrNew("status") ?? [])["collisionCount"] = live.Child("status").Count("collisionCount") + 1, cancel);
    }

    /// <summary>The present template has the highest number, also when it is an old one that has come back.</summary>
    private async Task NumberAsync(JsonObject deployment, DeploymentPlan plan, JsonObject current, CancellationToken cancel)
    {
        var revision = Math.Max(plan.NextRevision, DeploymentPlan.RevisionOf(current));
        var wanted = ReplicaSetMaker.Annotations(deployment, revision);
        if (wanted.Any(a => current.Child("metadata").Child("annotations").Text(a.Key) != a.Value.AsText()))
        {
            await client.TryUpdateAsync(KeyOf(current), "", live => Merge(live, wanted), cancel);
        }
        await AnnotateAsync(deployment, revision, cancel);
    }

    private async Task AnnotateAsync(JsonObject deployment, long revision, CancellationToken cancel)
    {
        var text = revision.ToString(CultureInfo.InvariantCulture);
        if (deployment.Child("metadata").Child("annotations").Text(ReplicaSetMaker.RevisionAnnotation) != text)
        {
            await client.TryUpdateAsync(KeyOf(deployment), "", live => Merge(live, new JsonObject { [ReplicaSetMaker.RevisionAnnotation] = text }), cancel);
        }
    }

    private async Task ResizeAsync(JsonObject deployment, JsonObject set, long replicas, CancellationToken cancel)
    {
        var before = set.Child("spec").Integer("replicas") ?? 1;
        if (await client.TryUpdateAsync(KeyOf(set), "", live => (live.ChildOrNew("spec") ?? [])["replicas"] = replicas, cancel))
        {
            await _events.TellAsync(deployment, "Normal", "ScalingReplicaSet",
                $"Scaled {(replicas > before ? "up" : "down")} replica set {set.NameOf()} from {before} to {replicas}", cancel);
        }
    }

    /// <summary>The ReplicaSets that are the Deployment's, and those that nobody owns and that fit: they become the Deployment's.</summary>
    private async Task<List<JsonObject>> SetsOfAsync(JsonObject deployment, CancellationToken cancel)
    {
        var found = new List<JsonObject>();
        foreach (var set in ClusterState.In(client.State.Store.Current, s_sets, deployment.NamespaceOf()))
        {
            if (Owned.IsBy(set, deployment))
            {
                found.Add(set);
            }
            else if (Owned.Controller(set) is null && ReplicaSetPlan.Selects(deployment, set) && !deployment.Child("metadata").Has("deletionTimestamp"))
            {
                await client.TryUpdateAsync(KeyOf(set), "", live => Owned.Adopt(live, deployment), cancel);
                found.Add(set);
            }
        }
        return found;
    }

    private static StoreKey KeyOf(JsonObject item) =>
        new("apps", item.Text("kind") == "Deployment" ? s_deployments.Plural : s_sets.Plural, item.NamespaceOf(), item.NameOf());

    private static void Merge(JsonObject item, JsonObject annotations)
    {
        if (item.Child("metadata")?.ChildOrNew("annotations") is { } own)
        {
            foreach (var (name, value) in annotations)
            {
                own[name] = value?.DeepClone();
            }
        }
    }
}
