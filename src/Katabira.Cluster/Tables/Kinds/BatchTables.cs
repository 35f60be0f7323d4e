using System.Text.Json;

namespace Katabira.Cluster.Tables.Kinds;

/// <summary>Jobs and cron jobs.</summary>
internal static class BatchTables
{
    public static TableLayout Job { get; } = new(
        [
            TableColumn.ObjectName,
            new("Status", Description: "What the job is doing."),
            new("Completions", Description: "Pods that succeeded, of those that must."),
            new("Duration", Description: "Time from start to end, or until now."),
            TableColumn.Age,
            TableColumn.Containers,
            TableColumn.Images,
            TableColumn.Selector,
        ],
        (row, item) =>
        {
            var (spec, status) = (item.Child("spec"), item.Child("status"));
            row.Name(item);
            row.Text(Status(item, status));
            row.Text(Completions(spec, status));
            row.Text(status.Time("startTime") is { } start ? HumanDuration.Of((status.Time("completionTime") ?? row.Now) - start) : "");
            row.Age(item);
            row.Containers(spec.Child("template").Child("spec"));
            row.Selector(spec.Child("selector"));
        });

    public static TableLayout CronJob { get; } = new(
        [
            TableColumn.ObjectName,
            new("Schedule", Description: "When it starts a job, in cron's notation."),
            new("Timezone", Description: "Of the schedule."),
            new("Suspend", Description: "True while it starts none."),
            new("Active", "integer", Description: "Jobs running now."),
            new("Last Schedule", Description: "Time since it last started one."),
            TableColumn.Age,
            TableColumn.Containers,
            TableColumn.Images,
            TableColumn.Selector,
        ],
        (row, item) =>
        {
            var (spec, status) = (item.Child("spec"), item.Child("status"));
            var job = spec.Child("jobTemplate").Child("spec");
            row.Name(item);
            row.Text(spec.Text("schedule"));
            row.TextOrNone(spec.Text("timeZone"));
            row.Text(!spec.Has("suspend") ? RowWriter.Unset : spec.Flag("suspend") ? "True" : "False");
            row.Integer(status.Length("active"));
            row.Text(status.Time("lastScheduleTime") is { } last ? HumanDuration.Since(last, row.Now) : RowWriter.None);
            row.Age(item);
            row.Containers(job.Child("template").Child("spec"));
            row.Selector(job.Child("selector"));
        });

    private static string Status(JsonElement job, JsonElement status)
    {
        if (Conditions.IsTrue(status, "Complete"))
        {
            return "Complete";
        }
        if (Conditions.IsTrue(status, "Failed"))
        {
            return "Failed";
        }
        if (job.Child("metadata").Has("deletionTimestamp"))
        {
            return "Terminating";
        }
        return Conditions.IsTrue(status, "Suspended") ? "Suspended" : Conditions.IsTrue(status, "FailureTarget") ? "FailureTarget" : "Running";
    }

    private static string Completions(JsonElement spec, JsonElement status)
    {
        var succeeded = status.Count("succeeded");
        if (spec.Integer("completions") is { } completions)
        {
            return $"{succeeded}/{completions}";
        }
        return spec.Count("parallelism") is > 1 and var parallelism ? $"{succeeded}/1 of {parallelism}" : $"{succeeded}/1";
    }
}
