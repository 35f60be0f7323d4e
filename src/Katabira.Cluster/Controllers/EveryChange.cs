using System.Threading.Channels;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Controllers;

/// <summary>
/// The objects of every resource that is served, as they are and as they change; resources that definitions add later are among them. Changes of one
/// resource come in order, those of different resources as it happens. One owner reads it.
/// </summary>
internal sealed class EveryChange(ClusterClient client)
{
    /// <summary>A reader that is behind holds the watches back, not memory.</summary>
    private const int MostWaiting = 256;

    private readonly HashSet<GroupResource> _watched = [];

    /// <summary>Reads until cancelled. A watch that fails ends it with that failure.</summary>
    public async Task ReadAsync(Func<Change, Task> take, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var changes = Channel.CreateBounded<Change>(MostWaiting);
        var watches = new List<Task>();
        try
        {
            Watch(watches, changes, stop.Token);
            await foreach (var change in changes.Reader.ReadAllAsync(stop.Token))
            {
                if (change.Object.Key.Resource == CustomResources.Definitions)
                {
                    Watch(watches, changes, stop.Token);
                }
                await take(change);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(watches).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Watch(List<Task> watches, Channel<Change> changes, CancellationToken stop)
    {
        foreach (var form in client.State.Api.Forms)
        {
            if (_watched.Add(form.Home))
            {
                watches.Add(ForwardAsync(form.Home, changes.Writer, stop));
            }
        }
    }

    /// <remarks>A resource whose definition goes stays watched: it has no objects then, and may come again.</remarks>
    private async Task ForwardAsync(GroupResource resource, ChannelWriter<Change> to, CancellationToken stop)
    {
        try
        {
            await foreach (var change in ClusterChanges.ReadAsync(client.State.Store, resource, stop))
            {
                await to.WriteAsync(change, stop);
            }
            to.TryComplete();
        }
        catch (OperationCanceledException)
        {
            // the reader has gone
        }
        catch (Exception e)
        {
            to.TryComplete(e);
        }
    }
}
