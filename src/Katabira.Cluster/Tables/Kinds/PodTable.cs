using System.Text.Json;

namespace Katabira.Cluster.Tables.Kinds;

/// <summary>Pods. The words of the Status column are <see cref="PodSummary"/>'s.</summary>
internal static class PodTable
{
    private static readonly RowCompletion s_succeeded = new("Succeeded", "The pod has completed successfully.");
    private static readonly RowCompletion s_failed = new("Failed", "The pod failed.");

    public static TableLayout Layout { get; } = new(
        [
            TableColumn.ObjectName,
            new("Ready", Description: "Containers that are ready, of those that should be."),
            new("Status", Description: "What the pod is doing, in one word."),
            new("Restarts", Description: "Restarts of its containers, and when the last one was."),
            TableColumn.Age,
            TableColumn.Wide("IP", "The pod's address."),
            TableColumn.Wide("Node", "Where the pod runs."),
            TableColumn.Wide("Nominated Node", "Where the pod will run once others have made room."),
            TableColumn.Wide("Readiness Gates", "Conditions set from outside that are true, of those the pod waits for."),
        ],
        Cells,
        Completion);

    private static void Cells(RowWriter row, JsonElement pod)
    {
        var (spec, status) = (pod.Child("spec"), pod.Child("status"));
        var summary = PodSummary.Of(pod);
        row.Name(pod);
        row.Text($"{summary.Ready}/{summary.Total}");
        row.Text(summary.Status);
        row.Text(summary.Restarts != 0 && summary.LastRestart is { } last
            ? $"{summary.Restarts} ({HumanDuration.Since(last, row.Now)} ago)"
            : $"{summary.Restarts}");
        row.Age(pod);
        row.TextOrNone(status.Items("podIPs").FirstOrDefault().Text("ip", status.Text("podIP")));
        row.TextOrNone(spec.Text("nodeName"));
        row.TextOrNone(status.Text("nominatedNodeName"));
        row.Text(ReadinessGates(spec, status));
    }

    private static string ReadinessGates(JsonElement spec, JsonElement status)
    {
        var (gates, open) = (0, 0);
        foreach (var gate in spec.Items("readinessGates"))
        {
            gates++;
            open += Conditions.IsTrue(status, gate.Text("conditionType")) ? 1 : 0;
        }
        return gates == 0 ? RowWriter.None : $"{open}/{gates}";
    }

    private static RowCompletion? Completion(JsonElement pod) => pod.Child("status").Text("phase") switch
    {
        "Succeeded" => s_succeeded,
        "Failed" => s_failed,
        _ => null,
    };
}
