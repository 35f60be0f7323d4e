using System.Runtime.CompilerServices;

namespace Katabira.Cluster.Tables;

/// <summary>Ages as kubectl's users know them: at most two units, coarser the longer (apimachinery, <c>duration.HumanDuration</c>).</summary>
internal static class HumanDuration
{
    public const string Unknown = "<unknown>";
    public const string Invalid = "<invalid>";

    private const long Day = 24;
    private const long Year = 365 * Day;

    /// <summary>The age of something that happened at <paramref name="then"/>; unknown if that is null.</summary>
    public static string Since(DateTimeOffset? then, DateTimeOffset now) => then is { } time ? Of(now - time) : Unknown;

    /// <summary>A length of time. Clocks may disagree by a second: down to −1 s is <c>0s</c>, before that it is invalid.</summary>
    public static string Of(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        if (seconds < 120)
        {
            return seconds < -1 ? Invalid : Text($"{Math.Max(seconds, 0)}s");
        }
        var minutes = seconds / 60;
        if (minutes < 180)
        {
            return minutes < 10 ? Pair(minutes, 'm', seconds % 60, 's') : Text($"{minutes}m");
        }
        var hours = minutes / 60;
        return hours switch
        {
            < 8 => Pair(hours, 'h', minutes % 60, 'm'),
            < 2 * Day => Text($"{hours}h"),
            < 8 * Day => Pair(hours / Day, 'd', hours % Day, 'h'),
            < 2 * Year => Text($"{hours / Day}d"),
            < 8 * Year => Pair(hours / Year, 'y', hours / Day % 365, 'd'),
            _ => Text($"{hours / Year}y"),
        };
    }

    private static string Pair(long coarse, char coarseUnit, long fine, char fineUnit) =>
        fine == 0 ? Text($"{coarse}{coarseUnit}") : Text($"{coarse}{coarseUnit}{fine}{fineUnit}");

    private static string Text(ref DefaultInterpolatedStringHandler text) => text.ToStringAndClear();
}
