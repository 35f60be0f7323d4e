using Katabira.Benchmarks;
using Katabira.Benchmarks.Api;

if (args is [ServerMode.Name, var home])
{
    return await ServerMode.RunAsync(home);
}
// Katabira.Benchmarks SCENARIO --json FILE: what ./bench/run calls once for each scenario of this program.
if (args is not [var name, "--json", var file] || !Scenarios.All.TryGetValue(name, out var measure))
{
    Console.Error.WriteLine("bench: usage: Katabira.Benchmarks SCENARIO --json FILE");
    Console.Error.WriteLine($"bench: hint: scenarios: {string.Join(", ", Scenarios.All.Keys)}");
    return 64;
}
Row[] rows = [Calibration.Measure(), .. await measure(Path.ChangeExtension(file, ".log"))];
if (rows.Length == 1)
{
    Console.Error.WriteLine($"bench: scenario {name} measured nothing");
    return 1;
}
Report.WriteTable(Console.Out, rows);
await File.WriteAllTextAsync(file, Report.ToJson(rows, DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds())));
return 0;
