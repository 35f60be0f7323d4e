using System.Xml.Linq;
using Katabira.Tests.Support;

namespace Katabira.Tests.Architecture;

/// <summary>One project file, as it was written.</summary>
/// <param name="Name">Name of the project.</param>
/// <param name="Folder">Its folder, from the repository's root.</param>
/// <param name="References">Names of the projects it refers to.</param>
/// <param name="Packages">Names of the packages it refers to.</param>
/// <param name="RootNamespace">What every namespace in it starts with.</param>
internal sealed record ProjectFile(string Name, string Folder, IReadOnlyList<string> References, IReadOnlyList<string> Packages, string RootNamespace);

/// <summary>The project files of the repository.</summary>
internal static class ProjectFiles
{
    public static IReadOnlyList<ProjectFile> All { get; } =
        [.. Tree.Files("*.csproj").Select(Read).OrderBy(p => p.Name, StringComparer.Ordinal)];

    private static ProjectFile Read(string path)
    {
        var xml = XDocument.Parse(Repository.Read(path));
        var name = Path.GetFileNameWithoutExtension(path);
        return new(
            name,
            Path.GetDirectoryName(path)!,
            [.. Includes(xml, "ProjectReference").Select(i => Path.GetFileNameWithoutExtension(i))],
            [.. Includes(xml, "PackageReference")],
            xml.Descendants("RootNamespace").SingleOrDefault()?.Value ?? name);
    }

    private static IEnumerable<string> Includes(XDocument xml, string item) => xml.Descendants(item).Select(e => e.Attribute("Include")!.Value);
}
