using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Katabira.Benchmarks;

/// <summary>Cases written as BenchmarkDotNet classes: public, not sealed, with <c>[Benchmark]</c> methods.</summary>
/// <remarks>
/// They run in this process: BenchmarkDotNet would otherwise generate a project beside ours, outside our locked packages, and build it for each run.
/// Five iterations after three to warm up; the median counts.
/// </remarks>
internal static class BenchmarkDotNetCases
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(15);

    /// <summary>Runs the classes and methods that match.</summary>
    /// <param name="filter">A pattern for full names, e.g. <c>*Model*</c>.</param>
    /// <param name="log">Takes what BenchmarkDotNet says.</param>
    public static IReadOnlyList<Row> Run(string filter, string log)
    {
        using var writer = new StreamWriter(log);
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.Default.WithToolchain(new InProcessEmitToolchain(s_limit, logOutput: true)).WithWarmupCount(3).WithIterationCount(5))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(new StreamLogger(writer))
            .WithArtifactsPath(Path.GetDirectoryName(Path.GetFullPath(log))!)
            .WithOptions(ConfigOptions.DisableLogFile);
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(BenchmarkDotNetCases).Assembly).Run(["--filter", filter], config);
        var reports = summaries.SelectMany(s => s.Reports).ToList();
        if (reports.Find(r => !r.Success) is { } broken)
        {
            throw new InvalidOperationException($"{NameOf(broken)} failed: {log} says why");
        }
        return [.. reports.SelectMany(RowsOf)];
    }

    private static IEnumerable<Row> RowsOf(BenchmarkReport report)
    {
        yield return new(NameOf(report), "time", report.ResultStatistics!.Median / 1e6, "ms");
        if (report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) is { } bytes)
        {
            yield return new(NameOf(report), "allocated", bytes / 1024.0, "KiB");
        }
    }

    private static string NameOf(BenchmarkReport report)
    {
        var descriptor = report.BenchmarkCase.Descriptor;
        var parameters = report.BenchmarkCase.Parameters.Items.Select(p => $"{p.Name}={p.Value}");
        return $"{descriptor.WorkloadMethodDisplayInfo} {string.Join(' ', parameters)}".Trim().Trim('\'');
    }
}
