using Katabira.Cluster.Node;

namespace Katabira.Cli.Clusters.Hosts;

/// <summary>What has to be there before a cluster with pods is begun.</summary>
internal static class Preflight
{
    /// <summary>The person's PATH, and after it the usual folders that it leaves out.</summary>
    public static string SearchPath(Surroundings surroundings) =>
        string.Join(':', (surroundings.Setting("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Concat(surroundings.ProgramFolders).Distinct());

    /// <summary>The file of a program; null if there is none.</summary>
    public static string? Find(string program, Surroundings surroundings) =>
        SearchPath(surroundings).Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public static IReadOnlyList<PodObstacle> MissingPrograms(Surroundings surroundings) =>
        PodPreflight.MissingPrograms(program => Find(program, surroundings) is not null);

    /// <exception cref="Refusal">There are obstacles; it names all of them.</exception>
    public static void Refuse(IReadOnlyList<PodObstacle> obstacles)
    {
        if (obstacles.Count > 0)
        {
            throw new Refusal(string.Join("; ", obstacles.Select(o => o.Message)), [.. obstacles.Select(o => o.Hint).Distinct()]);
        }
    }
}
