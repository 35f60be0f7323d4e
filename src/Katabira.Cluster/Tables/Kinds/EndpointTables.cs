using System.Text.Json;

namespace Katabira.Cluster.Tables.Kinds;

/// <summary>Endpoints and endpoint slices.</summary>
internal static class EndpointTables
{
    public static TableLayout Endpoints { get; } = new(
        [TableColumn.ObjectName, new("Endpoints", Description: "The first addresses and ports."), TableColumn.Age],
        (row, item) =>
        {
            row.Name(item);
            row.Text(ShortList.Of(item.Items("subsets").SelectMany(Addresses), RowWriter.None));
            row.Age(item);
        });

    public static TableLayout EndpointSlice { get; } = new(
        [
            TableColumn.ObjectName,
            new("AddressType", Description: "IPv4, IPv6 or FQDN."),
            new("Ports", Description: "The first ports."),
            new("Endpoints", Description: "The first addresses."),
            TableColumn.Age,
        ],
        (row, item) =>
        {
            row.Name(item);
            row.Text(item.Text("addressType"));
            row.Text(ShortList.Of(item.Items("ports").Select(Port), RowWriter.Unset));
            row.Text(ShortList.Of(item.Items("endpoints").SelectMany(e => e.Texts("addresses")), RowWriter.Unset));
            row.Age(item);
        });

    private static string Port(JsonElement port) => port.Integer("port") is { } number ? $"{number}" : port.Text("name", "*");

    private static IEnumerable<string> Addresses(JsonElement subset)
    {
        var addresses = subset.Items("addresses").Select(a => a.Text("ip"));
        return subset.Length("ports") == 0
            ? addresses
            : subset.Items("ports").SelectMany(p => addresses.Select(a => a.Contains(':') ? $"[{a}]:{p.Count("port")}" : $"{a}:{p.Count("port")}"));
    }
}
