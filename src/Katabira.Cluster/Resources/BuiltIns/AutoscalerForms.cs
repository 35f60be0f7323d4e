using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.BuiltIns;

/// <summary>
/// HorizontalPodAutoscaler v1 and v2. The v1 form shows the first CPU utilization metric as one number; other metrics and the
/// behaviour are kept in the annotations that upstream uses for them, so that a v1 client's update loses nothing.
/// </summary>
internal static class AutoscalerForms
{
    private const string MetricsAnnotation = "autoscaling.alpha.kubernetes.io/metrics";
    private const string BehaviorAnnotation = "autoscaling.alpha.kubernetes.io/behavior";
    private const string ConditionsAnnotation = "autoscaling.alpha.kubernetes.io/conditions";
    private const string CurrentMetricsAnnotation = "autoscaling.alpha.kubernetes.io/current-metrics";

    /// <summary>A user may have written the annotation: it must not bring in depth that no stored object has, nor a key twice.</summary>
    private static readonly JsonDocumentOptions s_annotation = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    public static void FromV2(JsonObject stored)
    {
        stored["apiVersion"] = "autoscaling/v1";
        if (stored["spec"] is JsonObject spec)
        {
            if (spec["metrics"] is JsonArray metrics)
            {
                MoveCpuOut(spec, metrics, "targetCPUUtilizationPercentage", "target");
                Keep(stored, MetricsAnnotation, metrics.Count == 0 ? null : metrics);
            }
            spec.Remove("metrics");
            Keep(stored, BehaviorAnnotation, spec["behavior"]);
            spec.Remove("behavior");
        }
        if (stored["status"] is JsonObject status)
        {
            if (status["currentMetrics"] is JsonArray current)
            {
                MoveCpuOut(status, current, "currentCPUUtilizationPercentage", "current");
                Keep(stored, CurrentMetricsAnnotation, current.Count == 0 ? null : current);
            }
            status.Remove("currentMetrics");
            Keep(stored, ConditionsAnnotation, status["conditions"]);
            status.Remove("conditions");
        }
    }

    public static void ToV2(JsonObject sent)
    {
        sent["apiVersion"] = "autoscaling/v2";
        if (sent["spec"] is JsonObject spec)
        {
            var metrics = Take(sent, MetricsAnnotation) as JsonArray ?? [];
            if (spec["targetCPUUtilizationPercentage"] is { } target)
            {
                metrics.Insert(0, CpuMetric("target", new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = target.DeepClone() }));
            }
            spec.Remove("targetCPUUtilizationPercentage");
            Put(spec, "metrics", metrics.Count == 0 ? null : metrics);
            Put(spec, "behavior", Take(sent, BehaviorAnnotation));
        }
        if (sent["status"] is JsonObject status)
        {
            var current = Take(sent, CurrentMetricsAnnotation) as JsonArray ?? [];
            if (status["currentCPUUtilizationPercentage"] is { } used)
            {
                current.Insert(0, CpuMetric("current", new JsonObject { ["averageUtilization"] = used.DeepClone() }));
            }
            status.Remove("currentCPUUtilizationPercentage");
            Put(status, "currentMetrics", current.Count == 0 ? null : current);
            Put(status, "conditions", Take(sent, ConditionsAnnotation));
        }
    }

    private static JsonObject CpuMetric(string side, JsonObject value) =>
        new() { ["type"] = "Resource", ["resource"] = new JsonObject { ["name"] = "cpu", [side] = value } };

    private static void MoveCpuOut(JsonObject owner, JsonArray metrics, string field, string side)
    {
        for (var i = 0; i < metrics.Count; i++)
        {
            if (metrics[i] is JsonObject metric
                && metric["resource"] is JsonObject resource
                && JsonNode.DeepEquals(resource["name"], "cpu")
                && (resource[side] as JsonObject)?["averageUtilization"] is { } percentage)
            {
                owner[field] = percentage.DeepClone();
                metrics.RemoveAt(i);
                return;
            }
        }
    }

    private static void Keep(JsonObject autoscaler, string annotation, JsonNode? value)
    {
        if (value is null || autoscaler["metadata"] is not JsonObject metadata)
        {
            return;
        }
        if (metadata["annotations"] is not JsonObject annotations)
        {
            metadata["annotations"] = annotations = [];
        }
        annotations[annotation] = value.ToJsonString();
    }

    private static JsonNode? Take(JsonObject autoscaler, string annotation)
    {
        if (autoscaler["metadata"]?["annotations"] is not JsonObject annotations || annotations[annotation] is not JsonValue text)
        {
            return null;
        }
        annotations.Remove(annotation);
        return text.TryGetValue<string>(out var json) ? TryParse(json) : null;
    }

    private static JsonNode? TryParse(string json)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: s_annotation);
        }
        catch (JsonException)
        {
            return null; // a user's own text under that name is no reason to refuse the object
        }
    }

    private static void Put(JsonObject owner, string field, JsonNode? value)
    {
        if (value is not null)
        {
            owner[field] = value;
        }
    }
}
