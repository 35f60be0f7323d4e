using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Resources.Kinds;

namespace Katabira.Cluster.Node.ControlGroups;

/// <summary>What a container's resources are in the files of its control group. Pure.</summary>
/// <remarks>Numbers as upstream: pkg/kubelet/cm/helpers_linux.go; weights of version 2 by the mapping of KEP-2254.</remarks>
internal static class ControlSettings
{
    /// <summary>Processes and threads. No service needs more, and a loop of forks would take the machine along.</summary>
    private const int MostTasks = 4096;

    private const string NoSwap = "memory.swap.max";
    private const string MemoryAndSwap = "memory.memsw.limit_in_bytes";

    private const double PeriodMicroseconds = 100_000;
    private const double LeastQuotaMicroseconds = 1000;
    private const double SharesOfACpu = 1024;
    private const int LeastShares = 2;
    private const int MostShares = 262_144;

    /// <summary>Files of the group and what to write into them, in this order.</summary>
    /// <param name="resources">The container's, perhaps null.</param>
    public static IEnumerable<(string File, string Value)> Of(JsonObject? resources, string controller, bool unified) => controller switch
    {
        "cpu" => Cpu(Amount(resources, "requests", "cpu"), Amount(resources, "limits", "cpu"), unified),
        "memory" => Memory(Amount(resources, "limits", "memory"), unified),
        "pids" => [("pids.max", Number(MostTasks))],
        _ => [],
    };

    /// <summary>Whether a file is there on some machines only: those that count what is swapped out.</summary>
    public static bool IsOptional(string file) => file is NoSwap or MemoryAndSwap;

    /// <summary>How often the kernel killed a process of the group for memory, from memory.events (version 2) or memory.oom_control.</summary>
    public static long KillsIn(string text) => text.Split('\n').Select(line => line.Split(' '))
        .Where(words => words is ["oom_kill", _]).Select(words => long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : 0).Sum();

    private static IEnumerable<(string File, string Value)> Cpu(double request, double limit, bool unified)
    {
        // who limits and requests nothing gets what others leave
        var shares = Math.Clamp((int)((request > 0 ? request : limit) * SharesOfACpu), LeastShares, MostShares);
        yield return unified ? ("cpu.weight", Number(1 + ((shares - LeastShares) * 9999L / (MostShares - LeastShares)))) : ("cpu.shares", Number(shares));
        if (limit > 0)
        {
            var quota = Number((long)Math.Max(limit * PeriodMicroseconds, LeastQuotaMicroseconds));
            if (unified)
            {
                yield return ("cpu.max", $"{quota} {Number((long)PeriodMicroseconds)}");
                yield break;
            }
            yield return ("cpu.cfs_period_us", Number((long)PeriodMicroseconds));
            yield return ("cpu.cfs_quota_us", quota);
        }
    }

    private static IEnumerable<(string File, string Value)> Memory(double limit, bool unified)
    {
        if (limit > 0)
        {
            yield return (unified ? "memory.max" : "memory.limit_in_bytes", Number((long)limit));
            // not by way of the disk either
            yield return unified ? (NoSwap, "0") : (MemoryAndSwap, Number((long)limit));
        }
        if (unified)
        {
            // a container without its worker is worse than none
            yield return ("memory.oom.group", "1");
        }
    }

    private static double Amount(JsonObject? resources, string side, string kind) => Quantity.TryParse(resources.Child(side)?[kind], out var amount) ? Math.Max(amount, 0) : 0;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
