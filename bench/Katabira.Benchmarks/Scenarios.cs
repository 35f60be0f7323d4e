using Katabira.Benchmarks.Cluster;

namespace Katabira.Benchmarks;

/// <summary>What this program can measure, by the names that <c>./bench/run</c> takes. Each has a file of the same name in <c>bench/scenarios/</c>.</summary>
internal static class Scenarios
{
    private const int Runs = 5;

    /// <summary>A scenario gets the name of a file for its log, and gives its rows.</summary>
    public static readonly SortedDictionary<string, Func<string, Task<IReadOnlyList<Row>>>> All = new(StringComparer.Ordinal)
    {
        ["model"] = log => Task.FromResult(BenchmarkDotNetCases.Run("*Model*", log)),
        ["store"] = log => MedianAsync(() => StoreAsync(Path.ChangeExtension(log, ".folder"))),
    };

    private static async Task<IReadOnlyList<Row>> StoreAsync(string folder)
    {
        var rows = await StoreBench.RunAsync(folder);
        Directory.Delete(folder, recursive: true);
        return [.. rows.Select(r => new Row(r.Scenario, r.Measure, r.Value, r.Unit))];
    }

    /// <summary>For what measures itself: each row's median over five runs.</summary>
    private static async Task<IReadOnlyList<Row>> MedianAsync(Func<Task<IReadOnlyList<Row>>> run)
    {
        var rows = new List<Row>();
        for (var i = 0; i < Runs; i++)
        {
            rows.AddRange(await run());
        }
        return [.. rows.GroupBy(r => (r.Case, r.Measure)).Select(g => g.OrderBy(r => r.Value).ElementAt(g.Count() / 2))];
    }
}
