using System.Globalization;
using System.Text;

namespace Katabira.Cluster.Node.Agent;

/// <summary>
/// Where a pod's things are: <c>HOME/pods/UID</c> with the pod's state file, its socket <c>s</c>, <c>volumes</c> and <c>logs/CONTAINER/ATTEMPT.log</c>. The names
/// are all that a restarted agent needs to find a pod again.
/// </summary>
/// <param name="Path">Absolute.</param>
internal sealed record PodFolder(string Path)
{
    /// <summary>The longest path of a Unix socket, in bytes.</summary>
    private const int LongestSocket = 107;

    private const int UidLength = 36;

    public string Uid => System.IO.Path.GetFileName(Path);

    public string Socket => Path + "/s";

    public string Volumes => Path + "/volumes";

    /// <summary>The pods' folder of a home.</summary>
    public static string RootOf(string home) => home + "/pods";

    public static PodFolder Of(string home, string uid) => new($"{RootOf(home)}/{uid}");

    /// <summary>The folders that are there.</summary>
    public static IReadOnlyList<PodFolder> All(string home) =>
        Directory.Exists(RootOf(home)) ? [.. Directory.EnumerateDirectories(RootOf(home)).Select(f => new PodFolder(f))] : [];

    /// <summary>Why pods cannot live in a home; null if they can.</summary>
    public static string? WhyUnusable(string home)
    {
        var longest = Of(home, new string('0', UidLength)).Socket;
        return Encoding.UTF8.GetByteCount(longest) <= LongestSocket
            ? null
            : string.Create(CultureInfo.InvariantCulture,
                $"the path of the home folder is too long: a pod's socket {longest} would have more than {LongestSocket} bytes; use a home with a shorter path");
    }

    public string LogFile(string container, int attempt) => string.Create(CultureInfo.InvariantCulture, $"{LogFolder(container)}/{attempt}.log");

    /// <summary>The numbers of the runs of a container whose logs are there, latest first.</summary>
    public IReadOnlyList<int> LoggedAttempts(string container)
    {
        if (!Directory.Exists(LogFolder(container)))
        {
            return [];
        }
        var names = Directory.EnumerateFiles(LogFolder(container), "*.log").Select(f => System.IO.Path.GetFileNameWithoutExtension(f));
        return [.. names.Select(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var attempt) ? attempt : -1).Where(a => a >= 0).OrderDescending()];
    }

    /// <summary>Makes the folder for a run's log, and forgets the logs of runs that nobody can ask for any more.</summary>
    public void PrepareLog(string container, int attempt)
    {
        Directory.CreateDirectory(LogFolder(container));
        foreach (var old in LoggedAttempts(container).Where(a => a < attempt - 1))
        {
            File.Delete(LogFile(container, old));
            File.Delete(LogFile(container, old) + ".1");
        }
    }

    private string LogFolder(string container) => $"{Path}/logs/{container}";
}
