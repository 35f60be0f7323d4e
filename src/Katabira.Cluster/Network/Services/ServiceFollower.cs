using System.Threading.Channels;
using Katabira.Cluster.Controllers;
using Katabira.Cluster.Network.Dns;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Network.Services;

/// <summary>
/// Keeps what the kernel forwards and what the name server answers in step with Services and EndpointSlices. Level-triggered: a change is only a reason to look
/// at the world as it is, so changes that come while the kernel is busy are done together. One owner runs it.
/// </summary>
internal sealed class ServiceFollower(ClusterState state, NodeNetwork network, ClusterDns dns)
{
    private static readonly GroupResource s_services = new("", "services");
    private static readonly GroupResource s_slices = new("discovery.k8s.io", "endpointslices");
    private static readonly GroupResource s_namespaces = new("", "namespaces");

    private readonly ParsedObjects _services = new(s_services);
    private readonly ParsedObjects _slices = new(s_slices);
    private readonly ServiceParts _parts = new();
    private readonly Lock _telling = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Revision _applied;

    /// <summary>Follows until cancelled. A change that the kernel refuses ends it; to begin again writes everything anew.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // one reason is as good as many
        var reasons = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        Task[] watches = [.. new[] { s_services, s_slices, s_namespaces }.Select(r => WatchAsync(r, reasons.Writer, stop.Token))];
        try
        {
            await foreach (var _ in reasons.Reader.ReadAllAsync(stop.Token))
            {
                await ApplyAsync(stop.Token);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(watches).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Brings both in step with the store as it is now. Not while it runs.</summary>
    /// <exception cref="NetworkException">The kernel refuses.</exception>
    public async Task ApplyAsync(CancellationToken cancel)
    {
        var now = state.Store.Current;
        var (table, zone) = _parts.Of(_services.Read(now), _slices.Read(now), Names(now));
        // names last: who has learned an address is not to be refused there
        await network.ApplyAsync(table, cancel);
        dns.Zone = zone;
        Tell(now.Revision);
    }

    /// <summary>Waits until it is in step with the store at a revision of a Service, an EndpointSlice or a namespace.</summary>
    public async Task AppliedAsync(Revision revision, CancellationToken cancel)
    {
        while (true)
        {
            Task next;
            lock (_telling)
            {
                if (_applied.CompareTo(revision) >= 0)
                {
                    return;
                }
                next = _next.Task;
            }
            await next.WaitAsync(cancel);
        }
    }

    private void Tell(Revision revision)
    {
        lock (_telling)
        {
            _applied = revision;
            _next.TrySetResult();
            _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private async Task WatchAsync(GroupResource resource, ChannelWriter<bool> reasons, CancellationToken stop)
    {
        try
        {
            await foreach (var _ in ClusterChanges.ReadAsync(state.Store, resource, stop))
            {
                reasons.TryWrite(true);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            reasons.TryComplete(e);
        }
    }

    private static IEnumerable<string> Names(Snapshot now)
    {
        var range = now.Range(new StoreRange(s_namespaces));
        return Enumerable.Range(0, range.Count).Select(i => range[i].Key.Name);
    }
}
