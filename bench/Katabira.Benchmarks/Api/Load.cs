using System.Diagnostics;

namespace Katabira.Benchmarks.Api;

/// <summary>What clients saw that each wait for an answer before they ask again.</summary>
/// <param name="PerSecond">Answers.</param>
/// <param name="P50">Of one request, in ms.</param>
/// <param name="P99">Of one request, in ms.</param>
internal readonly record struct Load(double PerSecond, double P50, double P99)
{
    /// <param name="clients">How many at a time.</param>
    /// <param name="count">Requests of all of them together.</param>
    /// <param name="send">Sends request number so-and-so of the run as client so-and-so.</param>
    public static async Task<Load> RunAsync(int clients, int count, Func<int, int, Task> send)
    {
        var latencies = new double[count];
        var next = -1;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                var begun = Stopwatch.GetTimestamp();
                await send(client, i);
                latencies[i] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            }
        })));
        var elapsed = Stopwatch.GetElapsedTime(start);
        Array.Sort(latencies);
        return new(count / elapsed.TotalSeconds, latencies[count / 2], latencies[count * 99 / 100]);
    }
}
