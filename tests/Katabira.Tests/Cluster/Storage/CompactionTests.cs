using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

public sealed class CompactionTests
{
    [Fact]
    public async Task Compact_TooManyEntries_LeavesTheNewest()
    {
        await using var house = new StoreHouse();
        var store = house.Open(o => o with { Retention = new Retention { MaxEntries = 10 } });
        await WriteAsync(store, 500); // more than one step removes

        var removed = await store.CompactAsync(TestContext.Current.CancellationToken);

        Assert.Equal((490, new Revision(490)), (removed, store.Compacted));
        Assert.Equal(0, await store.CompactAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["default/a=489"], store.ListAll(new Revision(490)));
        Assert.IsType<ListResult.Expired>(store.List(new ListQuery(Samples.AllWidgets) { Exact = new Revision(489) }));
    }

    [Fact]
    public async Task Compact_Reopened_RemembersWhereHistoryBegins()
    {
        await using var house = new StoreHouse();
        await using (var store = house.Open(o => o with { Retention = new Retention { MaxEntries = 10 } }))
        {
            await WriteAsync(store, 30);
            await store.CompactAsync(TestContext.Current.CancellationToken);
        }

        await using var again = house.Open();

        Assert.Equal(new Revision(20), again.Compacted);
        Assert.IsType<WatchResult.Expired>(again.Watch(Samples.AllWidgets, new WatchStart.After(new Revision(19))));
        Assert.IsType<WatchResult.Started>(again.Watch(Samples.AllWidgets, new WatchStart.After(new Revision(20))));
    }

    [Fact]
    public async Task Compact_Age_IsMeasuredWithTheClockGiven()
    {
        await using var house = new StoreHouse();
        var store = house.Open(o => o with { Retention = new Retention { MaxAge = TimeSpan.FromMinutes(5), KeptWhateverTheirAge = 2 } });
        await WriteAsync(store, 10);
        house.Time.Advance(TimeSpan.FromMinutes(3));
        await WriteAsync(store, 10);
        Assert.Equal(0, await store.CompactAsync(TestContext.Current.CancellationToken));

        house.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(10, await store.CompactAsync(TestContext.Current.CancellationToken));
        house.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(8, await store.CompactAsync(TestContext.Current.CancellationToken));

        Assert.Equal(new Revision(18), store.Compacted);
    }

    [Fact]
    public async Task Compact_Bytes_AreCountedOverRestarts()
    {
        await using var house = new StoreHouse();
        var large = new string('x', 10_000);
        await using (var store = house.Open())
        {
            for (var i = 0; i < 10; i++)
            {
                await store.PutAsync($"o{i}", large);
            }
        }

        await using var again = house.Open(o => o with { Retention = new Retention { MaxBytes = 35_000 } });

        Assert.Equal(7, await again.CompactAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Compaction_IntervalPasses_RunsByItself()
    {
        await using var house = new StoreHouse();
        var store = house.Open(o => o with
        {
            Retention = new Retention { MaxEntries = 5 },
            CompactionInterval = TimeSpan.FromSeconds(30),
        });
        await WriteAsync(store, 20);
        house.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(house.Log.TextsOf(4005));

        house.Time.Advance(TimeSpan.FromSeconds(1));
        await house.Log.WaitForAsync(4005);

        Assert.Equal(new Revision(15), store.Compacted);
    }

    [Fact]
    public async Task Compact_BesideWritersAndWatchers_LosesNoEvent()
    {
        await using var house = new StoreHouse();
        var store = house.Open(o => o with { Retention = new Retention { MaxEntries = 3 } });
        await using var reader = new WatchReader(store, new WatchStart.Now());
        await store.JoinAsync(reader, "first");

        var writing = Task.Run(() => WriteAsync(store, 300), TestContext.Current.CancellationToken);
        var compacting = Task.Run(
            async () =>
            {
                while (!writing.IsCompleted)
                {
                    await store.CompactAsync(CancellationToken.None);
                }
            },
            TestContext.Current.CancellationToken);
        for (var i = 0; i < 300; i++)
        {
            Assert.StartsWith(i == 0 ? "Added a=0" : $"Modified a={i} was {i - 1}", await reader.NextAsync(), StringComparison.Ordinal);
        }

        await Task.WhenAll(writing, compacting);
        Assert.Null(store.Fault);
    }

    private static async Task WriteAsync(Store store, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await store.PutAsync("a", $"{i}");
        }
    }
}
