using System.Text.RegularExpressions;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Architecture;

/// <summary>The papers tell the truth about the tree.</summary>
public partial class PaperTests
{
    private const string Decisions = "docs/decisions";

    /// <summary>Made by building and running, or named as what will be: not in a fresh clone.</summary>
    private static readonly string[] s_notInTheTree = ["artifacts/"];

    [Theory]
    [InlineData("README.md")]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("CONTRIBUTING.md")]
    public void Path_InAPaper_Exists(string paper)
    {
        var paths = Quoted().Matches(Repository.Read(paper)).Select(m => m.Groups[1].Value).Where(IsPath).Distinct().ToList();

        Assert.NotEmpty(paths);
        Assert.Equal([], paths.Where(path => !Path.Exists(Repository.PathTo(path))));
    }

    [Theory]
    [InlineData("src/Katabira.Model/", true)]
    [InlineData("./test", true)]
    [InlineData(".ci/run", true)]
    [InlineData("README.md", true)]
    [InlineData("bench/Nowhere/Program.cs", true)]
    [InlineData("security.istio.io/v1", false)]
    [InlineData("kubectl", false)]
    [InlineData("xunit.v3", false)]
    [InlineData("artifacts/bench/latest.json", false)]
    [InlineData("~/.dotnet", false)]
    [InlineData("$HOME/x", false)]
    [InlineData("tests/*.sh", false)]
    public void Word_InBackticks_IsAPathOrNot(string word, bool expected) => Assert.Equal(expected, IsPath(word));

    [Fact]
    public void Index_OfTheDecisions_ListsEachOnce()
    {
        var records = Tree.Files("*.md", Decisions).Select(f => Path.GetFileName(f)).Where(f => f != "README.md");
        var listed = Link().Matches(Repository.Read($"{Decisions}/README.md")).Select(m => m.Groups[1].Value);

        Assert.Equal(records.Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public void Decision_EachRecord_HasItsNumberAndItsThreeParts()
    {
        string[] parts = ["Context", "Decision", "Consequences"];
        foreach (var file in Tree.Files("*.md", Decisions).Where(f => Path.GetFileName(f) != "README.md"))
        {
            var text = Repository.Read(file);
            Assert.Matches("^# " + Path.GetFileName(file)[..4] + "[^0-9]", text);
            Assert.All(parts, part => Assert.Matches($@"(?m)^\W*{part}\b", text));
        }
    }

    /// <summary>Something with a slash in it, or a file by its name; not a pattern, a variable, a home, or a group of the Kubernetes API.</summary>
    private static bool IsPath(string word) =>
        PathLike().IsMatch(word)
        && !word.Contains(".io/", StringComparison.Ordinal)
        && !s_notInTheTree.Any(prefix => word.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The first word of a quotation: <c>./bench/run model</c> is about <c>./bench/run</c>.</summary>
    [GeneratedRegex(@"`([^`\s]+)[^`\n]*`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\A\.?[\w-][\w.-]*(?:/[\w.-]+)+/?\z|\A\.(?:/[\w.-]+)+/?\z|\A[\w-]+/\z|\A[\w.-]+\.(?:md|cs|csproj|props|slnx|json|yaml|sh|txt)\z|\A\.(?:editorconfig|gitignore|shellcheckrc)\z")]
    private static partial Regex PathLike();

    [GeneratedRegex(@"\]\((\d{4}-[\w-]+\.md)\)")]
    private static partial Regex Link();
}
