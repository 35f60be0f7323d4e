namespace Katabira.Cluster.Tables.Kinds;

/// <summary>Namespaces and the plain holders of data in them.</summary>
internal static class ConfigTables
{
    private static readonly TableColumn s_data = new("Data", Description: "Number of keys.");

    public static TableLayout Namespace { get; } = new(
        [TableColumn.ObjectName, new("Status", Description: "Active, or Terminating."), TableColumn.Age],
        (row, item) =>
        {
            row.Name(item);
            row.Text(item.Child("status").Text("phase"));
            row.Age(item);
        });

    public static TableLayout ConfigMap { get; } = new(
        [TableColumn.ObjectName, s_data, TableColumn.Age],
        (row, item) =>
        {
            row.Name(item);
            row.Integer(item.Length("data") + item.Length("binaryData"));
            row.Age(item);
        });

    public static TableLayout Secret { get; } = new(
        [TableColumn.ObjectName, new("Type", Description: "What the keys mean."), s_data, TableColumn.Age],
        (row, item) =>
        {
            row.Name(item);
            row.Text(item.Text("type"));
            row.Integer(item.Length("data"));
            row.Age(item);
        });

    public static TableLayout ServiceAccount { get; } = new(
        [TableColumn.ObjectName, new("Secrets", Description: "Number of secrets its pods may mount."), TableColumn.Age],
        (row, item) =>
        {
            row.Name(item);
            row.Integer(item.Length("secrets"));
            row.Age(item);
        });

    public static TableLayout PodTemplate { get; } = new(
        [
            TableColumn.ObjectName,
            new("Containers", Description: "Names of the containers."),
            new("Images", Description: "Their images."),
            new("Pod Labels", Description: "Labels of the pods to be."),
        ],
        (row, item) =>
        {
            row.Name(item);
            row.Containers(item.Child("template").Child("spec"));
            row.Text(SelectorText.OfLabels(item.Child("template").Child("metadata"), "labels"));
        });
}
