using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Katabira.Tests.Cluster.Access;
using Katabira.Tests.Cluster.Storage;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>A cluster's process is killed while clients write, again and again on the same home.</summary>
public sealed class CrashTests
{
    private const string Maps = "/api/v1/namespaces/default/configmaps";
    private const int Writers = 8;

    [Fact]
    public async Task Kill_WhileClientsWrite_LosesNothingThatWasAcknowledged()
    {
        using var home = new TemporaryFolder();
        var random = new Random(20261124);
        var (found, newest) = (new Dictionary<string, int>(), 0L);
        var journal = new Journal(found);
        var rounds = Iterations.Of(100);
        for (var round = 0; round <= rounds; round++)
        {
            using var process = CrashProcess.Start("serve", home.Path);
            using var admin = ApiClient.Admin(await KubeconfigOfAsync(process));
            var list = (await admin.GetAsync($"{Maps}?labelSelector=churn")).Expect(200);

            Assert.All(journal.Versions, version => Assert.True(version > newest, $"round {round}: {version} was given after {newest}"));
            Assert.Distinct(journal.Versions);
            newest = long.Parse(list.ResourceVersion, CultureInfo.InvariantCulture);
            Assert.True(newest >= journal.Versions.DefaultIfEmpty().Max());
            found = list["items"]!.AsArray().ToDictionary(i => (string)i!["metadata"]!["name"]!, i => int.Parse((string)i!["data"]!["n"]!, CultureInfo.InvariantCulture));
            foreach (var name in journal.Names.Union(found.Keys))
            {
                Assert.True(journal.Explains(name, found.GetValueOrDefault(name)), $"round {round}: {name} is {found.GetValueOrDefault(name)}, {journal.Tell(name)}");
            }
            journal = new Journal(found);
            await ChurnAsync(admin, process, journal, writes: random.Next(1, 150));
        }
        Assert.NotEmpty(found);
    }

    private static async Task<string> KubeconfigOfAsync(CrashProcess process) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(await process.ReadLineAsync() ?? throw new InvalidOperationException(await process.ReadErrorsAsync())));

    private static async Task ChurnAsync(ApiClient admin, CrashProcess process, Journal journal, int writes)
    {
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writers = Enumerable.Range(0, Writers).Select(writer => WriteAsync(admin, writer, journal, () =>
        {
            if (journal.Versions.Count >= writes)
            {
                enough.TrySetResult();
            }
        })).ToArray();
        await Task.WhenAny(enough.Task, Task.WhenAll(writers));
        await process.KillAsync();
        await Task.WhenAll(writers);
        Assert.True(journal.Versions.Count >= writes, "the writers ended before the process was killed");
    }

    /// <summary>Creates, changes and deletes objects of its own until the server is gone.</summary>
    private static async Task WriteAsync(ApiClient admin, int writer, Journal journal, Action acknowledged)
    {
        try
        {
            for (var number = journal.Next; ; number = journal.Next)
            {
                var name = $"w{writer}-{number % 3}";
                var (path, body) = ($"{Maps}/{name}", $$$"""{"metadata":{"name":"{{{name}}}","labels":{"churn":"yes"}},"data":{"n":"{{{number}}}","padding":"{{{new string('x', number % 7 * 1_000)}}}"}}""");
                var there = journal.Last(name) > 0;
                var delete = there && number % 4 == 0;
                journal.Try(name, delete ? 0 : number);
                var answer = delete ? await admin.DeleteAsync(path) : there ? await admin.PutAsync(path, body) : await admin.PostAsync(Maps, body);
                journal.Acknowledge(name, delete ? 0 : number, delete ? null : long.Parse(answer.Expect(there ? 200 : 201).ResourceVersion, CultureInfo.InvariantCulture));
                acknowledged();
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // killed
        }
    }

    /// <summary>What was asked and what was answered, by the objects' names. 0 stands for an object that is not there.</summary>
    private sealed class Journal(Dictionary<string, int> before)
    {
        private readonly ConcurrentDictionary<string, int> _last = new(before);
        private readonly ConcurrentDictionary<string, int> _trying = [];
        private int _number = before.Values.DefaultIfEmpty().Max();

        public int Next => Interlocked.Increment(ref _number);

        public ConcurrentBag<long> Versions { get; } = [];

        public IEnumerable<string> Names => _last.Keys.Union(_trying.Keys);

        public int Last(string name) => _last.GetValueOrDefault(name);

        public void Try(string name, int number) => _trying[name] = number;

        public void Acknowledge(string name, int number, long? version)
        {
            _last[name] = number;
            _trying.TryRemove(name, out _);
            if (version is { } given)
            {
                Versions.Add(given);
            }
        }

        /// <summary>It is as it was acknowledged last, or as the write that was under way would leave it.</summary>
        public bool Explains(string name, int found) => found == Last(name) || (_trying.TryGetValue(name, out var trying) && found == trying);

        public string Tell(string name) => $"acknowledged {Last(name)}, trying {(_trying.TryGetValue(name, out var trying) ? trying : "nothing")}";
    }
}
