using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Containers;

/// <summary>The variables by which containers find Services without DNS: <c>REDIS_CART_SERVICE_HOST</c> and those that Docker's links had. Pure.</summary>
internal static class ServiceVariables
{
    /// <summary>The API's own Service, which every pod is told about.</summary>
    private const string Api = "kubernetes";

    private const string ApiNamespace = "default";

    /// <param name="services">Of the pod's namespace, and the API's; others are left out.</param>
    public static Dictionary<string, string> Of(JsonObject pod, IEnumerable<JsonObject> services)
    {
        var links = pod.Child("spec")?["enableServiceLinks"].AsBoolean() ?? true;
        var ns = pod.NamespaceOf();
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        // of two Services named kubernetes the pod's own counts, if it is told about its own
        foreach (var service in services.OrderBy(s => s.NamespaceOf() == ns).ThenBy(s => s.NameOf(), StringComparer.Ordinal))
        {
            var isApi = service.NamespaceOf() == ApiNamespace && service.NameOf() == Api;
            if (isApi || (links && service.NamespaceOf() == ns))
            {
                Add(service, variables);
            }
        }
        return variables;
    }

    private static void Add(JsonObject service, Dictionary<string, string> variables)
    {
        var spec = service.Child("spec");
        // a headless Service has no address
        if (!IPAddress.TryParse(spec.Text("clusterIP"), out _) || spec.Items("ports").ToArray() is not [var first, ..] ports)
        {
            return;
        }
        var (prefix, address) = (Name(service.NameOf()), spec.Text("clusterIP"));
        variables[$"{prefix}_SERVICE_HOST"] = address;
        variables[$"{prefix}_SERVICE_PORT"] = Number(first);
        foreach (var port in ports.Where(p => p.Text("name").Length > 0))
        {
            variables[$"{prefix}_SERVICE_PORT_{Name(port.Text("name"))}"] = Number(port);
        }
        variables[$"{prefix}_PORT"] = Link(first, address);
        foreach (var port in ports)
        {
            var protocol = port.Text("protocol", "TCP");
            var link = $"{prefix}_PORT_{Number(port)}_{protocol.ToUpperInvariant()}";
            variables[link] = Link(port, address);
            variables[$"{link}_PROTO"] = protocol.ToLowerInvariant();
            variables[$"{link}_PORT"] = Number(port);
            variables[$"{link}_ADDR"] = address;
        }
    }

    private static string Link(JsonObject port, string address)
    {
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        return $"{port.Text("protocol", "TCP").ToLowerInvariant()}://{host}:{Number(port)}";
    }

    private static string Number(JsonObject port) => port.Count("port").ToString(CultureInfo.InvariantCulture);

    private static string Name(string name) => name.Replace('-', '_').ToUpperInvariant();
}
