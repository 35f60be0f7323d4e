using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Resources;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Controllers;

/// <summary>Writes into aggregated ClusterRoles what they allow, for people to read; the server itself resolves them anew and trusts none of it.</summary>
internal sealed class RoleAggregation(ClusterClient client)
{
    private static readonly GroupResource s_roles = new("rbac.authorization.k8s.io", "clusterroles");

    public async Task RunAsync(CancellationToken cancel)
    {
        await foreach (var _ in ClusterChanges.ReadAsync(client.State.Store, s_roles, cancel))
        {
            JsonObject[] all = [.. ClusterState.All(client.State.Store.Current, s_roles)];
            foreach (var role in all.Where(r => r.Has("aggregationRule")))
            {
                var rules = new JsonArray([.. RoleSet.Aggregate(role, all, ClusterState.Matches).Select(r => (JsonNode)r.ToJson())]);
                if (!JsonNode.DeepEquals(role["rules"], rules))
                {
                    await client.TryUpdateAsync(new StoreKey(s_roles.Group, s_roles.Plural, "", role.NameOf()), "", live => live["rules"] = rules.DeepClone(), cancel);
                }
            }
        }
    }
}
