using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

/// <summary>What makes pods and keeps them.</summary>
internal static class WorkloadStrategies
{
    public static KindStrategy Deployment { get; } = new()
    {
        Default = item =>
        {
            var spec = Spec(item);
            PodDefaults.ApplyToTemplate(spec);
            spec?.Default("replicas", 1);
            spec?.Default("revisionHistoryLimit", 10);
            spec?.Default("progressDeadlineSeconds", 600);
            var strategy = spec?.ChildOrNew("strategy");
            strategy?.Default("type", "RollingUpdate");
            if (strategy.Text("type") == "RollingUpdate" && strategy!.ChildOrNew("rollingUpdate") is { } rolling) // not null: it has a type
            {
                rolling.Default("maxUnavailable", "25%");
                rolling.Default("maxSurge", "25%");
            }
        },
        Validate = (item, issues) =>
        {
            var spec = item.Child("spec");
            Template(spec, "deployment", issues);
            issues.NotNegative("spec.minReadySeconds", spec.Integer("minReadySeconds"));
            issues.NotNegative("spec.revisionHistoryLimit", spec.Integer("revisionHistoryLimit"));
            issues.NotNegative("spec.progressDeadlineSeconds", spec.Integer("progressDeadlineSeconds"));
            if (spec.Integer("progressDeadlineSeconds") <= spec.Count("minReadySeconds"))
            {
                issues.Invalid("spec.progressDeadlineSeconds", spec.Count("progressDeadlineSeconds"), "must be greater than minReadySeconds");
            }
            RolloutRules.Validate(spec.Child("strategy"), "spec.strategy", "Recreate", issues);
        },
        ValidateUpdate = (item, old, issues) => Immutability.RequireSelector(item.Child("spec"), old.Child("spec"), issues),
    };

    public static KindStrategy ReplicaSet { get; } = new()
    {
        Default = item =>
        {
            PodDefaults.ApplyToTemplate(Spec(item));
            Spec(item)?.Default("replicas", 1);
        },
        Validate = (item, issues) =>
        {
            Template(item.Child("spec"), "replicaset", issues);
            issues.NotNegative("spec.minReadySeconds", item.Child("spec").Integer("minReadySeconds"));
        },
        ValidateUpdate = (item, old, issues) => Immutability.RequireSelector(item.Child("spec"), old.Child("spec"), issues),
    };

    public static KindStrategy ReplicationController { get; } = new()
    {
        Default = item =>
        {
            var spec = Spec(item);
            PodDefaults.ApplyToTemplate(spec);
            spec?.Default("replicas", 1);
            if (spec is not null && spec.Child("template").Child("metadata").Child("labels") is { Count: > 0 } labels && spec.Child("selector") is not { Count: > 0 })
            {
                spec["selector"] = labels.DeepClone();
            }
        },
        Validate = (item, issues) =>
        {
            var spec = item.Child("spec");
            if (spec.Child("selector") is not { Count: > 0 })
            {
                issues.Required("spec.selector");
            }
            issues.NotNegative("spec.replicas", spec.Integer("replicas"));
            PodRules.ValidateTemplate(spec.Child("template"), "spec.template", issues);
        },
    };

    public static KindStrategy StatefulSet { get; } = new()
    {
        Default = item =>
        {
            var spec = Spec(item);
            PodDefaults.ApplyToTemplate(spec);
            spec?.Default("podManagementPolicy", "OrderedReady");
            spec?.Default("replicas", 1);
            spec?.Default("revisionHistoryLimit", 10);
            var strategy = spec?.ChildOrNew("updateStrategy");
            strategy?.Default("type", "RollingUpdate");
            if (strategy.Text("type") == "RollingUpdate")
            {
                strategy!.ChildOrNew("rollingUpdate")?.Default("partition", 0); // not null: it has a type
            }
            var retention = spec?.ChildOrNew("persistentVolumeClaimRetentionPolicy");
            retention?.Default("whenDeleted", "Retain");
            retention?.Default("whenScaled", "Retain");
        },
        Validate = (item, issues) =>
        {
            var spec = item.Child("spec");
            issues.OneOf("spec.podManagementPolicy", spec.Text("podManagementPolicy"), "OrderedReady", "Parallel");
            Template(spec, "statefulset", issues);
        },
        ValidateUpdate = (item, old, issues) => OnlyThese(
            item,
            old,
            ["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"],
            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
            + "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
            issues),
    };

    public static KindStrategy DaemonSet { get; } = new()
    {
        Default = item =>
        {
            var spec = Spec(item);
            PodDefaults.ApplyToTemplate(spec);
            spec?.Default("revisionHistoryLimit", 10);
            var strategy = spec?.ChildOrNew("updateStrategy");
            strategy?.Default("type", "RollingUpdate");
            if (strategy.Text("type") == "RollingUpdate" && strategy!.ChildOrNew("rollingUpdate") is { } rolling) // not null: it has a type
            {
                rolling.Default("maxUnavailable", 1);
                rolling.Default("maxSurge", 0);
            }
        },
        Validate = (item, issues) =>
        {
            Template(item.Child("spec"), "daemonset", issues);
            RolloutRules.Validate(item.Child("spec").Child("updateStrategy"), "spec.updateStrategy", "OnDelete", issues);
        },
        ValidateUpdate = (item, old, issues) => Immutability.RequireSelector(item.Child("spec"), old.Child("spec"), issues),
    };

    public static KindStrategy ControllerRevision { get; } = new()
    {
        Validate = (item, issues) =>
        {
            if (!item.Has("data"))
            {
                issues.Required("data", "data is mandatory");
            }
            issues.NotNegative("revision", item.Integer("revision"));
        },
        ValidateUpdate = (item, old, issues) => Immutability.Require(item, old, "data", "data", issues),
    };

    private static JsonObject? Spec(JsonObject item) => item.ChildOrNew("spec");

    /// <summary>Replicas, a selector, and a template whose labels the selector matches and whose pods restart for ever.</summary>
    private static void Template(JsonObject? spec, string kind, FieldIssues issues)
    {
        issues.NotNegative("spec.replicas", spec.Integer("replicas"));
        var selector = spec.Child("selector");
        var template = spec.Child("template");
        if (selector is null)
        {
            issues.Required("spec.selector");
        }
        else
        {
            SelectorRules.Validate(selector, "spec.selector", issues);
            if (SelectorRules.IsEmpty(selector))
            {
                issues.Invalid("spec.selector", selector, $"empty selector is invalid for {kind}");
            }
            else if (!SelectorRules.Matches(selector, template.Child("metadata").Child("labels")))
            {
                issues.InvalidText(
                    "spec.template.metadata.labels",
                    Immutability.GoMap(template.Child("metadata"), "labels"),
                    "`selector` does not match template `labels`");
            }
        }
        PodRules.ValidateTemplate(template, "spec.template", issues);
        if (template.Child("spec").Text("restartPolicy") is not ("Always" or "") and var policy)
        {
            issues.NotSupported("spec.template.spec.restartPolicy", policy, "Always");
        }
        if (template.Child("spec").Has("activeDeadlineSeconds"))
        {
            issues.Forbidden("spec.template.spec.activeDeadlineSeconds", $"activeDeadlineSeconds in {kind} is not Supported");
        }
    }

    private static void OnlyThese(JsonObject item, JsonObject old, string[] fields, string refusal, FieldIssues issues)
    {
        var (spec, before) = (item.Child("spec") ?? [], old.Child("spec") ?? []);
        if (spec.Select(f => f.Key).Union(before.Select(f => f.Key)).Except(fields).Any(f => !JsonNode.DeepEquals(spec[f], before[f])))
        {
            issues.Forbidden("spec", refusal);
        }
    }
}
