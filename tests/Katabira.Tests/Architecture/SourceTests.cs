using System.Text.RegularExpressions;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Architecture;

public partial class SourceTests
{
    private const int MostLines = 600;

    /// <summary>The namespace of a file is the path to it, so that a name in a message says where to look.</summary>
    [Fact]
    public void Namespace_OfEverySource_IsItsFolder()
    {
        var wrong = from project in ProjectFiles.All
                    where project.Folder.StartsWith("src/", StringComparison.Ordinal)
                    from file in Tree.Files("*.cs", project.Folder)
                    let folder = Path.GetDirectoryName(Path.GetRelativePath(project.Folder, file))!
                    let expected = string.Join('.', [project.RootNamespace, .. folder.Split('/', StringSplitOptions.RemoveEmptyEntries)])
                    let actual = NamespaceOf(file)
                    where actual != expected && !(actual is null && Path.GetFileName(file) == "Program.cs")
                    select $"{file}: {actual ?? "none"} instead of {expected}";

        Assert.Equal([], wrong);
    }

    /// <summary>Past this length a file holds two subjects. The compiler's own output is not asked.</summary>
    [Fact]
    public void Source_OfAnyKind_IsAtMost600Lines()
    {
        string[] patterns = ["*.cs", "*.razor", "*.sh", "*.proto", "*.csproj", "*.props", "*.js", "*.css"];
        var tooLong = patterns.SelectMany(p => Tree.Files(p)).Select(file => (file, lines: Repository.Read(file).Count(c => c == '\n')))
            .Where(f => f.lines > MostLines).Select(f => $"{f.file} has {f.lines} lines");

        Assert.Equal([], tooLong);
    }

    private static string? NamespaceOf(string file) =>
        NamespaceLine().Match(Repository.Read(file)) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"^namespace ([\w.]+);$", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
