using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

public sealed class StoreWatchTests
{
    [Fact]
    public async Task Watch_AfterARevision_GivesExactlyTheLogFromThere()
    {
        await using var house = new StoreHouse();
        var store = house.Open();
        await store.PutAsync("a", "1");
        await store.PutAsync("b", "2");
        await store.PutAsync("a", "3");
        await store.RemoveAsync("b");
        await store.PutAsync("c", "5", "other");

        Assert.Equal(
            ["Added a=1", "Added b=2", "Modified a=3 was 1", "Deleted b=2 was 2", "Added c=5"],
            await ReadAsync(store, new WatchStart.After(Revision.None), 5));
        Assert.Equal(["Deleted b=2 was 2", "Added c=5"], await ReadAsync(store, new WatchStart.After(new Revision(3)), 2));
        Assert.Equal(["Added c=5"], await ReadAsync(store, new WatchStart.After(Revision.None), 1, new StoreRange(Samples.Widgets, "other")));
    }

    [Fact]
    public async Task Watch_AfterARevision_GoesOnLive()
    {
        await using var house = new StoreHouse();
        var store = house.Open();
        await store.PutAsync("a", "1");

        await using var reader = new WatchReader(store, new WatchStart.After(Revision.None));
        Assert.Equal("Added a=1", await reader.NextAsync());
        var next = reader.NextAsync();
        await store.CreateAsync(Samples.Key("x") with { Plural = "gadgets" }, Samples.Payload("other"), TestContext.Current.CancellationToken);
        await store.PutAsync("a", "2");

        Assert.Equal("Modified a=2 was 1", await next); // and nothing of the gadget
    }

    [Fact]
    public async Task Watch_Now_ShowsNothingOfBefore()
    {
        await using var house = new StoreHouse();
        var store = house.Open();
        await store.PutAsync("a", "1");

        await using var reader = new WatchReader(store, new WatchStart.Now());
        await store.PutAsync("a", "2");
        await store.RemoveAsync("a");

        Assert.Equal("Modified a=2 was 1", await reader.NextAsync());
        Assert.Equal("Deleted a=2 was 2", await reader.NextAsync());
    }

    [Fact]
    public async Task Watch_InitialList_EndsWithAMarkAndGoesOnLive()
    {
        await using var house = new StoreHouse();
        var store = house.Open();
        await store.PutAsync("b", "1");
        await store.PutAsync("a", "2");
        await store.PutAsync("z", "3", "other");

        await using var reader = new WatchReader(store, new WatchStart.InitialList(), new StoreRange(Samples.Widgets, "default"));
        Assert.Equal("Added a=2", await reader.NextAsync());
        await store.PutAsync("a", "4"); // while the list is being read
        Assert.Equal("Added b=1", await reader.NextAsync());
        Assert.Equal("InitialListEnd 3", await reader.NextAsync());
        Assert.Equal("Modified a=4 was 2", await reader.NextAsync());
    }

    [Fact]
    public async Task Watch_ReaderFarBehind_ReadsTheLogInPagesWithoutABuffer()
    {
        await using var house = new StoreHouse();
        var store = house.Open(o => o with { WatchBuffer = new WatchBufferLimit(10, 1_000_000) });
        await using var reader = new WatchReader(store, new WatchStart.Now());
        await Task.WhenAll(Enumerable.Range(1, 1_000).Select(i => store.PutAsync($"o{i:D4}", "x")));

        var seen = new List<string> { await reader.NextAsync() };
        Assert.Equal(0, store.WatcherCount); // not joined yet: nothing is kept for it
        while (seen.Count < 1_000)
        {
            seen.Add(await reader.NextAsync());
        }

        Assert.Equal(1_000, seen.Distinct().Count());
        var next = reader.NextAsync();
        Assert.Equal(1, store.WatcherCount);
        await store.PutAsync("last", "x");
        Assert.Equal("Added last=x", await next);
    }

    [Fact]
    public async Task Watch_SlowReader_IsEndedAndResumes()
    {
        await using var house = new StoreHouse();
        var store = house.Open(o => o with { WatchBuffer = new WatchBufferLimit(4, 1_000_000) });
        await using var slow = new WatchReader(store, new WatchStart.Now());
        await using var quick = new WatchReader(store, new WatchStart.Now());
        await store.JoinAsync(slow, "first");
        Assert.Equal("Added first=x", await quick.NextAsync());

        for (var i = 0; i < 6; i++)
        {
            await store.PutAsync($"o{i}", "x");
            Assert.Equal($"Added o{i}=x", await quick.NextAsync());
        }

        Assert.Equal(1, store.WatcherCount); // the slow one is gone before it even asks
        Assert.Equal("WatchEnded 1 TooSlow", await slow.NextAsync());
        Assert.True(await slow.IsOverAsync());
        Assert.Single(house.Log.TextsOf(4004));
        Assert.Equal(
            Enumerable.Range(0, 6).Select(i => $"Added o{i}=x"), await ReadAsync(store, new WatchStart.After(slow.LastRevision), 6));
    }

    [Fact]
    public async Task Watch_CallerGone_IsForgottenAtOnce()
    {
        await using var house = new StoreHouse();
        var store = house.Open();
        using var gone = new CancellationTokenSource();
        await using var cancelled = new WatchReader(store, new WatchStart.Now(), cancellation: gone.Token);
        var disposed = new WatchReader(store, new WatchStart.Now());
        var (first, second) = (cancelled.NextAsync(), disposed.NextAsync());
        Assert.Equal(2, store.WatcherCount);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(1, store.WatcherCount);
        await disposed.Watch.DisposeAsync();

        Assert.Equal(0, store.WatcherCount);
        Assert.Equal("WatchEnded 0 Closed", await second);
    }

    [Fact]
    public async Task Watch_CompactedRevision_IsExpired()
    {
        await using var house = new StoreHouse();
        var store = house.Open(o => o with { Retention = new Retention { MaxEntries = 2 } });
        await using var early = new WatchReader(store, new WatchStart.After(Revision.None));
        for (var i = 0; i < 5; i++)
        {
            await store.PutAsync("a", $"{i}");
        }

        await store.CompactAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new Revision(3), Assert.IsType<WatchResult.Expired>(
            store.Watch(Samples.AllWidgets, new WatchStart.After(new Revision(2)))).Compacted);
        Assert.Equal(["Modified a=3 was 2", "Modified a=4 was 3"], await ReadAsync(store, new WatchStart.After(new Revision(3)), 2));
        Assert.Equal("WatchEnded 0 Compacted", await early.NextAsync()); // it was started in time and read too late
    }

    [Fact]
    public async Task Watch_RevisionToCome_IsNotYet()
    {
        await using var house = new StoreHouse();
        var store = house.Open();

        Assert.Equal(Revision.None, Assert.IsType<WatchResult.NotYet>(
            store.Watch(Samples.AllWidgets, new WatchStart.After(new Revision(1)))).Current);
    }

    [Fact]
    public async Task RequestProgress_LiveWatch_ComesBehindEverythingBefore()
    {
        await using var house = new StoreHouse();
        var store = house.Open();
        await using var reader = new WatchReader(store, new WatchStart.Now());
        Assert.False(reader.Watch.RequestProgress()); // nobody reads it yet
        await store.JoinAsync(reader, "first");

        await store.PutAsync("a", "1");
        await store.CreateAsync(Samples.Key("x") with { Plural = "gadgets" }, Samples.Payload("other"), TestContext.Current.CancellationToken);
        Assert.True(reader.Watch.RequestProgress());

        Assert.Equal("Added a=1", await reader.NextAsync());
        Assert.Equal("Progress 3", await reader.NextAsync());
    }

    [Fact]
    public async Task Dispose_LiveWatch_GetsWhatWasWrittenAndThenItsEnd()
    {
        await using var house = new StoreHouse();
        var store = house.Open();
        await using var reader = new WatchReader(store, new WatchStart.Now());
        await using var unread = new WatchReader(store, new WatchStart.Now());
        await store.JoinAsync(reader, "first");
        await store.PutAsync("a", "1");

        await store.DisposeAsync();

        Assert.Equal("Added a=1", await reader.NextAsync());
        Assert.Equal("WatchEnded 2 Closed", await reader.NextAsync());
        Assert.True(await reader.IsOverAsync());
        Assert.Equal("WatchEnded 0 Closed", await unread.NextAsync());
    }

    private static async Task<string[]> ReadAsync(Store store, WatchStart start, int count, StoreRange? range = null)
    {
        await using var reader = new WatchReader(store, start, range);
        var read = new string[count];
        for (var i = 0; i < count; i++)
        {
            read[i] = await reader.NextAsync();
        }

        return read;
    }
}
