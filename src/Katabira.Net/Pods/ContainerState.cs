namespace Katabira.Net.Pods;

/// <summary>Where a container is in its life.</summary>
public enum ContainerPhase : byte
{
    /// <summary>Its process is there, and makes itself the container's.</summary>
    Starting = 1,

    /// <summary>The program runs.</summary>
    Running = 2,

    /// <summary>The program has ended; its output is in the log to the last byte.</summary>
    Exited = 3,

    /// <summary>The program was never executed; the message says why.</summary>
    Failed = 4,
}

/// <summary>The latest run of a container.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Attempt">From its specification.</param>
/// <param name="Phase">Where it is.</param>
/// <param name="Pid">Its number in the pod's process namespace; 0 once it has ended. It is 1 in its own.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="FinishedAt">When it ended; null before.</param>
/// <param name="ExitCode">What it returned, or 128 + the signal that ended it, or 128 if it failed to start; 0 before.</param>
/// <param name="Signal">The signal that ended it; 0 for none.</param>
/// <param name="Message">Why it could not start; else empty.</param>
public sealed record ContainerState(
    string Name,
    int Attempt,
    ContainerPhase Phase,
    int Pid,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    int ExitCode,
    int Signal,
    string Message)
{
    /// <summary>What a program's end is called where only a code fits.</summary>
    public static int CodeOf(int exitCode, int signal) => signal == 0 ? exitCode : 128 + signal;

    /// <summary>Whether it has ended, one way or the other.</summary>
    public bool IsOver => Phase is ContainerPhase.Exited or ContainerPhase.Failed;

    /// <summary>In the order of the parameters; times as ticks in UTC, 0 for null.</summary>
    public void Write(PayloadWriter writer)
    {
        writer.Text(Name);
        writer.Number(Attempt);
        writer.Byte((byte)Phase);
        writer.Number(Pid);
        writer.Number64(StartedAt.UtcTicks);
        writer.Number64(FinishedAt?.UtcTicks ?? 0);
        writer.Number(ExitCode);
        writer.Number(Signal);
        writer.Text(Message);
    }

    /// <exception cref="PodProtocolException">The bytes are none.</exception>
    public static ContainerState Read(ref PayloadReader reader) => new(
        reader.Text(),
        reader.Number(),
        (ContainerPhase)reader.Byte(),
        reader.Number(),
        TimeOf(reader.Number64()) ?? default,
        TimeOf(reader.Number64()),
        reader.Number(),
        reader.Number(),
        reader.Text());

    private static DateTimeOffset? TimeOf(long ticks) => ticks switch
    {
        0 => null,
        < 0 => throw new PodProtocolException("a time before the year 1"),
        _ when ticks > DateTime.MaxValue.Ticks => throw new PodProtocolException("a time after the year 9999"),
        _ => new DateTimeOffset(ticks, TimeSpan.Zero),
    };
}
