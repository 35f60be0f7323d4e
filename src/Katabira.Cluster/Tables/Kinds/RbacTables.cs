using System.Text.Json;

namespace Katabira.Cluster.Tables.Kinds;

/// <summary>Bindings of roles; roles themselves have the plain table.</summary>
internal static class RbacTables
{
    public static TableLayout Binding { get; } = new(
        [
            TableColumn.ObjectName,
            new("Role", Description: "Kind and name of the role."),
            TableColumn.Age,
            TableColumn.Wide("Users", "Users who have it."),
            TableColumn.Wide("Groups", "Groups that have it."),
            TableColumn.Wide("ServiceAccounts", "Service accounts that have it."),
        ],
        (row, item) =>
        {
            var role = item.Child("roleRef");
            row.Name(item);
            row.Text($"{role.Text("kind")}/{role.Text("name")}");
            row.Age(item);
            row.Text(Subjects(item, "User"));
            row.Text(Subjects(item, "Group"));
            row.Text(Subjects(item, "ServiceAccount"));
        });

    private static string Subjects(JsonElement binding, string kind) => string.Join(", ", binding.Items("subjects")
        .Where(s => s.Text("kind") == kind)
        .Select(s => kind == "ServiceAccount" ? $"{s.Text("namespace")}/{s.Text("name")}" : s.Text("name")));
}
