using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Controllers;

/// <summary>
/// Watches one resource for objects that wait for their end, and lets a task of its own bring each to it. Everything is found again after a restart,
/// because the mark is in the object. One owner runs it.
/// </summary>
internal sealed class Endings(ClusterClient client, GroupResource resource, Func<JsonObject, CancellationToken, Task> end)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Task> _running = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            await foreach (var change in ClusterChanges.ReadAsync(client.State.Store, resource, stop.Token))
            {
                Begin(change, stop.Token);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(_running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Begin(Change change, CancellationToken stop)
    {
        foreach (var (done, task) in _running.Where(r => r.Value.IsCompleted).ToList())
        {
            _running.Remove(done);
            if (task.IsFaulted)
            {
                throw task.Exception.InnerException!; // a faulted task has one; the whole controller begins again
            }
        }
        if (change.Type == ChangeType.Deleted)
        {
            return;
        }
        var item = StoredJson.Read(change.Object);
        var uid = item.Child("metadata").Text("uid");
        if (item.Child("metadata").Has("deletionTimestamp") && !_running.ContainsKey(uid))
        {
            _running[uid] = KeepAsync(item, stop);
        }
    }

    /// <summary>Brings one to its end, however often somebody objects: a webhook may be away, the disk may be full.</summary>
    private async Task KeepAsync(JsonObject item, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await end(item, stop);
                return;
            }
            catch (ApiException)
            {
                await Task.Delay(s_pause, client.State.Time, stop);
            }
        }
    }
}
