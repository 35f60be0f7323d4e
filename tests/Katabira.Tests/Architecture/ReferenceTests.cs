using Xunit;

namespace Katabira.Tests.Architecture;

/// <summary>Who may know whom. The first table is the architecture; everything that is not in it is refused.</summary>
public class ReferenceTests
{
    /// <summary>Each project of the product and the ones it may refer to. A project that does not exist yet has its place already.</summary>
    private static readonly Dictionary<string, string[]> s_allowed = new(StringComparer.Ordinal)
    {
        ["Katabira.Model"] = [],
        ["Katabira.Identity"] = [],
        ["Katabira.Net"] = [],
        ["Katabira.Wire"] = ["Katabira.Model"],
        ["Katabira.Proxy"] = ["Katabira.Net", "Katabira.Identity", "Katabira.Model", "Katabira.Wire"],
        ["Katabira.Control"] = ["Katabira.Identity", "Katabira.Model", "Katabira.Wire"],
        ["Katabira.Console"] = ["Katabira.Control", "Katabira.Model"],
        ["Katabira.Cluster"] = ["Katabira.Net"],
        ["katabira"] = ["Katabira.Cluster", "Katabira.Control", "Katabira.Console", "Katabira.Model"],
        ["katabira-proxy"] = ["Katabira.Proxy"],
        ["katabira-pod"] = ["Katabira.Net"],
        ["boutique"] = [],
    };

    /// <summary>They look at everything, and nothing of the product looks at them.</summary>
    private static readonly string[] s_observers = ["Katabira.Tests", "Katabira.EndToEnd", "Katabira.Network", "Katabira.Benchmarks", "Katabira.PodTests", "Katabira.StoreCrash"];

    /// <summary>A program that the tests start and kill; building the tests builds it.</summary>
    private const string Victim = "Katabira.StoreCrash";

    public static TheoryData<string> Projects => [.. ProjectFiles.All.Select(p => p.Name)];

    [Theory, MemberData(nameof(Projects))]
    public void Project_InTheTree_IsKnown(string name) =>
        Assert.True(s_allowed.ContainsKey(name) || s_observers.Contains(name), $"{name} has no place in the architecture: give it one in {nameof(ReferenceTests)}");

    [Theory, MemberData(nameof(Projects))]
    public void Project_References_AreAllowed(string name)
    {
        var project = ProjectFiles.All.Single(p => p.Name == name);
        var allowed = s_observers.Contains(name) ? s_allowed.Keys.Append(Victim) : (IEnumerable<string>)s_allowed.GetValueOrDefault(name, []);

        Assert.Equal([], project.References.Except(allowed));
        Assert.Distinct(project.References);
    }

    [Theory, MemberData(nameof(Projects))]
    public void Project_InTheTree_IsInTheSolution(string name)
    {
        var project = ProjectFiles.All.Single(p => p.Name == name);

        Assert.Contains($"\"{project.Folder}/{name}.csproj\"", Support.Repository.Read("Katabira.slnx"), StringComparison.Ordinal);
    }

    [Fact]
    public void ProxyControlAndCluster_Ever_NeverMeet()
    {
        string[] strangers = ["Katabira.Proxy", "Katabira.Control", "Katabira.Cluster"];

        // One look through every arrow, also the ones nobody has drawn yet.
        foreach (var project in strangers)
        {
            Assert.Equal([project], Reach(project).Intersect(strangers));
        }
    }

    private static HashSet<string> Reach(string project) =>
        [project, .. s_allowed[project].SelectMany(Reach)];
}
