using System.Text.Json;

namespace Katabira.Cluster.Tables.Kinds;

/// <summary>Events, in either of their two forms: each field is read under its core name, then under its newer one.</summary>
internal static class EventTable
{
    public static TableLayout Layout { get; } = new(
        [
            new("Last Seen", Description: "Time since it last happened."),
            new("Type", Description: "Normal, or Warning."),
            new("Reason", Description: "What happened, in one word."),
            new("Object", Description: "What it happened to."),
            TableColumn.Wide("Subobject", "Which part of the object."),
            TableColumn.Wide("Source", "Who saw it."),
            new("Message", Description: "What happened, in words."),
            TableColumn.Wide("First Seen", "Time since it first happened."),
            TableColumn.Wide("Count", "How often it happened.", "integer"),
            TableColumn.Wide("Name") with { Format = "name" },
        ],
        Cells);

    private static void Cells(RowWriter row, JsonElement item)
    {
        var target = item.Has("involvedObject") ? item.Child("involvedObject") : item.Child("regarding");
        var first = Time(item, "firstTimestamp", "deprecatedFirstTimestamp") ?? item.Time("eventTime");
        var last = Time(item, "lastTimestamp", "deprecatedLastTimestamp") ?? first;
        var count = item.Integer("count") ?? item.Count("deprecatedCount");
        if (item.Child("series") is var series && series.IsSomething())
        {
            (last, count) = (series.Time("lastObservedTime"), series.Count("count"));
        }
        row.Since(last);
        row.Text(item.Text("type"));
        row.Text(item.Text("reason"));
        row.Text(Target(target));
        row.Text(target.Text("fieldPath"));
        row.Text(Source(item));
        row.Text(item.Text("message", item.Text("note")).Trim());
        row.Since(first);
        // an event that was never repeated carries no count
        row.Integer(Math.Max(count, 1));
        row.Name(item);
    }

    private static DateTimeOffset? Time(JsonElement item, string core, string newer) => item.Time(core) ?? item.Time(newer);

    private static string Target(JsonElement target)
    {
        var kind = target.Text("kind").ToLowerInvariant();
        var name = target.Text("name");
        return name.Length == 0 ? kind : $"{kind}/{name}";
    }

    private static string Source(JsonElement item)
    {
        var source = item.Has("source") ? item.Child("source") : item.Child("deprecatedSource");
        var component = source.Text("component", item.Text("reportingComponent", item.Text("reportingController")));
        var instance = source.Text("host", item.Text("reportingInstance"));
        return instance.Length == 0 ? component : $"{component}, {instance}";
    }
}
