using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Controllers;
using Katabira.Cluster.Network.Rules;
using Katabira.Cluster.Storage;
using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Network.Services;

/// <summary>
/// What the node itself answers for, as objects that users expect: the Service of the name server, and the endpoints of it and of the API. Written at every start;
/// a Service of the name that is there already stays as it is.
/// </summary>
internal sealed class NodeServices(ClusterClient client, ILogger logger)
{
    private static readonly GroupResource s_services = new("", "services");
    private static readonly GroupResource s_endpoints = new("", "endpoints");
    private static readonly GroupResource s_slices = new("discovery.k8s.io", "endpointslices");

    public async Task FillAsync(CancellationToken cancel)
    {
        await TryAsync("kubernetes", () => SetEndpointsAsync("default", "kubernetes", [Port("https", ClusterNetwork.ApiPort, "TCP")], cancel));
        await TryAsync("kube-dns", async () =>
        {
            if (client.Find(s_services, "kube-system", "kube-dns") is null)
            {
                await client.TryCreateAsync(s_services, "kube-system", DnsService(), cancel);
            }
            await SetEndpointsAsync("kube-system", "kube-dns", [Port("dns", 53, "UDP"), Port("dns-tcp", 53, "TCP")], cancel);
        });
    }

    /// <summary>Somebody's webhook or somebody's Service at that address may object. Names and the API are reached all the same.</summary>
    private async Task TryAsync(string service, Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (ApiException refused)
        {
            NetworkLog.NotWritten(logger, service, refused.Failure.Message);
        }
    }

    private async Task SetEndpointsAsync(string ns, string name, JsonObject[] ports, CancellationToken cancel)
    {
        var subsets = new JsonArray(new JsonObject
        {
            ["addresses"] = new JsonArray(new JsonObject { ["ip"] = NodeAddresses.Node.ToString() }),
            ["ports"] = Copies(ports),
        });
        if (!await client.TryUpdateAsync(new StoreKey("", "endpoints", ns, name), "", live => live["subsets"] = subsets.DeepClone(), cancel))
        {
            var made = Named("v1", "Endpoints", name);
            made["subsets"] = subsets;
            await client.TryCreateAsync(s_endpoints, ns, made, cancel);
        }
        var endpoints = new JsonArray(new JsonObject
        {
            ["addresses"] = new JsonArray(NodeAddresses.Node.ToString()),
            ["conditions"] = new JsonObject { ["ready"] = true, ["serving"] = true, ["terminating"] = false },
        });
        var key = new StoreKey(s_slices.Group, s_slices.Plural, ns, name);
        if (!await client.TryUpdateAsync(key, "", live => (live["endpoints"], live["ports"]) = (endpoints.DeepClone(), Copies(ports)), cancel))
        {
            var made = Named("discovery.k8s.io/v1", "EndpointSlice", name);
            made["metadata"]!["labels"] = new JsonObject { [ServiceRules.ServiceLabel] = name }; // not null: it was just made
            (made["addressType"], made["endpoints"], made["ports"]) = ("IPv4", endpoints, Copies(ports));
            await client.TryCreateAsync(s_slices, ns, made, cancel);
        }
    }

    private static JsonObject DnsService()
    {
        var service = Named("v1", "Service", "kube-dns");
        service["metadata"]!["labels"] = new JsonObject // not null: it was just made
        {
            ["k8s-app"] = "kube-dns",
            ["kubernetes.io/cluster-service"] = "true",
            ["kubernetes.io/name"] = "CoreDNS",
        };
        service["spec"] = new JsonObject { ["clusterIP"] = NodeAddresses.Dns.ToString(), ["ports"] = new JsonArray(Port("dns", 53, "UDP"), Port("dns-tcp", 53, "TCP")) };
        return service;
    }

    private static JsonObject Named(string apiVersion, string kind, string name) =>
        new() { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name } };

    private static JsonObject Port(string name, int port, string protocol) => new() { ["name"] = name, ["port"] = port, ["protocol"] = protocol };

    private static JsonArray Copies(JsonObject[] ports) => new([.. ports.Select(p => p.DeepClone())]);
}
