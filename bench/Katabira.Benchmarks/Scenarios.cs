using Katabira.Benchmarks.Api;
using Katabira.Benchmarks.Cluster;
using Katabira.Benchmarks.Model;

namespace Katabira.Benchmarks;

/// <summary>What this program can measure, by the names that <c>./bench/run</c> takes. Each has a file of the same name in <c>bench/scenarios/</c>.</summary>
internal static class Scenarios
{
    private const int Runs = 5;

    /// <summary>A scenario gets the name of a file for its log, and gives its rows.</summary>
    public static readonly SortedDictionary<string, Func<string, Task<IReadOnlyList<Row>>>> All = new(StringComparer.Ordinal)
    {
        ["api"] = log => MedianAsync(() => ApiBench.RunAsync(log)),
        ["cluster"] = _ => MedianAsync(ClusterBench.RunAsync),
        ["model"] = log => Task.FromResult<IReadOnlyList<Row>>([.. BenchmarkDotNetCases.Run("*Model*", log).Select(ModelLimits), LargeMesh.KeptPerWorkload()]),
        ["store"] = log => MedianAsync(() => StoreBench.InOwnFolderAsync(log)),
    };

    /// <summary>What the model promises on one core.</summary>
    private static Row ModelLimits(Row row) => (row.Measure, row.Case) switch
    {
        ("time", var what) when what.StartsWith("full evaluation", StringComparison.Ordinal) => row with { Limit = 1000 },
        ("time", var what) when what.StartsWith("one policy change", StringComparison.Ordinal) => row with { Limit = 1 },
        _ => row,
    };

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
