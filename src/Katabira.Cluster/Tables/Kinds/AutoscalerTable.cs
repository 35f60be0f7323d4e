using System.Text.Json;

namespace Katabira.Cluster.Tables.Kinds;

/// <summary>HorizontalPodAutoscalers, in their v2 and v1 forms.</summary>
internal static class AutoscalerTable
{
    private const string Unknown = HumanDuration.Unknown;

    public static TableLayout Layout { get; } = new(
        [
            TableColumn.ObjectName,
            new("Reference", Description: "What it scales."),
            new("Targets", Description: "Metrics: now, and as they should be."),
            new("MinPods", Description: "It never goes below."),
            new("MaxPods", Description: "It never goes above."),
            new("Replicas", Description: "Pods there are."),
            TableColumn.Age,
        ],
        (row, item) =>
        {
            var (spec, status) = (item.Child("spec"), item.Child("status"));
            var target = spec.Child("scaleTargetRef");
            row.Name(item);
            row.Text($"{target.Text("kind")}/{target.Text("name")}");
            row.Text(ShortList.Of(Metrics(spec, status), RowWriter.None, limit: 2));
            row.Text(spec.Integer("minReplicas") is { } minimum ? $"{minimum}" : RowWriter.Unset);
            row.Integer(spec.Count("maxReplicas"));
            row.Integer(status.Count("currentReplicas"));
            row.Age(item);
        });

    private static IEnumerable<string> Metrics(JsonElement spec, JsonElement status)
    {
        if (spec.Integer("targetCPUUtilizationPercentage") is { } target)
        {
            yield return $"cpu: {Percent(status, "currentCPUUtilizationPercentage")}/{target}%";
        }
        var current = status.Items("currentMetrics").ToArray();
        foreach (var (index, metric) in spec.Items("metrics").Index())
        {
            var (field, named) = metric.Text("type") switch
            {
                "Resource" => ("resource", true),
                "ContainerResource" => ("containerResource", true),
                "Pods" => ("pods", false),
                "Object" => ("object", false),
                "External" => ("external", false),
                _ => ("", false),
            };
            var now = index < current.Length ? current[index].Child(field).Child("current") : default;
            var value = Pair(metric.Child(field).Child("target"), now);
            yield return field.Length == 0 ? Unknown : named ? $"{metric.Child(field).Text("name")}: {value}" : value;
        }
    }

    private static string Pair(JsonElement target, JsonElement now)
    {
        if (target.Has("averageValue"))
        {
            return $"{Quantity(now, "averageValue")}/{Quantity(target, "averageValue")}";
        }
        return target.Has("value")
            ? $"{Quantity(now, "value")}/{Quantity(target, "value")}"
            : $"{Percent(now, "averageUtilization")}/{(target.Has("averageUtilization") ? Percent(target, "averageUtilization") : "<auto>")}";
    }

    private static string Percent(JsonElement owner, string field) => owner.Integer(field) is { } number ? $"{number}%" : Unknown;

    /// <summary>A quantity may stand as text or as a number.</summary>
    private static string Quantity(JsonElement owner, string field) => owner.Text(field, owner.Integer(field) is { } number ? $"{number}" : Unknown);
}
