using System.Xml.Linq;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Architecture;

/// <summary>Every package is one that somebody decided on: the table of docs/decisions/0005 is the law.</summary>
public class PackageTests
{
    private const string Decision = "docs/decisions/0005-packages.md";

    /// <summary>Package to the projects that may use it, from the rows <c>| `package` | `project`, … | what for | refused |</c>.</summary>
    private static readonly Dictionary<string, string[]> s_decided = Repository.Read(Decision).Split('\n')
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(cells => cells[1].Trim('`'), cells => cells[2].Split(',', StringSplitOptions.TrimEntries).Select(p => p.Trim('`')).ToArray(), StringComparer.Ordinal);

    public static TheoryData<string> Projects => [.. ProjectFiles.All.Select(p => p.Name)];

    [Theory, MemberData(nameof(Projects))]
    public void Project_Packages_AreDecided(string name)
    {
        var undecided = ProjectFiles.All.Single(p => p.Name == name).Packages
            .Where(package => !s_decided.GetValueOrDefault(package, []).Contains(name));

        Assert.True(!undecided.Any(), $"{name} uses {string.Join(", ", undecided)}: decide it in {Decision}");
    }

    [Fact]
    public void Model_Packages_AreNone() => Assert.Empty(ProjectFiles.All.Single(p => p.Name == "Katabira.Model").Packages);

    [Fact]
    public void Table_Rows_AreExactlyTheVersionedPackages()
    {
        var xml = XDocument.Parse(Repository.Read("Directory.Packages.props"));
        var versioned = xml.Descendants("PackageVersion").Concat(xml.Descendants("GlobalPackageReference")).Select(e => e.Attribute("Include")!.Value);

        Assert.Equal(versioned.Order(StringComparer.Ordinal), s_decided.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Table_EveryUse_IsReal()
    {
        var global = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("GlobalPackageReference").Select(e => e.Attribute("Include")!.Value);
        var claimed = s_decided.Where(d => !global.Contains(d.Key)).SelectMany(d => d.Value.Select(project => $"{project} uses {d.Key}"));
        var used = ProjectFiles.All.SelectMany(p => p.Packages.Select(package => $"{p.Name} uses {package}"));

        Assert.Equal([], claimed.Except(used));
    }
}
