using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Schemas;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Schemas;

/// <summary>Our own manifests, through the embedded API server's eyes.</summary>
public sealed class ManifestTests
{
    public static TheoryData<string> Manifests => [.. Directory.EnumerateFiles(Repository.PathTo("manifests/crds"), "*.yaml").Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Manifests))]
    public void Manifest_Checked_IsInOrderAndAllItsRulesCompile(string file)
    {
        var crd = Load(file);
        Assert.Empty(CrdCheck.Check(crd, Widgets.Patterns).Select(i => i.ToString()));
        var model = CustomResourceModel.Compile(crd, Widgets.Patterns);
        Assert.Equal(file, $"{model.Plural}.{model.Group}.yaml");
        Assert.All(model.Versions, v => Assert.All(Rules(v.Rules), rule => Assert.Null(rule.Problem)));
        Assert.All(model.Versions, v => Assert.Equal(CountRules(v, crd), Rules(v.Rules).Count()));
    }

    [Theory, MemberData(nameof(Manifests))]
    public void Manifest_OfAnEmptyObject_JudgesItWithoutLosingAnything(string file)
    {
        var model = CustomResourceModel.Compile(Load(file), Widgets.Patterns);
        foreach (var version in model.Versions)
        {
            var empty = new JsonObject { ["apiVersion"] = version.ApiVersion, ["kind"] = model.Kind, ["metadata"] = new JsonObject { ["name"] = "x" } };
            Assert.Empty(version.Decode(empty, collectUnknown: true));
            // a kind that demands its spec says so, and that its rules could not be asked; none of them may fail by itself
            Assert.DoesNotContain(version.Validate(empty, null), i => i.Path != FieldIssue.NoPath && i.Message.Contains("rule", StringComparison.Ordinal));
        }
    }

    internal static JsonObject Load(string file)
    {
        var crd = YamlJson.Object(Repository.Read($"manifests/crds/{file}"));
        CrdNames.ApplyDefaults(crd);
        return crd;
    }

    private static IEnumerable<CompiledRule> Rules(RuleTree? tree) => tree is null ? []
        : [.. tree.Rules, .. Rules(tree.Items), .. Rules(tree.Additional), .. tree.Properties.SelectMany(p => Rules(p.Value))];

    private static int CountRules(CustomResourceVersion version, JsonObject crd) =>
        Count(crd["spec"]!["versions"]!.AsArray().Single(v => v!["name"]!.GetValue<string>() == version.Name));

    private static int Count(JsonNode? node) => node switch
    {
        JsonObject fields => fields.Sum(f => f.Key == "x-kubernetes-validations" ? f.Value!.AsArray().Count : Count(f.Value)),
        JsonArray array => array.Sum(Count),
        _ => 0,
    };
}
