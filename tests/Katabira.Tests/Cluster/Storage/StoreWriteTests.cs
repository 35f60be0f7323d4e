using System.Globalization;
using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

public sealed class StoreWriteTests
{
    [Fact]
    public async Task Create_NewKey_IsReadAtOnceAndTakesTheNextRevision()
    {
        await using var house = new StoreHouse();
        var store = house.Open();

        var a = await store.PutAsync("a", "one");
        var b = await store.PutAsync("b", "two");

        Assert.Equal((new Revision(1), new Revision(2), new Revision(2)), (a.Revision, b.Revision, store.Revision));
        Assert.Same(a, store.Get(Samples.Key("a")));
        Assert.Equal("one", Samples.TextOf(a));
        Assert.Null(store.Get(Samples.Key("c")));
    }

    [Fact]
    public async Task Update_SameBytes_TakesNoRevisionAndTellsNobody()
    {
        await using var house = new StoreHouse();
        var store = house.Open();
        var before = await store.PutAsync("a", "one");

        var result = await store.UpdateAsync(before.Key, before.Revision, Samples.Payload("one"), TestContext.Current.CancellationToken);

        Assert.Same(before, Assert.IsType<StoreResult.Unchanged>(result).Object);
        Assert.Equal(before.Revision, store.Revision);
        await using var reader = new WatchReader(store, new WatchStart.After(before.Revision));
        var first = reader.NextAsync();
        await store.PutAsync("a", "two");
        Assert.Equal("Modified a=two was one", await first);
    }

    [Fact]
    public async Task Update_OtherRevision_ConflictsWithTheCurrentState()
    {
        await using var house = new StoreHouse();
        var store = house.Open();
        var old = await store.PutAsync("a", "one");
        var current = await store.PutAsync("a", "two");

        var result = await store.UpdateAsync(old.Key, old.Revision, Samples.Payload("three"), TestContext.Current.CancellationToken);

        Assert.Same(current, Assert.IsType<StoreResult.Conflict>(result).Current);
        Assert.Equal("two", Samples.TextOf(store.Get(old.Key)!));
    }

    [Fact]
    public async Task Delete_LastState_ComesBackUnderTheNewRevision()
    {
        await using var house = new StoreHouse();
        var store = house.Open();
        await store.PutAsync("a", "one");

        var last = await store.RemoveAsync("a");

        Assert.Equal(("one", new Revision(2)), (Samples.TextOf(last), last.Revision));
        Assert.Null(store.Get(last.Key));
        Assert.IsType<StoreResult.NotFound>(await store.DeleteAsync(last.Key, null, TestContext.Current.CancellationToken));
        Assert.Equal(new Revision(2), store.Revision);
    }

    [Fact]
    public async Task Write_KeyThatCannotBeWrittenDown_Throws()
    {
        await using var house = new StoreHouse();
        var store = house.Open();

        await Assert.ThrowsAsync<ArgumentException>(
            () => store.CreateAsync(Samples.Key("a/b"), Samples.Payload("x"), TestContext.Current.CancellationToken));
        Assert.Null(store.Get(Samples.Key("a/b")));
    }

    [Fact]
    public async Task Write_ParallelWritersOfOneObject_LoseNothing()
    {
        const int Writers = 8;
        const int Each = 40;
        await using var house = new StoreHouse();
        var store = house.Open();
        await store.PutAsync("counter", "0");

        var conflicts = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(() => CountUpAsync(store, Each))));

        Assert.Equal((Writers * Each).ToString(CultureInfo.InvariantCulture), Samples.TextOf(store.Get(Samples.Key("counter"))!));
        Assert.Equal(new Revision(1 + (Writers * Each)), store.Revision);
        Assert.True(conflicts.Sum() > 0); // or nothing was proved
    }

    [Fact]
    public async Task Write_SameCreateFromMany_SucceedsOnce()
    {
        await using var house = new StoreHouse();
        var store = house.Open();

        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Task.Run(() => store.CreateAsync(Samples.Key("a"), Samples.Payload($"{i}"), CancellationToken.None))));

        var winner = Assert.Single(results.OfType<StoreResult.Written>()).Object;
        Assert.Equal(15, results.OfType<StoreResult.AlreadyExists>().Count(r => r.Current == winner));
        Assert.Same(winner, store.Get(winner.Key));
    }

    [Fact]
    public async Task Write_ManyAtOnce_HaveConsecutiveRevisions()
    {
        await using var house = new StoreHouse();
        var store = house.Open();

        var written = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => store.PutAsync($"o{i}", $"{i}")));

        Assert.Equal(Enumerable.Range(1, 300).Select(i => (long)i), written.Select(o => o.Revision.Value).Order());
    }

    [Fact]
    public async Task Reopen_AllKindsOfWrites_AreThere()
    {
        await using var house = new StoreHouse();
        await using (var store = house.Open())
        {
            await store.PutAsync("a", "one");
            await store.PutAsync("a", "two");
            await store.PutAsync("b", "日本𠮷", "other");
            await store.PutAsync("c", "gone");
            await store.RemoveAsync("c");
        }

        var again = house.Open();

        Assert.Equal(["default/a=two", "other/b=日本𠮷"], again.ListAll());
        Assert.Equal(new Revision(5), again.Revision);
        Assert.Contains("at revision 5 with 2 objects", house.Log.TextsOf(4000)[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reopen_NewestObjectDeletedAndLogTrimmed_RevisionDoesNotGoBack()
    {
        await using var house = new StoreHouse();
        var keepNothing = new Retention { MaxEntries = 0, KeptWhateverTheirAge = 0 };
        await using (var store = house.Open(o => o with { Retention = keepNothing }))
        {
            await store.PutAsync("a", "one");
            await store.PutAsync("b", "newest");
            await store.RemoveAsync("b");
            Assert.Equal(3, await store.CompactAsync(TestContext.Current.CancellationToken));
        }

        await using var again = house.Open();

        Assert.Equal((new Revision(3), new Revision(3)), (again.Revision, again.Compacted));
        Assert.Equal(new Revision(4), (await again.PutAsync("c", "x")).Revision);
    }

    [Fact]
    public async Task Dispose_QueuedWrites_AreWrittenAndAnsweredFirst()
    {
        await using var house = new StoreHouse();
        var store = house.Open();
        var queued = Enumerable.Range(0, 100)
            .Select(i => store.CreateAsync(Samples.Key($"o{i}"), Samples.Payload("x"), TestContext.Current.CancellationToken)).ToArray();

        await store.DisposeAsync();

        var results = await Task.WhenAll(queued);
        Assert.All(results, r => Assert.IsType<StoreResult.Written>(r));
        var late = await store.CreateAsync(Samples.Key("late"), Samples.Payload("x"), TestContext.Current.CancellationToken);
        Assert.Equal(StoreFaultKind.Closed, Assert.IsType<StoreResult.ReadOnly>(late).Reason.Kind);
        Assert.Equal(100, house.Open().Count);
    }

    private static async Task<int> CountUpAsync(Store store, int times)
    {
        var conflicts = 0;
        for (var done = 0; done < times;)
        {
            var seen = store.Get(Samples.Key("counter"))!;
            var next = int.Parse(Samples.TextOf(seen), CultureInfo.InvariantCulture) + 1;
            var result = await store.UpdateAsync(seen.Key, seen.Revision, Samples.Payload($"{next}"), CancellationToken.None);
            if (result is StoreResult.Written)
            {
                done++;
            }
            else
            {
                Assert.IsType<StoreResult.Conflict>(result);
                conflicts++;
            }
        }

        return conflicts;
    }
}
