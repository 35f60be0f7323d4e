using System.Globalization;
using Katabira.Cluster.Controllers;
using Katabira.Cluster.Discovery;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Node.Agent;

/// <summary>Keeps the node's object and its lease: the object when something changed and every five minutes, the lease every ten seconds.</summary>
/// <param name="whyNot">Why no pod can run; empty if they can.</param>
internal sealed class NodeRegistration(ClusterClient client, string name, MachineFacts machine, string whyNot)
{
    private const int LeaseSeconds = 40;
    private const int RenewalsPerHeartbeat = 30;

    private static readonly TimeSpan s_renewal = TimeSpan.FromSeconds(LeaseSeconds / 4);
    private static readonly GroupResource s_nodes = new("", "nodes");
    private static readonly GroupResource s_leases = new("coordination.k8s.io", "leases");

    private readonly StoreKey _node = new("", "nodes", "", name);
    private readonly StoreKey _lease = new("coordination.k8s.io", "leases", "kube-node-lease", name);

    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(s_renewal, client.State.Time);
        for (var renewal = 0; ; renewal++)
        {
            if (renewal % RenewalsPerHeartbeat == 0 || client.State.Find(s_nodes, "", name) is null)
            {
                await RegisterAsync(cancel);
            }
            await RenewAsync(cancel);
            await timer.WaitForNextTickAsync(cancel);
        }
    }

    /// <summary>Makes the object what it should be; once is enough for a node that is there.</summary>
    public async Task RegisterAsync(CancellationToken cancel)
    {
        if (client.State.Find(s_nodes, "", name) is null)
        {
            var node = NodeReport.New(name);
            NodeReport.Describe(node, machine, whyNot);
            await client.TryCreateAsync(s_nodes, "", node, cancel);
        }
        await client.TryUpdateAsync(_node, "", node => NodeReport.Describe(node, machine, whyNot), cancel);
        await client.TryUpdateAsync(_node, Subresource.StatusName,
            node => node["status"] = NodeReport.Status(node.Child("status"), name, machine, ServerVersion.Release, whyNot, client.State.Time.GetUtcNow()), cancel);
    }

    private async Task RenewAsync(CancellationToken cancel)
    {
        var now = client.State.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var isRenewed = await client.TryUpdateAsync(_lease, "", lease => { if (lease.Child("spec") is { } spec) { spec["renewTime"] = now; } }, cancel);
        if (!isRenewed && client.State.Find(s_nodes, "", name) is { } node)
        {
            await client.TryCreateAsync(s_leases, _lease.Namespace, NodeReport.Lease(node, now, LeaseSeconds), cancel);
        }
    }
}
