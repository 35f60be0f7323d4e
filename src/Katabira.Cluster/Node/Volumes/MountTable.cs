using System.Text.RegularExpressions;

namespace Katabira.Cluster.Node.Volumes;

/// <summary>Where something is mounted, as /proc/self/mountinfo says it.</summary>
internal static partial class MountTable
{
    private const string Table = "/proc/self/mountinfo";

    /// <summary>Whether something is mounted at a path.</summary>
    public static bool Has(string path) => Points(File.ReadAllText(Table)).Contains(path);

    /// <summary>Everything that is mounted below a folder, inner ones first.</summary>
    public static IReadOnlyList<string> Below(string folder) =>
        [.. Points(File.ReadAllText(Table)).Where(p => p.StartsWith(folder + "/", StringComparison.Ordinal)).OrderByDescending(p => p.Length)];

    /// <summary>The mount points of such a file. Pure.</summary>
    public static IEnumerable<string> Points(string text) => text.Split('\n').Select(line => line.Split(' ')).Where(f => f.Length > 4).Select(f => Unescape(f[4]));

    /// <summary>The kernel writes spaces, tabs, line ends and backslashes as three octal digits.</summary>
    private static string Unescape(string point) =>
        point.Contains('\\', StringComparison.Ordinal) ? Escape().Replace(point, m => ((char)Convert.ToInt32(m.Groups[1].Value, 8)).ToString()) : point;

    [GeneratedRegex(@"\\([0-7]{3})")]
    private static partial Regex Escape();
}
