using System.Text;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Streams;

/// <summary>A line of a container's log file, in the format of CRI: <c>TIME STREAM TAG TEXT</c>.</summary>
internal readonly ref struct CriLine(ReadOnlySpan<byte> time, bool isWhole, ReadOnlySpan<byte> text)
{
    /// <summary>As it is written, RFC 3339 with nine digits.</summary>
    public ReadOnlySpan<byte> Time { get; } = time;

    /// <summary>False if the text goes on in the next line of the same stream.</summary>
    public bool IsWhole { get; } = isWhole;

    /// <summary>What the container wrote, without the end of the line.</summary>
    public ReadOnlySpan<byte> Text { get; } = text;

    /// <summary>When it was written; null if that cannot be read.</summary>
    public DateTimeOffset? At => JsonFields.ParseTime(Encoding.ASCII.GetString(Time));

    /// <summary>Takes a line apart; false if it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out CriLine read)
    {
        var stream = After(line, 0);
        var tag = After(line, stream);
        var text = After(line, tag);
        read = text == 0 ? default : new(line[..(stream - 1)], line[tag] != (byte)'P', line[text..]);
        return text != 0;
    }

    /// <summary>Where the field after the one that begins there begins; 0 if there is none.</summary>
    private static int After(ReadOnlySpan<byte> line, int start) => line[start..].IndexOf((byte)' ') is >= 0 and var length ? start + length + 1 : 0;
}
