using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Agent;

/// <summary>Whether a pod may run on the node: what its author asks of a node, and what the node's owner asks of pods. Pure. Nothing else is weighed, for there is one node.</summary>
internal static class NodeFit
{
    private static readonly string[] s_repelling = ["NoSchedule", "NoExecute"];

    /// <summary>Null if it may; else why not, as the scheduler says it.</summary>
    /// <param name="node">Null if there is none.</param>
    public static string? WhyNot(JsonObject pod, JsonObject? node)
    {
        if (node is null)
        {
            return "no nodes available to schedule pods";
        }
        return Obstacle(pod.Child("spec"), node) is { } obstacle
            ? $"0/1 nodes are available: 1 {obstacle}. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
            : null;
    }

    private static string? Obstacle(JsonObject? pod, JsonObject node)
    {
        if (node.Child("spec").Flag("unschedulable") && !Tolerates(pod, new() { ["key"] = "node.kubernetes.io/unschedulable", ["effect"] = "NoSchedule" }))
        {
            return "node(s) were unschedulable";
        }
        if (node.Child("spec").Items("taints").FirstOrDefault(t => s_repelling.Contains(t.Text("effect")) && !Tolerates(pod, t)) is { } taint)
        {
            return $"node(s) had untolerated taint {{{taint.Text("key")}: {taint.Text("value")}}}";
        }
        return IsSelected(pod, node) ? null : "node(s) didn't match Pod's node affinity/selector";
    }

    private static bool Tolerates(JsonObject? pod, JsonObject taint) => pod.Items("tolerations").Any(t =>
        (t.Text("effect").Length == 0 || t.Text("effect") == taint.Text("effect"))
        && (t.Text("key").Length == 0 || t.Text("key") == taint.Text("key"))
        && (t.Text("operator") == "Exists" || (t.Text("key").Length > 0 && t.Text("value") == taint.Text("value"))));

    private static bool IsSelected(JsonObject? pod, JsonObject node)
    {
        var labels = node.Labels();
        if (pod.Pairs("nodeSelector").Any(wanted => labels.GetValueOrDefault(wanted.Key) != wanted.Value))
        {
            return false;
        }
        var required = pod.Child("affinity").Child("nodeAffinity").Child("requiredDuringSchedulingIgnoredDuringExecution");
        return required is null || required.Items("nodeSelectorTerms").Any(term => IsMet(term, labels, node.NameOf()));
    }

    /// <summary>An empty term selects nothing.</summary>
    private static bool IsMet(JsonObject term, IReadOnlyDictionary<string, string> labels, string name)
    {
        var (expressions, fields) = (term.Items("matchExpressions").ToList(), term.Items("matchFields").ToList());
        return expressions.Count + fields.Count > 0
            && expressions.All(e => IsMet(e, labels.GetValueOrDefault(e.Text("key"))))
            && fields.All(f => IsMet(f, f.Text("key") == "metadata.name" ? name : null));
    }

    private static bool IsMet(JsonObject requirement, string? value)
    {
        var values = requirement.Texts("values");
        return requirement.Text("operator") switch
        {
            "In" => value is not null && values.Contains(value),
            "NotIn" => value is null || !values.Contains(value),
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            "Gt" => Compare(value, values) > 0,
            "Lt" => Compare(value, values) < 0,
            _ => false,
        };
    }

    /// <summary>0 for what are no numbers.</summary>
    private static int Compare(string? value, IReadOnlyList<string> values) =>
        values.Count == 1
        && long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var own)
        && long.TryParse(values[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var wanted)
            ? own.CompareTo(wanted)
            : 0;
}
