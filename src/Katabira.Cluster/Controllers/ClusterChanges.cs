using System.Runtime.CompilerServices;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Controllers;

/// <summary>The objects of a resource as they are, then as they change, without an end: a reader that was too slow begins again.</summary>
internal static class ClusterChanges
{
    public static async IAsyncEnumerable<Change> ReadAsync(Store store, GroupResource resource, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (store.Watch(new StoreRange(resource), new WatchStart.InitialList()) is not WatchResult.Started { Watch: var watch })
            {
                continue;
            }
            await using (watch)
            {
                await foreach (var told in watch.ReadAllAsync(cancel))
                {
                    if (told is Change change)
                    {
                        yield return change;
                    }
                    else if (told is WatchEnded { Reason: WatchEndReason.Closed })
                    {
                        yield break;
                    }
                }
            }
        }
    }
}
