using System.Globalization;

namespace Katabira.Cli.Clusters.Processes;

/// <summary>One process, told apart from every other that ever had or will have its number.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="StartTicks">When it started, in clock ticks since the machine did: field 22 of <c>/proc/PID/stat</c>.</param>
/// <param name="Boot">Which run of the machine: <c>/proc/sys/kernel/random/boot_id</c>.</param>
internal sealed record ProcessIdentity(int Pid, long StartTicks, string Boot)
{
    public static ProcessIdentity OfThisProcess() =>
        Of(Environment.ProcessId) ?? throw new Refusal("/proc does not show this process", "mount /proc");

    /// <summary>The process that has this number now; null if none lives.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        try
        {
            return StartTicksIn(File.ReadAllText($"/proc/{pid}/stat")) is { } ticks ? new(pid, ticks, CurrentBoot()) : null;
        }
        catch (IOException)
        {
            // Gone, before or while it was read.
            return null;
        }
    }

    public static string CurrentBoot() => File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Whether this very process lives.</summary>
    public bool IsAlive() => Of(Pid) == this;

    /// <summary>Field 22; null if the process is dead and merely not reaped, as it stays in containers whose process 1 reaps nobody.</summary>
    /// <param name="stat">A line such as <c>123 (na) me) S 1 …</c>: the name may hold anything, so fields are counted after its last bracket.</param>
    public static long? StartTicksIn(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length >= 20 && fields[0] is not ("Z" or "X") && long.TryParse(fields[19], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? ticks
            : null;
    }
}
