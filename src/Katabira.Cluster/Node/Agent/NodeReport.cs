using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Network;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Agent;

/// <summary>The node's object, from what is known about the machine. Pure.</summary>
internal static class NodeReport
{
    /// <summary>As many pods as one node has in Kubernetes.</summary>
    private const string MostPods = "110";

    private const string NotReadyTaint = "node.kubernetes.io/not-ready";

    /// <summary>A new node, without status.</summary>
    public static JsonObject New(string name) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Node",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject { ["podCIDR"] = $"{NodeAddresses.Pods}", ["podCIDRs"] = new JsonArray($"{NodeAddresses.Pods}") },
    };

    /// <summary>May change the node: the labels and the taint that are the node's own. What others added stays.</summary>
    /// <param name="whyNot">Why no pod can run; empty if they can.</param>
    public static void Describe(JsonObject node, MachineFacts machine, string whyNot)
    {
        if (node.Child("metadata")?.ChildOrNew("labels") is not { } labels || node.ChildOrNew("spec") is not { } spec)
        {
            return;
        }
        labels["kubernetes.io/hostname"] = node.NameOf();
        foreach (var prefix in (string[])["", "beta."])
        {
            labels[$"{prefix}kubernetes.io/os"] = "linux";
            labels[$"{prefix}kubernetes.io/arch"] = machine.Architecture;
        }
        labels["node-role.kubernetes.io/control-plane"] = "";
        List<JsonNode> taints = [.. spec.Items("taints").Where(t => t.Text("key") != NotReadyTaint).Select(t => t.DeepClone())];
        if (whyNot.Length > 0)
        {
            taints.Add(new JsonObject { ["key"] = NotReadyTaint, ["effect"] = "NoSchedule" });
        }
        spec["taints"] = new JsonArray([.. taints]);
        if (taints.Count == 0)
        {
            spec.Remove("taints");
        }
    }

    /// <summary>The node's status.</summary>
    /// <param name="before">The one that is stored.</param>
    public static JsonObject Status(JsonObject? before, string name, MachineFacts machine, string kubeletVersion, string whyNot, DateTimeOffset now)
    {
        var amounts = new JsonObject
        {
            ["cpu"] = machine.Processors.ToString(CultureInfo.InvariantCulture),
            ["ephemeral-storage"] = Kibibytes(machine.DiskKibibytes),
            ["memory"] = Kibibytes(machine.MemoryKibibytes),
            ["pods"] = MostPods,
        };
        var status = new JsonObject
        {
            ["addresses"] = new JsonArray(Address("InternalIP", NodeAddresses.Node.ToString()), Address("Hostname", name)),
            ["capacity"] = amounts,
            ["allocatable"] = amounts.DeepClone(),
            ["conditions"] = new JsonArray(
                Condition(before, "MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available", now),
                Condition(before, "DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure", now),
                Condition(before, "PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available", now),
                whyNot.Length == 0
                    ? Condition(before, "Ready", "True", "KubeletReady", "kubelet is posting ready status", now)
                    : Condition(before, "Ready", "False", "KubeletNotReady", whyNot, now)),
            ["daemonEndpoints"] = new JsonObject { ["kubeletEndpoint"] = new JsonObject { ["Port"] = 0 } },
            ["nodeInfo"] = new JsonObject
            {
                ["architecture"] = machine.Architecture,
                ["bootID"] = machine.BootId,
                ["containerRuntimeVersion"] = "katabira://processes",
                ["kernelVersion"] = machine.Kernel,
                ["kubeProxyVersion"] = "",
                ["kubeletVersion"] = kubeletVersion,
                ["machineID"] = machine.MachineId,
                ["operatingSystem"] = "linux",
                ["osImage"] = machine.OsImage,
                ["systemUUID"] = machine.MachineId,
            },
        };
        foreach (var (field, value) in before ?? [])
        {
            if (!status.ContainsKey(field))
            {
                status[field] = value?.DeepClone();
            }
        }
        return status;
    }

    /// <summary>The node's lease, held from now on.</summary>
    public static JsonObject Lease(JsonObject node, string renewed, int seconds) => new()
    {
        ["apiVersion"] = "coordination.k8s.io/v1",
        ["kind"] = "Lease",
        ["metadata"] = new JsonObject
        {
            ["name"] = node.NameOf(),
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Node",
                ["name"] = node.NameOf(),
                ["uid"] = node.Child("metadata").Text("uid"),
            }),
        },
        ["spec"] = new JsonObject { ["holderIdentity"] = node.NameOf(), ["leaseDurationSeconds"] = seconds, ["renewTime"] = renewed },
    };

    private static JsonObject Condition(JsonObject? before, string type, string status, string reason, string message, DateTimeOffset now)
    {
        var known = before.Items("conditions").FirstOrDefault(c => c.Text("type") == type);
        return new()
        {
            ["type"] = type,
            ["status"] = status,
            ["lastHeartbeatTime"] = Rfc3339.Of(now),
            ["lastTransitionTime"] = known.Text("status") == status ? known.Text("lastTransitionTime", Rfc3339.Of(now)) : Rfc3339.Of(now),
            ["reason"] = reason,
            ["message"] = message,
        };
    }

    private static JsonObject Address(string type, string address) => new() { ["type"] = type, ["address"] = address };

    private static string Kibibytes(long amount) => string.Create(CultureInfo.InvariantCulture, $"{amount}Ki");
}
