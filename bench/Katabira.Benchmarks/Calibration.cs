using System.Diagnostics;

namespace Katabira.Benchmarks;

/// <summary>How fast this machine is right now: a fixed loop of integer arithmetic that needs no memory, no kernel and no library.</summary>
/// <remarks>Figures of two machines, or of one machine on two days, are compared after dividing each by its calibration.</remarks>
internal static class Calibration
{
    private const int Runs = 5;
    private const int Steps = 100_000_000;

    public static Row Measure()
    {
        var milliseconds = new double[Runs];
        ulong sum = Loop();
        for (var run = 0; run < Runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            sum += Loop();
            milliseconds[run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        // The sum is used, so that the loop cannot be optimized away.
        return new("calibration", sum == 0 ? "nothing" : "time of 100 million steps", milliseconds.Order().ElementAt(Runs / 2), "ms");
    }

    /// <summary>Marsaglia's xorshift64: each step needs the one before it.</summary>
    private static ulong Loop()
    {
        var x = 88172645463325252UL;
        for (var step = 0; step < Steps; step++)
        {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
        }
        return x;
    }
}
