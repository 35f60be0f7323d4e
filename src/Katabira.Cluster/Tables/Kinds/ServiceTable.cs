using System.Text.Json;

namespace Katabira.Cluster.Tables.Kinds;

internal static class ServiceTable
{
    public static TableLayout Layout { get; } = new(
        [
            TableColumn.ObjectName,
            new("Type", Description: "How the service is reached."),
            new("Cluster-IP", Description: "Its address inside the cluster."),
            new("External-IP", Description: "Its addresses outside the cluster."),
            new("Port(s)", Description: "Its ports: port, node port if any, protocol."),
            TableColumn.Age,
            TableColumn.Selector,
        ],
        Cells);

    private static void Cells(RowWriter row, JsonElement service)
    {
        var spec = service.Child("spec");
        row.Name(service);
        row.Text(spec.Text("type"));
        row.TextOrNone(spec.Texts("clusterIPs").FirstOrDefault() ?? spec.Text("clusterIP"));
        row.Text(ExternalAddress(spec, service.Child("status").Child("loadBalancer")));
        row.TextOrNone(string.Join(',', spec.Items("ports").Select(Port)));
        row.Age(service);
        row.Text(SelectorText.OfLabels(spec, "selector"));
    }

    private static string ExternalAddress(JsonElement spec, JsonElement loadBalancer)
    {
        var external = spec.Texts("externalIPs").ToArray();
        switch (spec.Text("type"))
        {
            case "ClusterIP" or "NodePort":
                return external.Length == 0 ? RowWriter.None : string.Join(',', external);
            case "LoadBalancer":
                var all = string.Join(',', IngressAddresses(loadBalancer).Concat(external));
                return all.Length == 0 ? "<pending>" : all;
            case "ExternalName":
                return spec.Text("externalName");
            default:
                return HumanDuration.Unknown;
        }
    }

    /// <summary>The addresses and host names of a load balancer's status, sorted, each once.</summary>
    public static IEnumerable<string> IngressAddresses(JsonElement loadBalancer) =>
        loadBalancer.Items("ingress").Select(i => i.Text("ip", i.Text("hostname"))).Where(a => a.Length > 0).Distinct().Order(StringComparer.Ordinal);

    private static string Port(JsonElement port) => port.Count("nodePort") is > 0 and var nodePort
        ? $"{port.Count("port")}:{nodePort}/{port.Text("protocol")}"
        : $"{port.Count("port")}/{port.Text("protocol")}";
}
