using System.Globalization;

namespace Katabira.Cli.Clusters.Ports;

/// <summary>A socket that listens on this machine, as <c>/proc/net/tcp</c> and <c>tcp6</c> list it.</summary>
/// <param name="Port">The port.</param>
/// <param name="Uid">Whose it is.</param>
/// <param name="Inode">Names the socket among the files that a process has open.</param>
internal sealed record Listener(int Port, int Uid, long Inode)
{
    /// <summary>State LISTEN in hexadecimal.</summary>
    private const string Listening = "0A";

    /// <summary>0.0.0.0, 127.0.0.1, :: and ::ffff:127.0.0.1, as the kernel writes them: whoever listens on one of them keeps us from 127.0.0.1.</summary>
    private static readonly HashSet<string> s_reachesLoopback = new(StringComparer.Ordinal)
    {
        "00000000", "0100007F", "00000000000000000000000000000000", "0000000000000000FFFF00000100007F",
    };

    /// <summary>The listener of a line; null if it is none that a program on 127.0.0.1 would meet.</summary>
    public static Listener? Parse(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 10 || fields[3] != Listening || fields[1].Split(':') is not [var address, var hexPort] || !s_reachesLoopback.Contains(address))
        {
            return null;
        }
        return int.TryParse(hexPort, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var port)
            && int.TryParse(fields[7], NumberStyles.None, CultureInfo.InvariantCulture, out var uid)
            && long.TryParse(fields[9], NumberStyles.None, CultureInfo.InvariantCulture, out var inode)
            ? new(port, uid, inode)
            : null;
    }
}
