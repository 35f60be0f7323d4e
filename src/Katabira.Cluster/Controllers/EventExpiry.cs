using Katabira.Cluster.Objects;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Controllers;

/// <summary>Removes events an hour after they were told last, so that a chatty controller cannot fill the store.</summary>
internal sealed class EventExpiry(ClusterClient client)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(1);
    private static readonly StoreRange s_events = new(new GroupResource("", "events"));

    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(s_interval, client.State.Time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            var (now, events) = (client.State.Time.GetUtcNow(), client.State.Store.Current.Range(s_events));
            for (var i = 0; i < events.Count; i++)
            {
                var item = StoredJson.Read(events[i]);
                var told = item.Time("lastTimestamp") ?? item.Time("eventTime") ?? item.Child("metadata").Time("creationTimestamp");
                if (told is { } last && now - last > s_lifetime)
                {
                    await client.TryDeleteAsync(events[i].Key, item.Child("metadata").Text("uid"), Propagation.Background, cancel);
                }
            }
        }
    }
}
