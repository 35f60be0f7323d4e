using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

/// <summary>Reads a watch step by step, as short lines.</summary>
internal sealed class WatchReader : IAsyncDisposable
{
    private readonly IAsyncEnumerator<WatchEvent> _events;

    public WatchReader(Store store, WatchStart start, StoreRange? range = null, CancellationToken cancellation = default)
    {
        Watch = store.StartWatch(start, range);
        _events = Watch.ReadAllAsync(cancellation).GetAsyncEnumerator(cancellation);
    }

    public Watch Watch { get; }

    public Revision LastRevision { get; private set; }

    public async Task<string> NextAsync()
    {
        Assert.True(await _events.MoveNextAsync(), "the watch is over");
        LastRevision = _events.Current.Revision;
        return _events.Current switch
        {
            Change { Previous: { } previous } c => $"{c.Type} {c.Object.Key.Name}={Samples.TextOf(c.Object)} was {Samples.TextOf(previous)}",
            Change c => $"{c.Type} {c.Object.Key.Name}={Samples.TextOf(c.Object)}",
            WatchEnded end => $"{nameof(WatchEnded)} {end.Revision} {end.Reason}",
            var other => $"{other.GetType().Name} {other.Revision}",
        };
    }

    public async Task<bool> IsOverAsync() => !await _events.MoveNextAsync();

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        await Watch.DisposeAsync();
    }
}

/// <summary>Steps that several tests take.</summary>
internal static class WatchSteps
{
    /// <summary>Makes a watch live: it reads one change, which is written for that.</summary>
    public static async Task JoinAsync(this Store store, WatchReader reader, string name)
    {
        var first = reader.NextAsync();
        await store.PutAsync(name, "x");
        Assert.Equal($"Added {name}=x", await first);
    }
}
