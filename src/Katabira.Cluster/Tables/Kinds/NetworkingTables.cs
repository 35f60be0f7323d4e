namespace Katabira.Cluster.Tables.Kinds;

/// <summary>Ingresses and network policies.</summary>
internal static class NetworkingTables
{
    public static TableLayout Ingress { get; } = new(
        [
            TableColumn.ObjectName,
            new("Class", Description: "Which controller serves it."),
            new("Hosts", Description: "The first host names."),
            new("Address", Description: "Where it is reached."),
            new("Ports", Description: "80, and 443 if it has TLS."),
            TableColumn.Age,
        ],
        (row, item) =>
        {
            var spec = item.Child("spec");
            row.Name(item);
            row.TextOrNone(spec.Text("ingressClassName"));
            row.Text(ShortList.Of(spec.Items("rules").Select(r => r.Text("host")).Where(h => h.Length > 0), "*"));
            row.Text(string.Join(',', ServiceTable.IngressAddresses(item.Child("status").Child("loadBalancer"))));
            row.Text(spec.Length("tls") > 0 ? "80, 443" : "80");
            row.Age(item);
        });

    public static TableLayout NetworkPolicy { get; } = new(
        [TableColumn.ObjectName, new("Pod-Selector", Description: "Labels of the pods it is for."), TableColumn.Age],
        (row, item) =>
        {
            row.Name(item);
            row.Selector(item.Child("spec").Child("podSelector"));
            row.Age(item);
        });
}
