using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

/// <summary>Watches beside concurrent writers: whatever the interleaving, a watcher's copy ends up equal to the store.</summary>
public sealed class StoreWatchPropertyTests
{
    private const string LastName = "zzz-last";
    private static readonly string[] Spaces = ["one", "two"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Watch_ConcurrentWrites_CopyEndsEqualToTheStore(int seed)
    {
        await using var house = new StoreHouse();
        var store = house.Open();
        await WriteAsync(store, new Random(seed), "before", 100);

        // Two watchers beside each writer, begun at moments the scheduler chooses.
        var tasks = Enumerable.Range(0, 4).SelectMany(i => (Task[])
            [
                Task.Run(() => WriteAsync(store, new Random((seed * 100) + i), $"w{i}", 150)),
                Task.Run(() => CopyAsync(store, new StoreRange(Samples.Widgets, i == 0 ? Spaces[0] : null), new WatchStart.InitialList())),
                Task.Run(() => CopyAsync(store, Samples.AllWidgets, new WatchStart.After(Revision.None))),
            ]).ToArray();
        await Task.WhenAll(tasks.Where((_, i) => i % 3 == 0));
        foreach (var space in Spaces.Reverse())
        {
            await store.PutAsync(LastName, "end", space);
        }

        foreach (var copying in tasks.OfType<Task<Copy>>())
        {
            var copy = await copying;
            var expected = store.Page(new ListQuery(copy.Range)).Items;
            Assert.Equal(Samples.Lines(expected), Samples.Lines(copy.Objects.Values));
            Assert.Equal(expected.Select(o => o.Revision), copy.Objects.Values.Select(o => o.Revision));
        }
    }

    private static async Task WriteAsync(Store store, Random random, string writer, int writes)
    {
        for (var i = 0; i < writes; i++)
        {
            var (key, payload) = (Samples.Key($"n{random.Next(8)}", Spaces[random.Next(2)]), Samples.Payload($"{writer} {i}"));
            _ = random.Next(4) switch
            {
                0 => await store.DeleteAsync(key, null, CancellationToken.None),
                1 => await store.CreateAsync(key, payload, CancellationToken.None),
                2 => await store.UpdateAsync(key, store.Get(key)?.Revision ?? Revision.None, payload, CancellationToken.None),
                _ => await store.UpdateAsync(key, null, payload, CancellationToken.None),
            };
        }
    }

    /// <summary>Reads until the last object of the range comes, and checks each event against the copy it changes.</summary>
    private static async Task<Copy> CopyAsync(Store store, StoreRange range, WatchStart start)
    {
        var copy = new Copy(range, []);
        var (last, listing) = (Revision.None, start is WatchStart.InitialList);
        await using var watch = store.StartWatch(start, range);
        await foreach (var @event in watch.ReadAllAsync())
        {
            if (@event is InitialListEnd end)
            {
                (listing, last) = (false, end.Revision);
                continue;
            }

            var change = Assert.IsType<Change>(@event);
            var id = (change.Object.Key.Namespace, change.Object.Key.Name);
            Assert.True(range.Contains(change.Object.Key));
            if (!listing)
            {
                Assert.True(change.Revision > last);
                last = change.Revision;
                Assert.Equal(copy.Objects.GetValueOrDefault(id)?.Revision, change.Previous?.Revision);
            }

            copy.Apply(id, change);
            if (change.Object.Key.Name == LastName && change.Object.Key.Namespace == Spaces[0])
            {
                break;
            }
        }

        return copy;
    }

    private sealed record Copy(StoreRange Range, SortedDictionary<(string, string), StoredObject> Objects)
    {
        public void Apply((string, string) id, Change change)
        {
            if (change.Type == ChangeType.Deleted)
            {
                Assert.True(Objects.Remove(id));
            }
            else
            {
                Assert.Equal(change.Type == ChangeType.Added, !Objects.ContainsKey(id));
                Objects[id] = change.Object;
            }
        }
    }
}
