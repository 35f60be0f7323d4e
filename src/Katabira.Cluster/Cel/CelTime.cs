using System.Globalization;

namespace Katabira.Cluster.Cel;

/// <summary>Points in time as RFC 3339 writes them, in UTC ticks of 100 ns.</summary>
internal static class CelTime
{
    private const string Seconds = "yyyy-MM-dd'T'HH:mm:ss";

    public static bool TryParse(string text, out long ticks)
    {
        ticks = 0;
        // Longest: a date, a time, nine digits of a second, an offset. What is longer only costs time.
        if (text.Length is < 20 or > 64 || text[10] != 'T')
        {
            return false;
        }
        var zone = text.EndsWith('Z') ? text.Length - 1 : text.Length - 6;
        var fraction = text.AsSpan(19, Math.Max(zone, 19) - 19);
        if (zone < 19 || !TryFraction(fraction, out var part) || !TryOffset(text.AsSpan(zone), out var offset)
            || !DateTime.TryParseExact(text.AsSpan(0, 19), Seconds, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return false;
        }
        ticks = local.Ticks + part - offset.Ticks;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;
    }

    /// <summary>A day alone.</summary>
    public static bool TryParseDate(string text, out long ticks)
    {
        var ok = DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        ticks = day.Ticks;
        return ok;
    }

    public static string Format(long ticks)
    {
        var time = new DateTime(ticks, DateTimeKind.Utc);
        return time.ToString(Seconds + "FFFFFFF'Z'", CultureInfo.InvariantCulture).Insert(19, ticks % TimeSpan.TicksPerSecond == 0 ? "" : ".");
    }

    private static bool TryFraction(ReadOnlySpan<char> text, out long ticks)
    {
        ticks = 0;
        if (text.IsEmpty)
        {
            return true;
        }
        if (text.Length < 2 || text[0] is not ('.' or ',') || text[1..].IndexOfAnyExceptInRange('0', '9') >= 0)
        {
            return false;
        }
        for (var i = 1; i <= 7; i++)
        {
            ticks = (ticks * 10) + (i < text.Length ? text[i] - '0' : 0);
        }
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text is "Z")
        {
            return true;
        }
        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':'
            || !int.TryParse(text[1..3], NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            || !int.TryParse(text[4..], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) || hours > 24 || minutes > 59)
        {
            return false;
        }
        offset = new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1);
        return true;
    }
}
