using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

/// <summary>Autoscalers, disruption budgets, leases, volumes.</summary>
internal static class PolicyStrategies
{
    public static KindStrategy Autoscaler { get; } = new()
    {
        Default = item =>
        {
            var spec = item.ChildOrNew("spec");
            spec?.Default("minReplicas", 1);
            if (spec is not null && item.Text("apiVersion") != "autoscaling/v1" && spec.List("metrics") is not { Count: > 0 })
            {
                var target = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = 80 };
                spec["metrics"] = new JsonArray(new JsonObject { ["type"] = "Resource", ["resource"] = new JsonObject { ["name"] = "cpu", ["target"] = target } });
            }
        },
        Validate = (item, issues) =>
        {
            var spec = item.Child("spec");
            if (spec.Integer("minReplicas") < 1)
            {
                issues.Invalid("spec.minReplicas", spec.Count("minReplicas"), "must be greater than or equal to 1");
            }
            if (spec.Count("maxReplicas") < 1)
            {
                issues.Invalid("spec.maxReplicas", spec.Count("maxReplicas"), "must be greater than 0");
            }
            if (spec.Count("maxReplicas") < spec.Integer("minReplicas"))
            {
                issues.Invalid("spec.maxReplicas", spec.Count("maxReplicas"), "must be greater than or equal to `minReplicas`");
            }
            foreach (var field in (string[])["kind", "name"])
            {
                if (spec.Child("scaleTargetRef").Text(field).Length == 0)
                {
                    issues.Required($"spec.scaleTargetRef.{field}");
                }
            }
        },
    };

    public static KindStrategy DisruptionBudget { get; } = new()
    {
        Validate = (item, issues) =>
        {
            var spec = item.Child("spec");
            if (spec.Has("minAvailable") && spec.Has("maxUnavailable"))
            {
                issues.Invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set");
            }
            RolloutRules.Amount(spec?["minAvailable"], "spec.minAvailable", issues);
            RolloutRules.Amount(spec?["maxUnavailable"], "spec.maxUnavailable", issues);
            SelectorRules.Validate(spec.Child("selector"), "spec.selector", issues);
        },
    };

    public static KindStrategy Lease { get; } = new()
    {
        Validate = (item, issues) =>
        {
            if (item.Child("spec").Integer("leaseDurationSeconds") <= 0)
            {
                issues.Invalid("spec.leaseDurationSeconds", item.Child("spec").Count("leaseDurationSeconds"), "must be greater than 0");
            }
            issues.NotNegative("spec.leaseTransitions", item.Child("spec").Integer("leaseTransitions"));
        },
    };

    public static KindStrategy PersistentVolume { get; } = new()
    {
        PrepareCreate = item => item["status"] = new JsonObject { ["phase"] = "Pending" },
        Default = item =>
        {
            item.ChildOrNew("spec")?.Default("persistentVolumeReclaimPolicy", "Retain");
            item.ChildOrNew("spec")?.Default("volumeMode", "Filesystem");
        },
        Validate = (item, issues) => AccessModes(item.Child("spec"), issues),
    };

    public static KindStrategy PersistentVolumeClaim { get; } = new()
    {
        PrepareCreate = item => item["status"] = new JsonObject { ["phase"] = "Pending" },
        Default = item => item.ChildOrNew("spec")?.Default("volumeMode", "Filesystem"),
        Validate = (item, issues) =>
        {
            AccessModes(item.Child("spec"), issues);
            if (!item.Child("spec").Child("resources").Child("requests").Has("storage"))
            {
                issues.Required("spec.resources[storage]");
            }
        },
    };

    private static void AccessModes(JsonObject? spec, FieldIssues issues)
    {
        if (spec.List("accessModes") is not { Count: > 0 })
        {
            issues.Required("spec.accessModes", "at least 1 access mode is required");
        }
        foreach (var mode in spec.Texts("accessModes"))
        {
            issues.OneOf("spec.accessModes", mode, "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
        }
    }
}
