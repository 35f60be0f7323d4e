using System.Text.Json;

namespace Katabira.Cluster.Tables.Kinds;

/// <summary>What makes pods and keeps them: deployments, replica sets, replication controllers, stateful sets, daemon sets.</summary>
internal static class WorkloadTables
{
    public static TableLayout Deployment { get; } = new(
        [
            TableColumn.ObjectName,
            new("Ready", Description: "Pods that are ready, of those wished for."),
            new("Up-to-date", Description: "Pods made from the current template."),
            new("Available", Description: "Pods that have been ready for long enough."),
            TableColumn.Age,
            TableColumn.Containers,
            TableColumn.Images,
            TableColumn.Selector,
        ],
        (row, item) =>
        {
            var (spec, status) = (item.Child("spec"), item.Child("status"));
            row.Name(item);
            row.Text($"{status.Count("readyReplicas")}/{spec.Count("replicas")}");
            row.Integer(status.Count("updatedReplicas"));
            row.Integer(status.Count("availableReplicas"));
            row.Age(item);
            row.Containers(spec.Child("template").Child("spec"));
            row.Selector(spec.Child("selector"));
        });

    public static TableLayout ReplicaSet { get; } = Replicas((row, spec) => row.Selector(spec.Child("selector")));

    public static TableLayout ReplicationController { get; } = Replicas((row, spec) => row.Text(SelectorText.OfLabels(spec, "selector")));

    public static TableLayout StatefulSet { get; } = new(
        [TableColumn.ObjectName, new("Ready", Description: "Pods that are ready, of those wished for."), TableColumn.Age, TableColumn.Containers, TableColumn.Images],
        (row, item) =>
        {
            var (spec, status) = (item.Child("spec"), item.Child("status"));
            row.Name(item);
            row.Text($"{status.Count("readyReplicas")}/{spec.Count("replicas")}");
            row.Age(item);
            row.Containers(spec.Child("template").Child("spec"));
        });

    public static TableLayout DaemonSet { get; } = new(
        [
            TableColumn.ObjectName,
            new("Desired", "integer", Description: "Nodes that should run the pod."),
            new("Current", "integer", Description: "Nodes that do."),
            new("Ready", "integer", Description: "Nodes whose pod is ready."),
            new("Up-to-date", "integer", Description: "Nodes whose pod is made from the current template."),
            new("Available", "integer", Description: "Nodes whose pod has been ready for long enough."),
            new("Node Selector", Description: "Labels of the nodes."),
            TableColumn.Age,
            TableColumn.Containers,
            TableColumn.Images,
            TableColumn.Selector,
        ],
        (row, item) =>
        {
            var (spec, status) = (item.Child("spec"), item.Child("status"));
            row.Name(item);
            row.Integer(status.Count("desiredNumberScheduled"));
            row.Integer(status.Count("currentNumberScheduled"));
            row.Integer(status.Count("numberReady"));
            row.Integer(status.Count("updatedNumberScheduled"));
            row.Integer(status.Count("numberAvailable"));
            row.Text(SelectorText.OfLabels(spec.Child("template").Child("spec"), "nodeSelector"));
            row.Age(item);
            row.Containers(spec.Child("template").Child("spec"));
            row.Selector(spec.Child("selector"));
        });

    private static TableLayout Replicas(Action<RowWriter, JsonElement> selector) => new(
        [
            TableColumn.ObjectName,
            new("Desired", "integer", Description: "Pods wished for."),
            new("Current", "integer", Description: "Pods there are."),
            new("Ready", "integer", Description: "Pods that are ready."),
            TableColumn.Age,
            TableColumn.Containers,
            TableColumn.Images,
            TableColumn.Selector,
        ],
        (row, item) =>
        {
            var (spec, status) = (item.Child("spec"), item.Child("status"));
            row.Name(item);
            row.Integer(spec.Count("replicas"));
            row.Integer(status.Count("replicas"));
            row.Integer(status.Count("readyReplicas"));
            row.Age(item);
            row.Containers(spec.Child("template").Child("spec"));
            selector(row, spec);
        });
}
