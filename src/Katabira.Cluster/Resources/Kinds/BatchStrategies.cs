using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

/// <summary>Jobs and cron jobs.</summary>
internal static class BatchStrategies
{
    private const string Uid = "batch.kubernetes.io/controller-uid";
    private const string Name = "batch.kubernetes.io/job-name";

    public static KindStrategy Job { get; } = new()
    {
        PrepareCreate = Select,
        Default = DefaultJob,
        Validate = (item, issues) => Rules(item.Child("spec"), "spec", needsSelector: true, issues),
        ValidateUpdate = (item, old, issues) =>
        {
            var (spec, before) = (item.Child("spec"), old.Child("spec"));
            Immutability.RequireSelector(spec, before, issues);
            Immutability.Require(spec, before, "template", "spec.template", issues);
            Immutability.Require(spec, before, "completionMode", "spec.completionMode", issues);
            if (spec.Text("completionMode") != "Indexed")
            {
                Immutability.Require(spec, before, "completions", "spec.completions", issues);
            }
        },
    };

    public static KindStrategy CronJob { get; } = new()
    {
        Default = item =>
        {
            var spec = item.ChildOrNew("spec");
            spec?.Default("concurrencyPolicy", "Allow");
            spec?.Default("suspend", false);
            spec?.Default("successfulJobsHistoryLimit", 3);
            spec?.Default("failedJobsHistoryLimit", 1);
            PodDefaults.ApplyToTemplate(spec?.ChildOrNew("jobTemplate")?.ChildOrNew("spec"));
        },
        Validate = (item, issues) =>
        {
            var spec = item.Child("spec");
            if (item.Child("metadata").Text("name").Length > 52)
            {
                issues.Invalid("metadata.name", item.Child("metadata").Text("name"), "must be no more than 52 characters");
            }
            Schedule(spec.Text("schedule"), issues);
            issues.OneOf("spec.concurrencyPolicy", spec.Text("concurrencyPolicy"), "Allow", "Forbid", "Replace");
            issues.NotNegative("spec.startingDeadlineSeconds", spec.Integer("startingDeadlineSeconds"));
            issues.NotNegative("spec.successfulJobsHistoryLimit", spec.Integer("successfulJobsHistoryLimit"));
            issues.NotNegative("spec.failedJobsHistoryLimit", spec.Integer("failedJobsHistoryLimit"));
            Rules(spec.Child("jobTemplate").Child("spec"), "spec.jobTemplate.spec", needsSelector: false, issues);
        },
    };

    private static void DefaultJob(JsonObject item)
    {
        if (item.ChildOrNew("spec") is not { } spec)
        {
            return;
        }
        PodDefaults.ApplyToTemplate(spec);
        // a job without either number runs one pod once; with parallelism alone any success ends it
        if (!spec.Has("completions") && !spec.Has("parallelism"))
        {
            spec["completions"] = 1;
        }
        spec.Default("parallelism", 1);
        spec.Default("backoffLimit", spec.Has("backoffLimitPerIndex") ? int.MaxValue : 6);
        spec.Default("completionMode", "NonIndexed");
        spec.Default("suspend", false);
        spec.Default("manualSelector", false);
        spec.Default("podReplacementPolicy", spec.Has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        if (item.ChildOrNew("metadata") is { } metadata
            && metadata.Child("labels") is not { Count: > 0 }
            && spec.Child("template").Child("metadata").Child("labels") is { Count: > 0 } labels)
        {
            metadata["labels"] = labels.DeepClone();
        }
    }

    /// <summary>Unless its author wrote a selector by hand, a job selects by its own uid, so that two jobs never share pods.</summary>
    private static void Select(JsonObject item)
    {
        var (uid, name) = (item.Child("metadata").Text("uid"), item.Child("metadata").Text("name"));
        if (uid.Length == 0 || item.Child("spec") is not { } spec || spec.Flag("manualSelector") || spec.ChildOrNew("template") is not { } template)
        {
            return;
        }
        if (template.ChildOrNew("metadata")?.ChildOrNew("labels") is { } labels)
        {
            labels[Uid] = uid;
            labels["controller-uid"] = uid;
            labels[Name] = name;
            labels["job-name"] = name;
        }
        if (spec.ChildOrNew("selector")?.ChildOrNew("matchLabels") is { } match)
        {
            match[Uid] = uid;
        }
    }

    private static void Rules(JsonObject? spec, string path, bool needsSelector, FieldIssues issues)
    {
        foreach (var number in (string[])["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"])
        {
            issues.NotNegative($"{path}.{number}", spec.Integer(number));
        }
        var template = spec.Child("template");
        if (needsSelector && spec.Child("selector") is null)
        {
            issues.Required($"{path}.selector");
        }
        else if (needsSelector && !SelectorRules.Matches(spec.Child("selector"), template.Child("metadata").Child("labels")))
        {
            issues.InvalidText($"{path}.template.metadata.labels", Immutability.GoMap(template.Child("metadata"), "labels"), "`selector` does not match template `labels`");
        }
        PodRules.ValidateTemplate(template, $"{path}.template", issues);
        if (template.Child("spec").Text("restartPolicy") is not ("OnFailure" or "Never") and var policy)
        {
            issues.NotSupported($"{path}.template.spec.restartPolicy", policy, "OnFailure", "Never");
        }
    }

    private static void Schedule(string schedule, FieldIssues issues)
    {
        if (schedule.Length == 0)
        {
            issues.Required("spec.schedule");
            return;
        }
        var fields = schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        if (!schedule.StartsWith('@') && fields != 5)
        {
            issues.Invalid("spec.schedule", schedule, $"expected exactly 5 fields, found {fields}: [{string.Join(' ', schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries))}]");
        }
    }
}
