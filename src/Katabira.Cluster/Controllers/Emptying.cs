using Katabira.Cluster.Objects;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Controllers;

/// <summary>Deletes everything in some places and waits, by watching them, until those are empty who have to do something first. Thread-safe.</summary>
internal sealed class Emptying(ClusterClient client)
{
    /// <summary>Asks every object in the places to go.</summary>
    /// <returns>
    /// The places where something is left, and the moment before the first was asked: what was put there since, by a request that began before the end,
    /// is a change that <see cref="WaitAsync"/> does not miss.
    /// </returns>
    public async Task<(IReadOnlyList<StoreRange> Left, Revision Seen)> DeleteAllAsync(IReadOnlyCollection<StoreRange> places, CancellationToken cancel)
    {
        var before = client.State.Store.Current;
        foreach (var item in places.SelectMany(place => ObjectsIn(before, place)))
        {
            await client.TryDeleteAsync(item.Key, "", Propagation.Background, cancel);
        }
        var now = client.State.Store.Current;
        return ([.. places.Where(place => now.Range(place).Count > 0)], before.Revision);
    }

    /// <summary>Waits until something changes in one of the places.</summary>
    public async Task WaitAsync(IEnumerable<StoreRange> places, Revision since, CancellationToken cancel)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var waits = places.Select(place => ChangeAsync(place, since, done.Token)).ToList();
        await Task.WhenAny(waits);
        await done.CancelAsync();
        await Task.WhenAll(waits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
    }

    private async Task ChangeAsync(StoreRange place, Revision since, CancellationToken cancel)
    {
        // history that is gone means that much has happened: look again at once
        if (client.State.Store.Watch(place, new WatchStart.After(since)) is WatchResult.Started { Watch: var watch })
        {
            await using (watch)
            {
                await using var events = watch.ReadAllAsync(cancel).GetAsyncEnumerator(cancel);
                await events.MoveNextAsync();
            }
        }
    }

    private static IEnumerable<StoredObject> ObjectsIn(Snapshot now, StoreRange place)
    {
        var range = now.Range(place);
        for (var i = 0; i < range.Count; i++)
        {
            yield return range[i];
        }
    }
}
