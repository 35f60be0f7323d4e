using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Controllers;

/// <summary>
/// What every cluster has from its first start: namespaces, roles, the Service of the API. Run at every start; what is there stays as it is, so that
/// an operator's change to it is not undone.
/// </summary>
internal sealed class Bootstrap(ClusterClient client)
{
    private static readonly GroupResource s_namespaces = new("", "namespaces");
    private static readonly GroupResource s_services = new("", "services");
    private static readonly GroupResource s_clusterRoles = new("rbac.authorization.k8s.io", "clusterroles");
    private static readonly GroupResource s_clusterRoleBindings = new("rbac.authorization.k8s.io", "clusterrolebindings");

    public async Task RunAsync(CancellationToken cancel)
    {
        var writes = new List<Task>();
        foreach (var name in (string[])["default", "kube-node-lease", "kube-public", "kube-system"])
        {
            writes.Add(AddAsync(s_namespaces, "", Named("v1", "Namespace", name), cancel));
        }
        writes.AddRange(DefaultRoles.Roles().Select(role => AddAsync(s_clusterRoles, "", role, cancel)));
        writes.AddRange(DefaultRoles.Bindings().Select(binding => AddAsync(s_clusterRoleBindings, "", binding, cancel)));
        await Task.WhenAll(writes);
        await AddAsync(s_services, "default", ApiService(), cancel);
    }

    private async Task AddAsync(GroupResource resource, string ns, JsonObject item, CancellationToken cancel)
    {
        if (client.Find(resource, ns, item.NameOf()) is null)
        {
            await client.TryCreateAsync(resource, ns, item, cancel);
        }
    }

    private static JsonObject ApiService()
    {
        var service = Named("v1", "Service", "kubernetes");
        service["metadata"]!["labels"] = new JsonObject { ["component"] = "apiserver", ["provider"] = "kubernetes" }; // not null: it was just made
        service["spec"] = new JsonObject
        {
            ["clusterIP"] = "10.96.0.1",
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = 443, ["protocol"] = "TCP", ["targetPort"] = 6443 }),
        };
        return service;
    }

    private static JsonObject Named(string apiVersion, string kind, string name) =>
        new() { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name } };
}
