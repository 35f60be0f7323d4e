using System.Threading.Channels;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Controllers;

/// <summary>Where a change tells a controller to look.</summary>
/// <param name="Resource">Whose changes.</param>
/// <param name="Keys">The objects to reconcile because of one; none if it does not matter.</param>
internal sealed record ChangeSource(GroupResource Resource, Func<Change, IEnumerable<StoreKey>> Keys);

/// <summary>
/// Runs one level-triggered controller: changes say which objects to look at, the controller looks at the world as it is and does what is missing. An
/// object is in the queue once, however often it is named; one at a time is looked at. What fails is tried again, later each time. One owner runs it.
/// </summary>
/// <param name="sources">What to watch.</param>
/// <param name="reconcile">Brings one object's world in order; returns after which time to look again without a reason, null for never.</param>
internal sealed class Reconciler(ClusterClient client, IReadOnlyList<ChangeSource> sources, Func<StoreKey, CancellationToken, Task<TimeSpan?>> reconcile, Action<Exception, StoreKey> tell)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    private readonly Channel<StoreKey> _queue = Channel.CreateUnbounded<StoreKey>();
    private readonly HashSet<StoreKey> _queued = [];
    private readonly Dictionary<StoreKey, int> _failures = [];

    public async Task RunAsync(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] watches = [.. sources.Select(s => WatchAsync(s, stop.Token))];
        try
        {
            await foreach (var key in _queue.Reader.ReadAllAsync(stop.Token))
            {
                lock (_queued)
                {
                    _queued.Remove(key);
                }
                await TakeAsync(key, stop.Token);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(watches).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TakeAsync(StoreKey key, CancellationToken cancel)
    {
        try
        {
            var again = await reconcile(key, cancel);
            _failures.Remove(key);
            if (again is { } pause)
            {
                Later(key, pause, cancel);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // the boundary: one object's trouble is not the others'
            var count = _failures[key] = _failures.GetValueOrDefault(key) + 1;
            tell(e, key);
            var pause = s_firstPause * Math.Pow(2, Math.Min(count - 1, 16));
            Later(key, pause < s_longestPause ? pause : s_longestPause, cancel);
        }
    }

    private async Task WatchAsync(ChangeSource source, CancellationToken cancel)
    {
        try
        {
            await foreach (var change in ClusterChanges.ReadAsync(client.State.Store, source.Resource, cancel))
            {
                foreach (var key in source.Keys(change))
                {
                    Enqueue(key);
                }
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _queue.Writer.TryComplete(e);
        }
    }

    private void Enqueue(StoreKey key)
    {
        lock (_queued)
        {
            if (_queued.Add(key))
            {
                _queue.Writer.TryWrite(key); // not bounded by itself, but by the objects there are
            }
        }
    }

    private void Later(StoreKey key, TimeSpan pause, CancellationToken cancel) =>
        _ = Task.Delay(pause, client.State.Time, cancel).ContinueWith(_ => Enqueue(key), cancel, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
}
