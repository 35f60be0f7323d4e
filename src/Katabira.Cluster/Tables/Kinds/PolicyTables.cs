using System.Text.Json;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Tables.Kinds;

/// <summary>Disruption budgets, leases, webhook configurations, quotas, revisions.</summary>
internal static class PolicyTables
{
    public static TableLayout PodDisruptionBudget { get; } = new(
        [
            TableColumn.ObjectName,
            new("Min Available", Description: "Pods that must stay."),
            new("Max Unavailable", Description: "Pods that may be missing."),
            new("Allowed Disruptions", "integer", Description: "Pods that may be evicted now."),
            TableColumn.Age,
        ],
        (row, item) =>
        {
            var spec = item.Child("spec");
            row.Name(item);
            row.Text(NumberOrPercent(spec, "minAvailable"));
            row.Text(NumberOrPercent(spec, "maxUnavailable"));
            row.Integer(item.Child("status").Count("disruptionsAllowed"));
            row.Age(item);
        });

    public static TableLayout Lease { get; } = new(
        [TableColumn.ObjectName, new("Holder", Description: "Who has it."), TableColumn.Age],
        (row, item) =>
        {
            row.Name(item);
            row.Text(item.Child("spec").Text("holderIdentity"));
            row.Age(item);
        });

    public static TableLayout WebhookConfiguration { get; } = new(
        [TableColumn.ObjectName, new("Webhooks", "integer", Description: "How many it declares."), TableColumn.Age],
        (row, item) =>
        {
            row.Name(item);
            row.Integer(item.Length("webhooks"));
            row.Age(item);
        });

    public static TableLayout ResourceQuota { get; } = new(
        [
            TableColumn.ObjectName,
            new("Request", Description: "Used and allowed, of what is requested."),
            new("Limit", Description: "Used and allowed, of what is limited."),
            TableColumn.Age,
        ],
        (row, item) =>
        {
            var status = item.Child("status");
            row.Name(item);
            row.Text(Quotas(status, limits: false));
            row.Text(Quotas(status, limits: true));
            row.Age(item);
        });

    public static TableLayout ControllerRevision { get; } = new(
        [
            TableColumn.ObjectName,
            new("Controller", Description: "Whose history it is part of."),
            new("Revision", "integer", Description: "Its place in that history."),
            TableColumn.Age,
        ],
        (row, item) =>
        {
            row.Name(item);
            row.TextOrNone(Controller(item.Child("metadata")));
            row.Integer(item.Count("revision"));
            row.Age(item);
        });

    private static string NumberOrPercent(JsonElement spec, string field) =>
        spec.Text(field, spec.Integer(field) is { } number ? $"{number}" : "N/A");

    private static string Quotas(JsonElement status, bool limits) => string.Join(", ", status.Pairs("hard")
        .Where(h => h.Key.StartsWith("limits", StringComparison.Ordinal) == limits)
        .OrderBy(h => h.Key, StringComparer.Ordinal)
        .Select(h => $"{h.Key}: {status.Child("used").Text(h.Key, "0")}/{h.Value}"));

    /// <summary><c>statefulset.apps/web</c></summary>
    private static string Controller(JsonElement metadata)
    {
        var owner = metadata.Items("ownerReferences").FirstOrDefault(o => o.Flag("controller"));
        if (!owner.IsSomething())
        {
            return "";
        }
        var kind = GroupVersionKind.Of(owner.Text("apiVersion"), owner.Text("kind").ToLowerInvariant());
        return kind.Group.Length == 0 ? $"{kind.Kind}/{owner.Text("name")}" : $"{kind.Kind}.{kind.Group}/{owner.Text("name")}";
    }
}
