using System.Globalization;
using System.Text;

namespace Katabira.Net.Pods;

/// <summary>
/// The text of a pod's state file: a line with the format's name, then one for each container, fields parted by tabs, in the order of
/// <see cref="ContainerState"/>. It is replaced as a whole at every change, so a reader sees one moment; it outlives the pod.
/// </summary>
public static class StateFile
{
    /// <summary>Its name in the pod's folder.</summary>
    public const string Name = "state";

    private const string Heading = "katabira-pod 1";
    private const int Fields = 9;

    /// <summary>The whole file.</summary>
    public static string Format(IEnumerable<ContainerState> states)
    {
        var text = new StringBuilder(Heading).Append('\n');
        foreach (var state in states)
        {
            text.Append(CultureInfo.InvariantCulture, $"{state.Name}\t{state.Attempt}\t{state.Phase switch
            {
                ContainerPhase.Starting => "starting",
                ContainerPhase.Running => "running",
                ContainerPhase.Exited => "exited",
                _ => "failed",
            }}\t{state.Pid}\t")
                .Append(CultureInfo.InvariantCulture, $"{state.StartedAt.UtcTicks}\t{state.FinishedAt?.UtcTicks ?? 0}\t{state.ExitCode}\t{state.Signal}\t")
                .Append(state.Message.Replace('\t', ' ').Replace('\n', ' ')).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>Reads it back; null if the text is no such file, whole.</summary>
    public static IReadOnlyList<ContainerState>? Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines[0] != Heading || lines[^1].Length != 0)
        {
            return null;
        }
        var states = new List<ContainerState>();
        foreach (var line in lines[1..^1])
        {
            if (ParseLine(line.Split('\t')) is not { } state)
            {
                return null;
            }
            states.Add(state);
        }
        return states;
    }

    private static ContainerState? ParseLine(string[] fields)
    {
        if (fields.Length != Fields
            || PhaseOf(fields[2]) is not { } phase
            || !int.TryParse(fields[1], CultureInfo.InvariantCulture, out var attempt)
            || !int.TryParse(fields[3], CultureInfo.InvariantCulture, out var pid)
            || !TryTime(fields[4], out var started)
            || !TryTime(fields[5], out var finished)
            || !int.TryParse(fields[6], CultureInfo.InvariantCulture, out var code)
            || !int.TryParse(fields[7], CultureInfo.InvariantCulture, out var signal))
        {
            return null;
        }
        return new ContainerState(fields[0], attempt, phase, pid, started ?? default, finished, code, signal, fields[8]);
    }

    private static ContainerPhase? PhaseOf(string word) => word switch
    {
        "starting" => ContainerPhase.Starting,
        "running" => ContainerPhase.Running,
        "exited" => ContainerPhase.Exited,
        "failed" => ContainerPhase.Failed,
        _ => null,
    };

    private static bool TryTime(string text, out DateTimeOffset? time)
    {
        var valid = long.TryParse(text, CultureInfo.InvariantCulture, out var ticks) && ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;
        time = valid && ticks != 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        return valid;
    }
}
