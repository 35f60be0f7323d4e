using System.Globalization;
using System.Text.Json;
using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

/// <summary>
/// A process that writes is killed at a random moment, again and again on the same store. Ten times, or a hundred where the
/// environment says KATABIRA_LONG=1.
/// </summary>
public sealed class StoreCrashTests
{
    private static readonly StoreRange Things = new(new GroupResource("", "things"));

    [Fact]
    public async Task Kill_AtAnyMoment_EveryAcknowledgedWriteIsThere()
    {
        var random = new Random(20260102);
        await using var house = new StoreHouse();
        var before = new Dictionary<string, Acknowledged>();
        var revision = Revision.None;
        var rounds = Environment.GetEnvironmentVariable("KATABIRA_LONG") == "1" ? 100 : 10;
        for (var round = 0; round < rounds; round++)
        {
            var journal = await ChurnAndKillAsync(house.File, seed: round, lines: random.Next(1, 400), before);
            await using var store = house.Open();

            Assert.True(store.Revision >= journal.Newest, $"round {round}: acknowledged {journal.Newest}, found {store.Revision}");
            Assert.All(journal.Revisions, acknowledged => Assert.True(acknowledged > revision));
            Assert.Distinct(journal.Revisions);
            var found = NumbersOf(store.Page(new ListQuery(Things)).Items);
            foreach (var name in journal.Last.Keys.Union(journal.Trying.Keys).Union(found.Keys).Union(before.Keys))
            {
                AssertSurvived(name, journal, found.GetValueOrDefault(name));
            }

            await AssertLogIsWholeAsync(store, revision, before, found);
            (before, revision) = (found, store.Revision);
        }

        Assert.NotEmpty(before);
    }

    [Fact]
    public async Task Open_WhileAnotherProcessHasIt_NamesThatProcess()
    {
        await using var house = new StoreHouse();
        using var holder = CrashProcess.Start("churn", house.File, "1");
        Assert.NotNull(await holder.ReadLineAsync()); // it has it open

        var refusal = house.OpenRefused();

        Assert.Equal(StoreOpenFailure.InUse, refusal.Failure);
        Assert.Contains($"process {holder.Id};", refusal.Message, StringComparison.Ordinal);
        await holder.KillAsync();
        Assert.True(house.Open().Revision >= Revision.None); // the kernel gave the lock back
    }

    /// <summary>Lets the process write until it has said so many lines, kills it, and reads what it said until then.</summary>
    private static async Task<Journal> ChurnAndKillAsync(string file, int seed, int lines, Dictionary<string, Acknowledged> before)
    {
        var journal = new Journal(new(before), [], []);
        using var process = CrashProcess.Start("churn", file, seed.ToString(CultureInfo.InvariantCulture));
        for (var i = 0; await process.ReadLineAsync() is { } line; i++)
        {
            journal.Add(line.Split(' '));
            if (i == lines)
            {
                await process.KillAsync();
            }
        }

        return journal;
    }

    /// <summary>What is there is what was acknowledged last, or the one write that was under way.</summary>
    private static void AssertSurvived(string name, Journal journal, Acknowledged? found)
    {
        var last = journal.Last.GetValueOrDefault(name);
        var expected = last is { Deleted: true } ? null : last;
        if (found == expected)
        {
            return;
        }

        Assert.True(journal.Trying.TryGetValue(name, out var trying), $"{name}: acknowledged {last}, found {found}, nothing was under way");
        Assert.Equal(trying.Deleted ? null : trying.Number, found?.Number);
        Assert.True(found is null || last is null || found.Revision > last.Revision);
    }

    /// <summary>The log has no gap, and leads from the state before to the state found.</summary>
    private static async Task AssertLogIsWholeAsync(
        Store store, Revision from, Dictionary<string, Acknowledged> before, Dictionary<string, Acknowledged> found)
    {
        var state = new Dictionary<string, Acknowledged>(before);
        await using var watch = store.StartWatch(new WatchStart.After(from), Things);
        var expected = from;
        if (from == store.Revision)
        {
            Assert.Equal(found, state);
            return;
        }

        await foreach (var @event in watch.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            var change = Assert.IsType<Change>(@event);
            expected = expected.Next;
            Assert.Equal(expected, change.Revision);
            if (change.Type == ChangeType.Deleted)
            {
                state.Remove(change.Object.Key.Name);
            }
            else
            {
                state[change.Object.Key.Name] = new Acknowledged(NumberOf(change.Object), change.Revision, Deleted: false);
            }

            if (change.Revision == store.Revision)
            {
                break;
            }
        }

        Assert.Equal(found, state);
    }

    private static Dictionary<string, Acknowledged> NumbersOf(IEnumerable<StoredObject> objects) =>
        objects.ToDictionary(o => o.Key.Name, o => new Acknowledged(NumberOf(o), o.Revision, Deleted: false));

    private static int NumberOf(StoredObject state)
    {
        using var json = JsonDocument.Parse(state.Json);
        Assert.Equal(state.Revision.ToString(), json.RootElement.GetProperty("metadata").GetProperty("resourceVersion").GetString());
        return json.RootElement.GetProperty("number").GetInt32();
    }

    private sealed record Acknowledged(int Number, Revision Revision, bool Deleted);

    /// <summary>What the process said: the last acknowledged write of each object, and the write it had begun after it.</summary>
    private sealed record Journal(
        Dictionary<string, Acknowledged> Last, Dictionary<string, (int Number, bool Deleted)> Trying, List<Revision> Revisions)
    {
        public Revision Newest => Revisions.Count == 0 ? Revision.None : Revisions.Max();

        public void Add(string[] words)
        {
            if (words.Length < (words[0] == "ack" ? 5 : 4))
            {
                return; // cut off by the kill
            }

            var (name, number, deleted) = (words[1], int.Parse(words[2], CultureInfo.InvariantCulture), words[3] == "delete");
            if (words[0] == "try")
            {
                Trying[name] = (number, deleted);
                return;
            }

            Trying.Remove(name);
            Assert.True(Revision.TryParse(words[4], out var revision));
            Revisions.Add(revision);
            Last[name] = new Acknowledged(number, revision, deleted);
        }
    }
}
