namespace Katabira.Cluster.Node.Images;

/// <summary>Reads what <c>apt-get install --simulate</c> says. Pure.</summary>
internal static class PackageList
{
    /// <summary>More than any service needs: an answer with more is not about one.</summary>
    private const int Most = 64;

    /// <summary>The package, and those that would be installed with it, in order, each once.</summary>
    /// <exception cref="PackageException">There are too many.</exception>
    public static IReadOnlyList<string> Needed(string package, string simulation)
    {
        var names = new List<string> { package };
        foreach (var line in simulation.Split('\n'))
        {
            // Inst libjemalloc2 (5.3.0-1 Debian:12.5/stable [amd64])
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["Inst", var name, ..] && !names.Contains(name))
            {
                names.Add(name);
            }
        }
        return names.Count <= Most ? names : throw new PackageException($"{package} would need {names.Count - 1} other packages");
    }
}
