using System.Globalization;

namespace Katabira.Cli.Output;

/// <summary>A duration for people, as kubectl writes ages: the two largest units that matter.</summary>
internal static class Uptime
{
    public static string Text(TimeSpan duration) => duration switch
    {
        { TotalMinutes: < 1 } => $"{Number(duration.Seconds)}s",
        { TotalHours: < 1 } => $"{Number(duration.Minutes)}m{Number(duration.Seconds)}s",
        { TotalDays: < 1 } => $"{Number(duration.Hours)}h{Number(duration.Minutes)}m",
        _ => $"{Number(duration.Days)}d{Number(duration.Hours)}h",
    };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
