using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Katabira.Cli.Clusters.Processes;

/// <summary>The program that a cluster runs from: a copy of what was built, in the home.</summary>
/// <remarks>
/// A cluster lives for days, its sources change meanwhile, and a build writes the new libraries over the old files, in place. The runtime maps a library
/// when it first needs it and reads from the map as it goes on, so a process that runs from the build's folder would meet code it was never built with,
/// or a truncated file (SIGBUS). Nobody writes to a copy.
/// </remarks>
/// <param name="home">Whose copies.</param>
internal sealed class ProgramCopy(ClusterHome home)
{
    /// <summary>What somebody runs needs neither: documentation of the compiler, and symbols for other systems.</summary>
    private const string Documentation = ".xml";

    /// <summary>The copy of a program, made if it is not there.</summary>
    /// <param name="built">The folder it was built into.</param>
    /// <returns>The folder of the copy.</returns>
    public string Make(string built)
    {
        var files = Needed(built);
        var copy = Path.Combine(home.Programs, HashOf(built, files));
        if (Directory.Exists(copy))
        {
            return copy;
        }
        var unfinished = $"{copy}.{Guid.NewGuid():n}";
        foreach (var file in files)
        {
            var target = Path.Combine(unfinished, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(built, file), target);
        }
        Directory.Move(unfinished, copy);
        return copy;
    }

    /// <summary>Removes every other copy. Call it when the cluster runs from this one.</summary>
    public void RemoveOthers(string copy)
    {
        foreach (var folder in Directory.EnumerateDirectories(home.Programs).Where(f => f != copy))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Paths from the folder, in order. Of native libraries only those that this machine can load.</summary>
    private static List<string> Needed(string built) =>
        [.. Directory.EnumerateFiles(built, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(built, file))
            .Where(file => !file.EndsWith(Documentation, StringComparison.Ordinal) && IsForThisMachine(file))
            .Order(StringComparer.Ordinal)];

    /// <summary>Platforms are called <c>linux-x64</c>, <c>linux-musl-x64</c>, <c>win-x64</c>, <c>unix</c> and the like.</summary>
    private static bool IsForThisMachine(string file)
    {
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        return file.Split('/') is not ["runtimes", var platform, ..]
            || platform is "unix" or "linux"
            || (platform.StartsWith("linux-", StringComparison.Ordinal) && platform.EndsWith($"-{architecture}", StringComparison.Ordinal));
    }

    /// <summary>Names, sizes and times tell builds apart, without reading them.</summary>
    private static string HashOf(string built, IEnumerable<string> files)
    {
        var text = new StringBuilder();
        foreach (var file in files)
        {
            var info = new FileInfo(Path.Combine(built, file));
            text.Append(CultureInfo.InvariantCulture, $"{file}\0{info.Length}\0{info.LastWriteTimeUtc.Ticks}\n");
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }
}
