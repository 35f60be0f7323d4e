using System.Text.Json.Nodes;
using Katabira.Cluster.Network;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Resources.Kinds;

namespace Katabira.Cluster.Node.Agent;

/// <summary>A pod's status, from what is known about it. Pure.</summary>
internal static class PodReport
{
    /// <param name="before">The status that is stored; what others wrote into it stays.</param>
    public static JsonObject Of(PodMemory pod, JsonObject? before, DateTimeOffset now)
    {
        var phase = PodPhase.Of(pod, now);
        var status = new JsonObject { ["phase"] = phase, ["conditions"] = PodConditions.Of(pod, phase, before, now) };
        if (Reason(pod, phase, before, now) is { Reason.Length: > 0 } why)
        {
            (status["reason"], status["message"]) = why;
        }
        status["hostIP"] = NodeAddresses.Node.ToString();
        status["hostIPs"] = Addresses(NodeAddresses.Node.ToString());
        var address = pod.Address.Length > 0 ? pod.Address : before.Text("podIP");
        if (address.Length > 0)
        {
            status["podIP"] = address;
            status["podIPs"] = Addresses(address);
        }
        status["startTime"] = before.Text("startTime", Rfc3339.Of(pod.StartTime));
        if (pod.Parts.Any(p => p.Role != ContainerRole.Main))
        {
            status["initContainerStatuses"] = Statuses(pod, now, isMain: false);
        }
        status["containerStatuses"] = Statuses(pod, now, isMain: true);
        status["qosClass"] = before.Text("qosClass", PodQuality.Of(pod.Pod.Child("spec")));
        foreach (var (name, value) in before ?? [])
        {
            if (!status.ContainsKey(name) && name is not ("reason" or "message" or "podIP" or "podIPs"))
            {
                status[name] = value?.DeepClone();
            }
        }
        return status;
    }

    /// <summary>The status as it is stored, where the newest change of ours may not have come back yet: ours, with the conditions of others as they are.</summary>
    /// <param name="reported">What was stored last; null for nothing yet.</param>
    /// <param name="live">The status as it was seen last.</param>
    public static JsonObject? Seen(JsonObject? reported, JsonObject? live)
    {
        if (reported is null)
        {
            return live;
        }
        var seen = reported.DeepClone().AsObject();
        var conditions = new JsonArray();
        foreach (var condition in seen.Items("conditions").Where(c => PodConditions.IsOurs(c)).Concat(live.Items("conditions").Where(c => !PodConditions.IsOurs(c))))
        {
            conditions.Add(condition.DeepClone());
        }
        seen["conditions"] = conditions;
        return seen;
    }

    private static (string Reason, string Message) Reason(PodMemory pod, string phase, JsonObject? before, DateTimeOffset now)
    {
        if (PodPhase.IsFinal(before.Text("phase")))
        {
            return (before.Text("reason"), before.Text("message"));
        }
        return phase == "Failed" && pod.ActiveDeadline <= now && pod.DeletionDeadline is null
            ? ("DeadlineExceeded", "Pod was active on the node longer than the specified deadline")
            : ("", "");
    }

    private static JsonArray Addresses(string address) => new(new JsonObject { ["ip"] = address });

    private static JsonArray Statuses(PodMemory pod, DateTimeOffset now, bool isMain) =>
        new([.. pod.Parts.Where(p => p.Role == ContainerRole.Main == isMain).Select(p => ContainerReport.Of(pod, p, now))]);
}
