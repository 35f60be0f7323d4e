using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Katabira.Cli.Clusters.Logs;

/// <summary>The form of a log: an event is a line, <c>2026-11-23T23:36:46.123Z info Api/4101 message</c>, whatever is in it.</summary>
internal static class LogLine
{
    /// <summary>A longer event is cut: one stack trace must not fill the log.</summary>
    public const int MostCharacters = 8192;

    public static string Format(DateTimeOffset time, LogLevel level, string category, int id, string message, Exception? cause)
    {
        var line = new StringBuilder(128)
            .Append(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)).Append(' ')
            .Append(Word(level)).Append(' ')
            .Append(category.AsSpan(category.LastIndexOf('.') + 1)).Append('/').Append(id).Append(' ');
        AppendOnOneLine(line, message);
        if (cause is not null)
        {
            AppendOnOneLine(line.Append(" | "), cause.ToString());
        }
        if (line.Length > MostCharacters)
        {
            line.Length = MostCharacters;
            line.Append('…');
        }
        return line.Append('\n').ToString();
    }

    /// <summary>Control characters are written as C# writes them: nobody who is quoted in the log can forge a line of it, or repaint a terminal.</summary>
    private static void AppendOnOneLine(StringBuilder line, string text)
    {
        foreach (var c in text)
        {
            if (!char.IsControl(c))
            {
                line.Append(c);
            }
            else if (c != '\r')
            {
                line.Append(c switch { '\n' => @"\n", '\t' => @"\t", _ => $@"\u{(int)c:x4}" });
            }
            if (line.Length > MostCharacters)
            {
                return;
            }
        }
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "fatal",
    };
}
