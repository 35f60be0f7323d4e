using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Controllers.Workloads;

/// <summary>What a Deployment's status says, from which <c>kubectl rollout status</c> tells the time. Pure.</summary>
internal static class DeploymentStatus
{
    private const string Minimum = "Deployment has minimum availability.";
    private const string BelowMinimum = "Deployment does not have minimum availability.";

    /// <param name="deployment">The Deployment with the status it has.</param>
    /// <param name="plan">Its ReplicaSets.</param>
    public static JsonObject Of(JsonObject deployment, DeploymentPlan plan, DateTimeOffset now)
    {
        JsonObject[] sets = plan.New is { } one ? [.. plan.Old, one] : [.. plan.Old];
        long Sum(string field) => sets.Sum(s => s.Child("status").Count(field));
        var wanted = deployment.Child("spec").Integer("replicas") ?? 1;
        var available = Sum("availableReplicas");
        var status = new JsonObject { ["observedGeneration"] = deployment.Child("metadata").Count("generation") };
        Set(status, "replicas", Sum("replicas"));
        Set(status, "updatedReplicas", plan.New.Child("status").Count("replicas"));
        Set(status, "readyReplicas", Sum("readyReplicas"));
        Set(status, "availableReplicas", available);
        Set(status, "unavailableReplicas", Math.Max(0, sets.Sum(s => s.Child("spec").Integer("replicas") ?? 1) - available));
        Set(status, "collisionCount", deployment.Child("status").Count("collisionCount"));
        var least = wanted - (plan.IsRecreate ? 0 : Unavailable(deployment, wanted));
        var conditions = new Conditions(deployment.Child("status"), Rfc3339.Of(now));
        conditions.Set("Available", available >= least, available >= least ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable", available >= least ? Minimum : BelowMinimum);
        Progress(deployment, plan, status, conditions, now);
        status["conditions"] = conditions.ToJson();
        return status;
    }

    /// <summary>When the Deployment will have made no progress for too long, if it makes none; null if it is complete or has no such time.</summary>
    public static TimeSpan? UntilDeadline(JsonObject deployment, JsonObject status, DateTimeOffset now)
    {
        var progressing = status.Items("conditions").FirstOrDefault(c => c.Text("type") == "Progressing");
        if (progressing.Text("status") != "True" || progressing.Text("reason") == "NewReplicaSetAvailable" || progressing.Time("lastUpdateTime") is not { } since)
        {
            return null;
        }
        var left = since.AddSeconds(Deadline(deployment)) - now;
        return left > TimeSpan.Zero ? left + TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(1);
    }

    private static void Progress(JsonObject deployment, DeploymentPlan plan, JsonObject status, Conditions conditions, DateTimeOffset now)
    {
        if (plan.New is null)
        {
            return;
        }
        var (before, name) = (deployment.Child("status"), plan.New.NameOf());
        var wanted = deployment.Child("spec").Integer("replicas") ?? 1;
        var isComplete = status.Count("updatedReplicas") == wanted && status.Count("replicas") == wanted && status.Count("availableReplicas") == wanted;
        var progressing = before.Items("conditions").FirstOrDefault(c => c.Text("type") == "Progressing");
        if (isComplete)
        {
            if (progressing.Text("reason") != "NewReplicaSetAvailable" || !progressing.Text("message").Contains(name, StringComparison.Ordinal))
            {
                conditions.Set("Progressing", true, "NewReplicaSetAvailable", $"ReplicaSet \"{name}\" has successfully progressed.");
            }
        }
        else if (status.Count("updatedReplicas") > before.Count("updatedReplicas") || status.Count("readyReplicas") > before.Count("readyReplicas")
            || status.Count("availableReplicas") > before.Count("availableReplicas") || status.Count("replicas") - status.Count("updatedReplicas") < before.Count("replicas") - before.Count("updatedReplicas")
            || progressing is null || (progressing.Text("reason") == "NewReplicaSetAvailable" && !progressing.Text("message").Contains(name, StringComparison.Ordinal)))
        {
            conditions.Set("Progressing", true, progressing is null ? "NewReplicaSetCreated" : "ReplicaSetUpdated",
                progressing is null ? $"Created new replica set \"{name}\"" : $"ReplicaSet \"{name}\" is progressing.");
        }
        else if (!deployment.Child("spec").Flag("paused") && progressing.Text("reason") != "NewReplicaSetAvailable"
            && progressing.Time("lastUpdateTime") is { } since && since.AddSeconds(Deadline(deployment)) < now)
        {
            conditions.Set("Progressing", false, "ProgressDeadlineExceeded", $"ReplicaSet \"{name}\" has timed out progressing.");
        }
    }

    private static long Deadline(JsonObject deployment) => deployment.Child("spec").Integer("progressDeadlineSeconds") ?? 600;

    private static long Unavailable(JsonObject deployment, long wanted)
    {
        var rolling = deployment.Child("spec").Child("strategy").Child("rollingUpdate");
        var unavailable = IntOrPercent.Of(rolling?["maxUnavailable"], wanted, roundUp: false);
        return unavailable == 0 && IntOrPercent.Of(rolling?["maxSurge"], wanted, roundUp: true) == 0 ? 1 : Math.Min(unavailable, wanted);
    }

    private static void Set(JsonObject status, string field, long count)
    {
        if (count > 0)
        {
            status[field] = count;
        }
    }

    /// <summary>The conditions with their two times: of the last word about one, and of the last change of mind.</summary>
    private sealed class Conditions(JsonObject? before, string now)
    {
        private readonly List<JsonObject> _all = [.. before.Items("conditions").Select(c => c.DeepClone().AsObject())];

        public JsonArray ToJson() => new([.. _all]);

        public void Set(string type, bool holds, string reason, string message)
        {
            var known = _all.FindIndex(c => c.Text("type") == type);
            var old = known < 0 ? null : _all[known];
            var value = holds ? "True" : "False";
            if (old.Text("status") == value && old.Text("reason") == reason && old.Text("message") == message && type != "Progressing")
            {
                return;
            }
            var next = new JsonObject
            {
                ["type"] = type,
                ["status"] = value,
                ["lastUpdateTime"] = now,
                ["lastTransitionTime"] = old.Text("status") == value ? old.Text("lastTransitionTime") : now,
                ["reason"] = reason,
                ["message"] = message,
            };
            if (old is not null)
            {
                _all.RemoveAt(known);
            }
            _all.Add(next);
        }
    }
}
