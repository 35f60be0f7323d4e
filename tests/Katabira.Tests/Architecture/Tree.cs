using Katabira.Tests.Support;

namespace Katabira.Tests.Architecture;

/// <summary>The sources of the repository: what a newcomer sees, without what was built or fetched.</summary>
internal static class Tree
{
    /// <summary>Paths from the repository's root, in order.</summary>
    /// <param name="pattern">A pattern for file names, e.g. <c>*.cs</c>.</param>
    /// <param name="folder">Where to look; the whole repository if empty.</param>
    public static IReadOnlyList<string> Files(string pattern, string folder = "") =>
        [.. Directory.EnumerateFiles(Repository.PathTo(folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Where(path => !path.Split('/').Any(part => part is "artifacts" or "obj" or "bin" or ".git" or "node_modules"))
            .Order(StringComparer.Ordinal)];
}
