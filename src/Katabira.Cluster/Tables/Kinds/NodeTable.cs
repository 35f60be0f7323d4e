using System.Text.Json;

namespace Katabira.Cluster.Tables.Kinds;

internal static class NodeTable
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public static TableLayout Layout { get; } = new(
        [
            TableColumn.ObjectName,
            new("Status", Description: "Whether it can run pods, and whether new ones may come."),
            new("Roles", Description: "From its labels."),
            TableColumn.Age,
            new("Version", Description: "Of its agent."),
            TableColumn.Wide("Internal-IP", "Its address in the cluster."),
            TableColumn.Wide("External-IP", "Its address outside."),
            TableColumn.Wide("OS-Image", "Its operating system."),
            TableColumn.Wide("Kernel-Version", "Its kernel."),
            TableColumn.Wide("Container-Runtime", "What runs its containers."),
        ],
        (row, item) =>
        {
            var status = item.Child("status");
            var info = status.Child("nodeInfo");
            row.Name(item);
            row.Text(Status(item.Child("spec"), status));
            row.TextOrNone(string.Join(',', Roles(item.Child("metadata")).Distinct().Order(StringComparer.Ordinal)));
            row.Age(item);
            row.Text(info.Text("kubeletVersion"));
            row.TextOrNone(Address(status, "InternalIP"));
            row.TextOrNone(Address(status, "ExternalIP"));
            row.Text(info.Text("osImage", HumanDuration.Unknown));
            row.Text(info.Text("kernelVersion", HumanDuration.Unknown));
            row.Text(info.Text("containerRuntimeVersion", HumanDuration.Unknown));
        });

    private static string Status(JsonElement spec, JsonElement status)
    {
        var condition = Conditions.Find(status, "Ready");
        var ready = !condition.IsSomething() ? "Unknown" : condition.Is("status", "True"u8) ? "Ready" : "NotReady";
        return spec.Flag("unschedulable") ? ready + ",SchedulingDisabled" : ready;
    }

    private static IEnumerable<string> Roles(JsonElement metadata)
    {
        foreach (var (label, value) in metadata.Pairs("labels"))
        {
            if (label.Length > RolePrefix.Length && label.StartsWith(RolePrefix, StringComparison.Ordinal))
            {
                yield return label[RolePrefix.Length..];
            }
            else if (label == "kubernetes.io/role" && value.Length > 0)
            {
                yield return value;
            }
        }
    }

    private static string Address(JsonElement status, string type) =>
        status.Items("addresses").FirstOrDefault(a => a.Text("type") == type).Text("address");
}
