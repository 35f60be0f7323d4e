namespace Katabira.Benchmarks;

/// <summary>What this program can measure, by the names that <c>./bench/run</c> takes. Each has a file of the same name in <c>bench/scenarios/</c>.</summary>
internal static class Scenarios
{
    /// <summary>A scenario gets the name of a file for its log, and gives its rows.</summary>
    public static readonly SortedDictionary<string, Func<string, Task<IReadOnlyList<Row>>>> All = new(StringComparer.Ordinal)
    {
        ["model"] = log => Task.FromResult(BenchmarkDotNetCases.Run("*Model*", log)),
    };
}
