using System.Text.Json.Nodes;
using Katabira.Cluster.Controllers;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Storage;
using Katabira.Net.Pods;
using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Node.Agent;

/// <summary>
/// Has a worker for each pod of the node, and hands it what happens to its object. Pods that live from before are found and go on; folders whose objects
/// are gone are ended. One owner runs it; when it ends, the pods go on without it.
/// </summary>
internal sealed class NodePods(ClusterClient client, string nodeName, string home, PodMeans means, ILogger logger)
{
    private static readonly GroupResource s_pods = new("", "pods");
    private static readonly GroupResource s_configMaps = new("", "configmaps");
    private static readonly GroupResource s_secrets = new("", "secrets");

    /// <summary>How often tokens are looked at; everything else comes with changes.</summary>
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, Entry> _workers = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly EventQueue _events = new(client);

    public async Task RunAsync(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] side =
        [
            _events.RunAsync(stop.Token), RefreshAsync(stop.Token), FollowAsync(s_configMaps, stop.Token), FollowAsync(s_secrets, stop.Token),
        ];
        try
        {
            var living = new Dictionary<string, IReadOnlyList<ContainerState>>(await LivingPods.FindAsync(home, client.State.Time, cancel), StringComparer.Ordinal);
            await WatchAsync(living, cancel);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(side).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await EndWorkersAsync();
        }
    }

    /// <summary>Follows the pods for ever. A reader that was too slow begins again, and what is not there any more is gone.</summary>
    private async Task WatchAsync(Dictionary<string, IReadOnlyList<ContainerState>> living, CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (client.State.Store.Watch(new StoreRange(s_pods), new WatchStart.InitialList()) is not WatchResult.Started { Watch: var watch })
            {
                continue;
            }
            await using (watch)
            {
                HashSet<string>? listed = new(StringComparer.Ordinal);
                await foreach (var told in watch.ReadAllAsync(cancel))
                {
                    switch (told)
                    {
                        case Change change:
                            await TakeAsync(change, listed, living, cancel);
                            break;
                        case InitialListEnd:
                            Missing(listed!, living); // not null: a list ends once
                            listed = null;
                            break;
                        case WatchEnded { Reason: WatchEndReason.Closed }:
                            return;
                    }
                }
            }
        }
    }

    private async Task TakeAsync(Change change, HashSet<string>? listed, Dictionary<string, IReadOnlyList<ContainerState>> living, CancellationToken cancel)
    {
        var pod = StoredJson.Read(change.Object);
        var uid = pod.Child("metadata").Text("uid");
        if (pod.Child("spec").Text("nodeName") != nodeName)
        {
            return;
        }
        listed?.Add(uid);
        if (Find(uid) is { } known)
        {
            known.Worker.Post(change.Type == ChangeType.Deleted ? new PodNews.Gone() : new PodNews.Changed(pod));
        }
        else if (change.Type != ChangeType.Deleted)
        {
            await BeginAsync(pod, uid, living, cancel);
        }
    }

    private async Task BeginAsync(JsonObject pod, string uid, Dictionary<string, IReadOnlyList<ContainerState>> living, CancellationToken cancel)
    {
        var folder = PodFolder.Of(home, uid);
        var hands = new PodHands(folder, means, client.State.Time);
        string? address = null;
        // one whose worker failed lives on too
        var states = living.Remove(uid, out var found) ? found : await LivingPods.AskAsync(folder, client.State.Time, cancel);
        if (states is not null && await means.FindAsync(pod, cancel) is { } network)
        {
            hands.Adopt(network);
            address = network.Address.ToString();
        }
        states ??= await PodProcess.ReadStateFileAsync(folder.Path, cancel) ?? [];
        Begin(PodRecall.Of(pod, states, address, client.State.Time.GetUtcNow()), hands);
    }

    /// <summary>What the list does not have is gone: objects that were removed while nobody looked, and folders of pods without an object.</summary>
    private void Missing(HashSet<string> listed, Dictionary<string, IReadOnlyList<ContainerState>> living)
    {
        foreach (var folder in PodFolder.All(home).Where(f => !listed.Contains(f.Uid)))
        {
            if (Find(folder.Uid) is { } known)
            {
                known.Worker.Post(new PodNews.Gone());
                continue;
            }
            var isLiving = living.Remove(folder.Uid);
            Begin(PodRecall.OfNobody(folder.Uid, isLiving, client.State.Time.GetUtcNow()), new PodHands(folder, means, client.State.Time));
        }
    }

    private void Begin(PodMemory pod, PodHands hands)
    {
        var voice = new PodVoice(ReportAsync, FinishAsync, (about, told) => _events.Tell(about, told));
        var worker = PodWorker.Start(pod, hands, voice, client.State.Time, logger);
        lock (_lock)
        {
            _workers[pod.Uid] = new(worker, pod.Pod);
        }
        _ = ForgetAsync(pod.Uid, worker);
    }

    /// <summary>Never throws: a worker that failed is told about, and its pod is looked at again when its object changes.</summary>
    private async Task ForgetAsync(string uid, PodWorker worker)
    {
        try
        {
            await worker.Ended;
        }
        catch (Exception e)
        {
            AgentLog.Failed(logger, e, uid);
        }
        lock (_lock)
        {
            if (_workers.TryGetValue(uid, out var entry) && entry.Worker == worker)
            {
                _workers.Remove(uid);
            }
        }
    }

    private Entry? Find(string uid)
    {
        lock (_lock)
        {
            return _workers.GetValueOrDefault(uid);
        }
    }

    private static StoreKey KeyOf(JsonObject pod) => new("", "pods", pod.NamespaceOf(), pod.NameOf());

    private async Task ReportAsync(JsonObject pod, JsonObject report, CancellationToken cancel) =>
        await client.TryUpdateAsync(KeyOf(pod), Subresource.StatusName, live =>
        {
            if (live.Child("metadata").Text("uid") == pod.Child("metadata").Text("uid"))
            {
                live["status"] = PodReport.Seen(report, live.Child("status"));
            }
        }, cancel);

    private async Task FinishAsync(JsonObject pod, CancellationToken cancel) => await client.TryFinishAsync(KeyOf(pod), pod.Child("metadata").Text("uid"), cancel);

    private async Task RefreshAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(s_refresh, client.State.Time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            Post(_ => true);
        }
    }

    private async Task FollowAsync(GroupResource resource, CancellationToken cancel)
    {
        await foreach (var change in ClusterChanges.ReadAsync(client.State.Store, resource, cancel))
        {
            var (ns, quoted) = (change.Object.Key.Namespace, $"\"{change.Object.Key.Name}\"");
            Post(pod => pod.NamespaceOf() == ns && pod.Child("spec")!.ToJsonString().Contains(quoted, StringComparison.Ordinal)); // not null: a stored pod has a spec
        }
    }

    private void Post(Func<JsonObject, bool> concerns)
    {
        List<Entry> workers;
        lock (_lock)
        {
            workers = [.. _workers.Values];
        }
        foreach (var entry in workers.Where(w => w.Pod.Child("spec") is not null && concerns(w.Pod)))
        {
            entry.Worker.Post(new PodNews.TryAgain());
        }
    }

    private async Task EndWorkersAsync()
    {
        List<Entry> workers;
        lock (_lock)
        {
            workers = [.. _workers.Values];
        }
        await Task.WhenAll(workers.Select(w => w.Worker.DisposeAsync().AsTask()));
    }

    /// <param name="Pod">As it was at the beginning: what its containers refer to does not change.</param>
    private sealed record Entry(PodWorker Worker, JsonObject Pod);
}
