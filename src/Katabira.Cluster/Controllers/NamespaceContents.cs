using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Controllers;

/// <summary>Gives every namespace what pods in it need: the service account <c>default</c>, and the certificate by which they know the API.</summary>
internal sealed class NamespaceContents(ClusterClient client, string authorityPem)
{
    private const string RootName = "kube-root-ca.crt";
    private static readonly GroupResource s_namespaces = new("", "namespaces");
    private static readonly GroupResource s_accounts = new("", "serviceaccounts");
    private static readonly GroupResource s_configMaps = new("", "configmaps");

    /// <remarks>Deleting one of the two brings it back with the namespace's next change; nobody waits for that, so nothing else is watched.</remarks>
    public async Task RunAsync(CancellationToken cancel)
    {
        await foreach (var change in ClusterChanges.ReadAsync(client.State.Store, s_namespaces, cancel))
        {
            if (change.Type != ChangeType.Deleted && StoredJson.Read(change.Object) is { } ns && !ns.Child("metadata").Has("deletionTimestamp"))
            {
                await FillAsync(change.Object.Key.Name, cancel);
            }
        }
    }

    private async Task FillAsync(string ns, CancellationToken cancel)
    {
        try
        {
            if (client.Find(s_accounts, ns, "default") is null)
            {
                await client.TryCreateAsync(s_accounts, ns, Named("ServiceAccount", "default"), cancel);
            }
            var wanted = new JsonObject { ["ca.crt"] = authorityPem };
            if (client.Find(s_configMaps, ns, RootName) is not { } root)
            {
                var made = Named("ConfigMap", RootName);
                made["metadata"]!["annotations"] = new JsonObject // not null: it was just made
                {
                    ["kubernetes.io/description"] = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc.",
                };
                made["data"] = wanted;
                await client.TryCreateAsync(s_configMaps, ns, made, cancel);
            }
            else if (!JsonNode.DeepEquals(root["data"], wanted))
            {
                await client.TryUpdateAsync(new StoreKey("", "configmaps", ns, RootName), "", map => map["data"] = wanted.DeepClone(), cancel);
            }
        }
        catch (ApiException)
        {
            // the namespace has begun to end, or a webhook objects: the others get theirs
        }
    }

    private static JsonObject Named(string kind, string name) => new() { ["apiVersion"] = "v1", ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name } };
}
