using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Agent;

/// <summary>The conditions of a pod. Pure; a condition keeps its time while it stays as it is, and those of others stay.</summary>
internal static class PodConditions
{
    private static readonly string[] s_ours = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];

    public static bool IsOurs(JsonObject condition) => s_ours.Contains(condition.Text("type"));

    /// <param name="phase">The pod's.</param>
    /// <param name="before">The status that is stored.</param>
    public static JsonArray Of(PodMemory pod, string phase, JsonObject? before, DateTimeOffset now)
    {
        var conditions = new JsonArray();
        var containers = Containers(pod, phase);
        Add(conditions, before, now, "PodReadyToStartContainers", new(pod.Sandbox == SandboxState.Up && pod.Address.Length > 0));
        Add(conditions, before, now, "Initialized", Initialized(pod, phase));
        Add(conditions, before, now, "Ready", Ready(pod, containers, before));
        Add(conditions, before, now, "ContainersReady", containers);
        Add(conditions, before, now, "PodScheduled", new(true));
        foreach (var foreign in before.Items("conditions").Where(c => !IsOurs(c)))
        {
            conditions.Add(foreign.DeepClone());
        }
        return conditions;
    }

    private static void Add(JsonArray conditions, JsonObject? before, DateTimeOffset now, string type, Verdict verdict)
    {
        var status = verdict.IsTrue ? "True" : "False";
        var known = before.Items("conditions").FirstOrDefault(c => c.Text("type") == type);
        var condition = new JsonObject
        {
            ["type"] = type,
            ["status"] = status,
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = known.Text("status") == status ? known.Text("lastTransitionTime", Rfc3339.Of(now)) : Rfc3339.Of(now),
        };
        if (verdict.Reason.Length > 0)
        {
            condition["reason"] = verdict.Reason;
        }
        if (verdict.Message.Length > 0)
        {
            condition["message"] = verdict.Message;
        }
        conditions.Add(condition);
    }

    private static Verdict Initialized(PodMemory pod, string phase)
    {
        if (phase == "Succeeded")
        {
            return new(true, "PodCompleted");
        }
        if (pod.IsInitialized() || phase == "Failed" && pod.Parts.All(p => p.Role != ContainerRole.Main || pod[p.Name].Run is not null))
        {
            return new(true);
        }
        var incomplete = pod.Parts.Where(p => p.Role != ContainerRole.Main && !(p.Role == ContainerRole.Sidecar ? pod.IsStarted(p) : pod[p.Name].Run is { HasSucceeded: true }));
        return new(false, "ContainersNotInitialized", $"containers with incomplete status: [{Names(incomplete)}]");
    }

    private static Verdict Containers(PodMemory pod, string phase)
    {
        if (PodPhase.IsFinal(phase))
        {
            return new(false, phase == "Succeeded" ? "PodCompleted" : "PodFailed");
        }
        var unready = pod.Parts.Where(p => p.Role != ContainerRole.Init && !pod.IsReady(p)).ToList();
        return unready.Count == 0 ? new(true) : new(false, "ContainersNotReady", $"containers with unready status: [{Names(unready)}]");
    }

    /// <summary>Besides its containers, whatever else the author wants to be true.</summary>
    private static Verdict Ready(PodMemory pod, Verdict containers, JsonObject? before)
    {
        if (!containers.IsTrue)
        {
            return containers;
        }
        var wrong = pod.Pod.Child("spec").Items("readinessGates").Select(g => g.Text("conditionType")).Select(gate =>
            before.Items("conditions").FirstOrDefault(c => c.Text("type") == gate) is not { } condition ? $"corresponding condition of pod readiness gate \"{gate}\" does not exist."
            : condition.Text("status") != "True" ? $"the status of pod readiness gate \"{gate}\" is not \"True\", but {condition.Text("status")}"
            : "").Where(w => w.Length > 0).ToList();
        return wrong.Count == 0 ? new(true) : new(false, "ReadinessGatesNotReady", string.Join(", ", wrong));
    }

    private static string Names(IEnumerable<ContainerPart> parts) => string.Join(' ', parts.Select(p => p.Name));

    private readonly record struct Verdict(bool IsTrue, string Reason = "", string Message = "");
}
