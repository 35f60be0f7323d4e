using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Tables;

/// <summary>The table of kinds that have none of their own: roles, definitions, limit ranges.</summary>
internal static class PlainTable
{
    public static TableLayout Layout { get; } = new(
        [TableColumn.ObjectName, new("Created At", "date", Description: "When the object was created.")],
        (row, item) =>
        {
            row.Name(item);
            row.Text(item.Child("metadata").Time("creationTimestamp") is { } created ? Rfc3339.Of(created) : "");
        });
}
