using System.Globalization;
using CsCheck;
using Katabira.Model.Destinations;
using Katabira.Model.Mesh;
using Katabira.Model.Resources;
using Katabira.Tests.Mtls;
using Katabira.Tests.Support;
using Xunit;
using static Katabira.Tests.Destinations.Rules;

namespace Katabira.Tests.Destinations;

public class DestinationRulesTests
{
    private const string Example = "example.ns.svc.cluster.local";

    [Theory]
    [InlineData("example", "ns", Example)]
    [InlineData("example", "other", "example.other.svc.cluster.local")]
    [InlineData("example.ns", "other", "example.ns")]
    [InlineData("*", "ns", "*")]
    [InlineData("*.ns.svc.cluster.local", "ns", "*.ns.svc.cluster.local")]
    [InlineData("Example.NS.svc.cluster.local.", "x", Example)]
    [InlineData("10.0.0.1", "ns", "10.0.0.1")]
    [InlineData("::1", "ns", "::1")]
    public void Host_IsCompletedFromTheRulesOwnNamespace(string host, string ns, string expected) =>
        Assert.Equal(expected, HostPattern.Resolve(host, ns, "cluster.local").Text);

    [Fact]
    public void Host_MostSpecific_Wins()
    {
        string[] hosts = ["*", "*.cluster.local", "*.svc.cluster.local", "*.ns.svc.cluster.local", Example];
        for (var count = 1; count <= hosts.Length; count++)
        {
            var rules = hosts.Take(count).Select((h, i) => Rule($"client/r{i}", h, "SIMPLE"));
            Assert.Equal($"client/r{count - 1}", rules.Ask().Rules.Single().ToString());
        }
    }

    public static TheoryData<string, string, string[]> Lookups => new()
    {
        // what is shown, the rule that must win, rules as ns/name host exportTo
        { "the client's namespace is asked first", "client/a", ["client/a * *", $"ns/b {Example} *", $"istio-system/c {Example} *"] },
        { "then the service's", "ns/b", [$"ns/b {Example} *", $"istio-system/c {Example} *"] },
        { "then the root", "istio-system/c", [$"istio-system/c {Example} *"] },
        { "never another namespace", "", [$"other/a {Example} *"] },
        { "a private rule of the client's namespace counts", "client/a", [$"client/a {Example} .", $"ns/b {Example} *"] },
        { "a rule of the client's namespace for others does not", "ns/b", [$"client/a {Example} other", $"ns/b {Example} *"] },
        { "a private rule of the service's namespace does not", "istio-system/c", [$"ns/b {Example} .", $"istio-system/c {Example} *"] },
        { "a rule exported to the client by name does", "ns/b", [$"ns/b {Example} client,other"] },
        { "an invisible best match hides the visible wider one of its namespace", "istio-system/c", [$"ns/b {Example} .", "ns/b2 * *", "istio-system/c * *"] },
        { "nothing said is the mesh's default", "ns/b", [$"ns/b {Example} -"] },
    };

    [Theory, MemberData(nameof(Lookups))]
    public void Lookup_FirstNamespaceWithARule_Wins(string what, string winner, string[] rules)
    {
        var answer = rules.Select(r => r.Split(' ')).Select(r => Rule(r[0], r[1], "SIMPLE", more: ExportTo(r[2]))).Ask();
        Assert.Equal((what, winner), (what, string.Join(' ', answer.Rules)));
    }

    [Theory]
    [InlineData(".", "istio-system/c")]
    [InlineData("*", "ns/b")]
    public void Lookup_ClientInRoot_OnlyItsPrivateRulesComeFirst(string exportTo, string winner)
    {
        var answer = new[] { Rule("istio-system/c", Example, "SIMPLE", more: ExportTo(exportTo)), Rule("ns/b", Example, "SIMPLE") }.Ask(client: "istio-system");
        Assert.Equal(winner, answer.Rules.Single().ToString());
    }

    [Theory]
    [InlineData("app=a", "client", "client/for-a")]
    [InlineData("app=b", "client", "client/for-all")]
    [InlineData("app=a", "other", "ns/public")]
    public void Selector_ChoosesClientsOfItsOwnNamespace(string labels, string client, string winner)
    {
        var answer = new[]
        {
            Rule("client/for-all", Example, "SIMPLE", age: 9),
            Rule("client/for-a", Example, "SIMPLE", more: ",'workloadSelector':{'matchLabels':{'app':'a'}},'exportTo':['*']"),
            Rule("ns/public", Example, "SIMPLE"),
        }.Ask(client, labels);
        Assert.Equal(winner, answer.Rules[0].ToString());
    }

    [Fact]
    public void Selector_ForOthers_HidesNothingWider()
    {
        var answer = new[] { Rule("client/exact", Example, "SIMPLE", more: ",'workloadSelector':{'matchLabels':{'app':'a'}}"), Rule("client/wide", "*", "DISABLE") }.Ask(labels: "app=b");
        Assert.Equal("client/wide", answer.Rules.Single().ToString());
    }

    [Fact]
    public void Merge_OldestPolicy_AllSubsets()
    {
        var answer = new[]
        {
            FromJson("client/young", $"{{'host':'{Example}','trafficPolicy':{{'tls':{{'mode':'DISABLE'}}}},'subsets':[{{'name':'v1','labels':{{'version':'young'}}}},{{'name':'v2','labels':{{'version':'2'}}}}]}}"),
            FromJson("client/old", $"{{'host':'{Example}','subsets':[{{'name':'v1','labels':{{'version':'1'}}}}]}}", age: 9),
            Rule("client/middle", Example, "ISTIO_MUTUAL", age: 5),
        };
        Assert.Equal(["client/middle", "client/old", "client/young"], answer.Ask().Rules.Select(r => r.ToString()));
        Assert.Equal(TlsIntent.IstioMutual, answer.Ask().Tls.Mode);
        Assert.Equal("1", answer.Ask(subset: "v1").SubsetLabels!["version"]);
        Assert.Equal("2", answer.Ask(subset: "v2").SubsetLabels!["version"]);
        Assert.Null(answer.Ask(subset: "v3").SubsetLabels);
    }

    [Fact]
    public void Merge_SeenFromMorePlaces_JoinsAndStandsAlone()
    {
        var rules = new[] { Rule("ns/narrow", Example, "DISABLE", age: 9, more: ",'exportTo':['ns']"), Rule("ns/wide", Example, "ISTIO_MUTUAL", more: ",'exportTo':['*']") };
        Assert.Equal(["ns/narrow", "ns/wide"], rules.Ask(client: "ns").Rules.Select(r => r.ToString()));
        Assert.Equal(["ns/wide"], rules.Ask(client: "client").Rules.Select(r => r.ToString()));
    }

    [Fact]
    public void Ladder_EveryRuleWhoseHostFits_HasAFate()
    {
        var answer = new[]
        {
            Rule("client/applied", Example, "ISTIO_MUTUAL", age: 9),
            FromJson("client/subsets", $"{{'host':'{Example}','trafficPolicy':{{'tls':{{'mode':'DISABLE'}}}},'subsets':[{{'name':'v1'}}]}}", age: 5),
            Rule("client/wider", "*.cluster.local", "DISABLE"),
            Rule("client/selective", Example, "DISABLE", more: ",'workloadSelector':{'matchLabels':{'app':'x'}}"),
            Rule("client/elsewhere", "reviews", "DISABLE"),
            Rule("ns/private", Example, "DISABLE", more: ",'exportTo':['.']"),
            Rule("istio-system/root", "*", "DISABLE"),
        }.Ask();
        Assert.Equal(
            [
                "client/selective SelectsOthers", "client/applied Applied", "client/subsets SubsetsOnly", "client/wider LessSpecific",
                "ns/private NotVisible", "istio-system/root LaterNamespace",
            ],
            answer.Explain().Select(r => $"{r.Rule} {r.Fate}"));
        Assert.All(answer.Explain(), r => Assert.NotEmpty(r.Words));
    }

    [Fact]
    public void Rules_OneAtATime_AnswerAsAllAtOnce() =>
        Gen.Select(
            Gen.Select(Meshes.Among("client", "ns", "istio-system"), Meshes.Among("a", "b", "c"), Meshes.Among("*", Example, "*.cluster.local", "example"),
                Meshes.Among("DISABLE", "ISTIO_MUTUAL"), Meshes.Among("", ",'exportTo':['.']", ",'exportTo':['client']"), Gen.Int[0, 2],
                (ns, name, host, tls, more, age) => Rule($"{ns}/{name}", host, tls, age, more)).Array[0, 10],
            Gen.Bool.Array[10]).Sample((rules, removals) =>
        {
            var snapshot = DestinationRules.None(new MeshSettings());
            var live = new Dictionary<ObjectKey, Resource<Katabira.Model.Kinds.DestinationRule>>();
            foreach (var (i, rule) in rules.Index())
            {
                live[rule.Key] = rule;
                snapshot = snapshot.With(rule);
                if (removals[i])
                {
                    live.Remove(rules[i / 2].Key);
                    snapshot = snapshot.Without(rules[i / 2].Key);
                }
            }
            foreach (var client in new[] { "client", "ns", "istio-system", "other" })
            {
                var question = (new DestinationClient(client, Given.Labels("")), new DialledService(Example, "ns", 80));
                var expected = DestinationRules.Of(new MeshSettings(), live.Values.Reverse()).Find(question.Item1, question.Item2);
                var actual = snapshot.Find(question.Item1, question.Item2);
                Assert.Equal(expected.Rules, actual.Rules);
                Assert.Equal((expected.Tls.Mode, expected.Tls.Rule), (actual.Tls.Mode, actual.Tls.Rule));
                Assert.Equal(expected.Rules.IsEmpty ? 0 : 1, actual.Explain().Count(r => r.Fate == DestinationFate.Applied));
            }
        }, iter: Iterations.Of(10_000));

    private static string ExportTo(string names) =>
        names == "-" ? "" : string.Create(CultureInfo.InvariantCulture, $",'exportTo':[{string.Join(',', names.Split(',').Select(n => $"'{n}'"))}]");
}
