using CsCheck;
using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

public sealed class StoreListTests
{
    [Fact]
    public async Task List_NothingThere_IsAnEmptyPage()
    {
        await using var house = new StoreHouse();

        var page = house.Open().Page(new ListQuery(Samples.AllWidgets) { Limit = 10 });

        Assert.Equal((Revision.None, 0, (string?)null, (int?)null), (page.Revision, page.Items.Count, page.Continue, page.Remaining));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(26)]
    [InlineData(0)]
    public async Task List_Pages_TogetherAreTheListOfTheFirst(int limit)
    {
        await using var house = new StoreHouse();
        var store = house.Open();
        await FillAsync(store, 25);
        var whole = store.ListAll();
        var (collected, at) = (new List<string>(), store.Revision);

        var query = new ListQuery(Samples.AllWidgets) { Limit = limit };
        for (var (round, more) = (0, true); more; round++)
        {
            var page = store.Page(query);
            collected.AddRange(Samples.Lines(page.Items));
            Assert.Equal(at, page.Revision);
            Assert.Equal(page.Continue is null ? null : 25 - collected.Count, page.Remaining);
            (more, query) = (page.Continue is not null, query with { Continue = page.Continue });

            // Whatever happens between the pages, they show the moment of the first one.
            await store.PutAsync($"o{round:D2}", "changed");
            await store.PutAsync($"o{round:D2}-new", "new");
            await store.RemoveAsync($"o{24 - (round % 12):D2}");
            await store.PutAsync($"o{24 - (round % 12):D2}", "again");
        }

        Assert.Equal(whole, collected);
    }

    [Fact]
    public async Task List_Filter_CountsTowardsTheLimit()
    {
        await using var house = new StoreHouse();
        var store = house.Open();
        await FillAsync(store, 20);
        var odd = new ListQuery(Samples.AllWidgets) { Limit = 4, Where = o => (o.Key.Name[^1] - '0') % 2 == 1 };

        var first = store.Page(odd);
        var second = store.Page(odd with { Continue = first.Continue });
        var third = store.Page(odd with { Continue = second.Continue });

        Assert.Equal(["o01", "o03", "o05", "o07"], first.Items.Select(o => o.Key.Name));
        Assert.Equal(["o09", "o11", "o13", "o15"], second.Items.Select(o => o.Key.Name));
        Assert.Equal(["o17", "o19"], third.Items.Select(o => o.Key.Name));
        Assert.Equal((null, null, null), (first.Remaining, second.Remaining, third.Continue));
    }

    [Fact]
    public async Task List_Namespace_ShowsOnlyThat()
    {
        await using var house = new StoreHouse();
        var store = house.Open();
        await store.PutAsync("a", "1", "team");
        await store.PutAsync("a", "2", "team-b");
        await store.PutAsync("b", "3", "team");
        await store.CreateAsync(Samples.Key("x") with { Plural = "gadgets" }, Samples.Payload("other"), TestContext.Current.CancellationToken);

        var page = store.Page(new ListQuery(new StoreRange(Samples.Widgets, "team")) { Limit = 1 });

        Assert.Equal(["team/a=1"], Samples.Lines(page.Items));
        Assert.Equal(1, page.Remaining);
        Assert.Equal(["team/a=1", "team/b=3", "team-b/a=2"], store.ListAll());
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("")]
    public async Task List_ForeignToken_IsRefused(string token)
    {
        await using var house = new StoreHouse();

        Assert.IsType<ListResult.InvalidContinue>(house.Open().List(new ListQuery(Samples.AllWidgets) { Continue = token }));
    }

    [Fact]
    public async Task List_CompactedRevision_ExpiresWithAWayOn()
    {
        await using var house = new StoreHouse();
        var store = house.Open(o => o with { Retention = new Retention { MaxEntries = 2 } });
        await FillAsync(store, 10);
        var exact = store.Revision;
        var query = new ListQuery(Samples.AllWidgets) { Limit = 4 };
        var first = store.Page(query);
        for (var i = 0; i < 3; i++)
        {
            await store.PutAsync("o09", $"{i}");
        }

        await store.CompactAsync(TestContext.Current.CancellationToken);

        Assert.Null(Assert.IsType<ListResult.Expired>(store.List(query with { Exact = exact })).Continue);
        var expired = Assert.IsType<ListResult.Expired>(store.List(query with { Continue = first.Continue }));
        var second = store.Page(query with { Continue = expired.Continue });
        Assert.Equal((store.Revision, 2), (second.Revision, second.Remaining));
        Assert.Equal(["o04", "o05", "o06", "o07"], second.Items.Select(o => o.Key.Name));
        var third = store.Page(query with { Continue = second.Continue });
        Assert.Equal(["default/o08=8", "default/o09=2"], Samples.Lines(third.Items));
    }

    [Fact]
    public async Task List_RevisionToCome_IsNotYet()
    {
        await using var house = new StoreHouse();
        var store = house.Open();
        await store.PutAsync("a", "1");

        var result = store.List(new ListQuery(Samples.AllWidgets) { Exact = new Revision(2) });

        Assert.Equal(new Revision(1), Assert.IsType<ListResult.NotYet>(result).Current);
        var token = new ContinueToken(new Revision(2), "default", "a");
        Assert.IsType<ListResult.Expired>(store.List(new ListQuery(Samples.AllWidgets) { Continue = token.ToString() }));
    }

    [Fact]
    public async Task WaitFor_RevisionToCome_CompletesWithIt()
    {
        await using var house = new StoreHouse();
        var store = house.Open();

        var second = store.WaitForAsync(new Revision(2), TestContext.Current.CancellationToken);
        await store.PutAsync("a", "1");
        Assert.False(second.IsCompleted);
        await store.PutAsync("a", "2");

        await second;
        await store.WaitForAsync(new Revision(1), TestContext.Current.CancellationToken);
        using var gone = new CancellationTokenSource();
        var never = store.WaitForAsync(new Revision(99), gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never);
    }

    [Fact]
    public async Task WaitFor_StoreClosed_IsCancelled()
    {
        await using var house = new StoreHouse();
        var store = house.Open();
        var before = store.WaitForAsync(new Revision(1), TestContext.Current.CancellationToken);

        await store.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => before);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => store.WaitForAsync(new Revision(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public Task List_AnyHistory_ShowsEveryMomentOfIt() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 2], Gen.Int[0, 2]).List[1, 60].SampleAsync(ReplayAsync, iter: 15);

    /// <summary>Runs writes against the store and a dictionary, then compares every revision, also after opening again.</summary>
    private static async Task ReplayAsync(List<(int Name, int Space, int Kind)> writes)
    {
        await using var house = new StoreHouse();
        var model = new SortedDictionary<string, string>(StringComparer.Ordinal);
        List<string[]> history = [[]];
        await using (var store = house.Open())
        {
            foreach (var (name, space, kind) in writes)
            {
                var id = $"s{space}/n{name}";
                if (kind > 0)
                {
                    model[id] = $"{id}={history.Count}";
                    await store.PutAsync($"n{name}", $"{history.Count}", $"s{space}");
                }
                else if (model.Remove(id))
                {
                    await store.RemoveAsync($"n{name}", $"s{space}");
                }
                else
                {
                    continue;
                }

                history.Add([.. model.Values]);
            }

            Compare(store, history);
        }

        Compare(house.Open(), history);
    }

    private static void Compare(Store store, List<string[]> history)
    {
        for (var revision = 0; revision < history.Count; revision++)
        {
            Assert.Equal(history[revision], store.ListAll(new Revision(revision)));
        }
    }

    private static async Task FillAsync(Store store, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await store.PutAsync($"o{i:D2}", $"{i}");
        }
    }
}
