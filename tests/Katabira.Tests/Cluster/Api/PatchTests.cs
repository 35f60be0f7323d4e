using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>The four languages of PATCH.</summary>
[Collection(SharedCluster.Name)]
public sealed class PatchTests(ClusterFixture cluster)
{
    private const string Deployment = """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"replicas":2,"selector":{"matchLabels":{"a":"b"}},
         "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"one","image":"i:1"},{"name":"two","image":"j:1"}]}}}}
        """;

    [Theory]
    [InlineData(ApiClient.MergePatch, """{"metadata":{"labels":{"x":"y"}},"spec":{"replicas":5}}""", "5 i:1 j:1 y")]
    [InlineData(ApiClient.StrategicPatch, """{"metadata":{"labels":{"x":"y"}},"spec":{"template":{"spec":{"containers":[{"name":"two","image":"j:2"}]}}}}""", "2 i:1 j:2 y")]
    [InlineData(ApiClient.StrategicPatch, """{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"one"}],"containers":[{"$patch":"delete","name":"two"}]}}}}""", "2 i:1  ")]
    [InlineData(ApiClient.JsonPatch, """[{"op":"test","path":"/spec/replicas","value":2},{"op":"replace","path":"/spec/replicas","value":4},{"op":"add","path":"/metadata/labels","value":{"x":"y"}}]""", "4 i:1 j:1 y")]
    public async Task Patch_OfADeployment_ChangesWhatItSays(string type, string patch, string expected)
    {
        var path = await DeploymentAsync();

        var answer = (await cluster.Admin.PatchAsync($"{path}/d", patch, type)).Expect(200);

        Assert.Equal(expected, $"{answer["spec.replicas"]} {answer["spec.template.spec.containers.0.image"]} {answer["spec.template.spec.containers.1.image"]} {answer["metadata.labels.x"]}");
        Assert.Equal(answer["spec"]!.ToJsonString(), (await cluster.Admin.GetAsync($"{path}/d"))["spec"]!.ToJsonString());
    }

    [Theory]
    [InlineData(ApiClient.JsonPatch, """[{"op":"test","path":"/spec/replicas","value":3}]""", 422)]
    [InlineData(ApiClient.JsonPatch, """[{"op":"remove","path":"/spec/nothing"}]""", 422)]
    [InlineData(ApiClient.JsonPatch, """{"op":"remove"}""", 400)]
    [InlineData(ApiClient.JsonPatch, """[{"op":"replace","path":"","value":[]}]""", 422)]
    [InlineData(ApiClient.MergePatch, "[]", 400)]
    [InlineData(ApiClient.MergePatch, """{"metadata":{"name":"e"}}""", 400)]
    [InlineData(ApiClient.MergePatch, """{"metadata":{"namespace":"e"}}""", 422)]
    [InlineData(ApiClient.MergePatch, """{"kind":"Pod"}""", 400)]
    [InlineData(ApiClient.StrategicPatch, """{"apiVersion":"apps/v2"}""", 400)]
    [InlineData(ApiClient.JsonPatch, """[{"op":"replace","path":"/kind","value":"Pod"}]""", 400)]
    [InlineData(ApiClient.MergePatch, """{"metadata":{"uid":"e"}}""", 409)]
    [InlineData(ApiClient.MergePatch, """{"spec":{"selector":{"matchLabels":{"a":"c"}},"template":{"metadata":{"labels":{"a":"c"}}}}}""", 422)]
    [InlineData(ApiClient.MergePatch, """{"spec":null}""", 422)]
    [InlineData(ApiClient.MergePatch, """{"spec":"x"}""", 400)]
    [InlineData(ApiClient.MergePatch, """{"metadata":null}""", 422)]
    [InlineData(ApiClient.StrategicPatch, """{"$patch":"sing"}""", 422)]
    [InlineData(ApiClient.ApplyPatch, """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"e"}}""", 400)]
    [InlineData("application/json", "{}", 415)]
    public async Task Patch_ThatMakesNoSense_IsRefusedAndChangesNothing(string type, string patch, int code)
    {
        var path = await DeploymentAsync();
        var before = await cluster.Admin.GetAsync($"{path}/d");

        (await cluster.Admin.PatchAsync($"{path}/d?fieldManager=m", patch, type)).Expect(code);

        var after = await cluster.Admin.GetAsync($"{path}/d");
        Assert.Equal((before.Uid, before["spec"]!.ToJsonString()), (after.Uid, after["spec"]!.ToJsonString()));
    }

    [Fact]
    public async Task Patch_FromManyAtOnce_LosesNone()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        await cluster.Admin.PostAsync($"{core}/configmaps", """{"metadata":{"name":"a"}}""");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => cluster.Admin.PatchAsync($"{core}/configmaps/a", $$$"""{"data":{"k{{{i}}}":"v"}}""")));

        Assert.All(answers, answer => answer.Expect(200));
        Assert.Equal(20, (await cluster.Admin.GetAsync($"{core}/configmaps/a"))["data"]!.AsObject().Count);
    }

    [Fact]
    public async Task Apply_OfTwoManagers_SharesFieldsAndTellsConflicts()
    {
        var (ns, _) = await cluster.NewNamespaceAsync();
        // of a kind that no controller writes to meanwhile
        var path = $"/apis/apps/v1/namespaces/{ns}/statefulsets/d";
        var made = await cluster.Admin.PatchAsync($"{path}?fieldManager=first", Deployment.Replace("Deployment", "StatefulSet", StringComparison.Ordinal), ApiClient.ApplyPatch);
        const string Wish = """{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"d","labels":{"team":"x"}},"spec":{"replicas":7}}""";

        var refused = await cluster.Admin.PatchAsync($"{path}?fieldManager=second", Wish, ApiClient.ApplyPatch);
        var forced = await cluster.Admin.PatchAsync($"{path}?fieldManager=second&force=true", Wish, ApiClient.ApplyPatch);
        var same = await cluster.Admin.PatchAsync($"{path}?fieldManager=second", Wish, ApiClient.ApplyPatch);
        var withdrawn = await cluster.Admin.PatchAsync($"{path}?fieldManager=second",
            """{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"d"},"spec":{"replicas":7}}""", ApiClient.ApplyPatch);

        made.Expect(201);
        refused.ExpectStatus(409, "Conflict", "Apply failed with 1 conflict: conflict with \"first\": .spec.replicas");
        Assert.Equal("""[{"reason":"FieldManagerConflict","message":"conflict with \"first\"","field":".spec.replicas"}]""", refused["details.causes"]!.ToJsonString(s_relaxed));
        Assert.Equal((7, "x"), ((int?)forced.Expect(200)["spec.replicas"], (string?)forced["metadata.labels.team"]));
        Assert.Equal(forced.ResourceVersion, same.Expect(200).ResourceVersion);
        Assert.Null(withdrawn.Expect(200)["metadata.labels.team"]);
        Assert.Equal("i:1", (string?)withdrawn["spec.template.spec.containers.0.image"]);
    }

    [Fact]
    public async Task Apply_OfYaml_WithoutManager_IsRefused()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        const string Wish = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: \"1\"\n";

        var refused = await cluster.Admin.PatchAsync($"{core}/configmaps/a", Wish, ApiClient.ApplyPatch);
        var made = await cluster.Admin.PatchAsync($"{core}/configmaps/a?fieldManager=m", Wish, ApiClient.ApplyPatch);
        var strict = await cluster.Admin.PatchAsync($"{core}/configmaps/a?fieldManager=m&fieldValidation=Strict", Wish + "foo: 1\n", ApiClient.ApplyPatch);

        refused.ExpectStatus(422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
        Assert.Equal(("1", "Apply", "m"), ((string?)made.Expect(201)["data.k"], (string?)made["metadata.managedFields.0.operation"], (string?)made["metadata.managedFields.0.manager"]));
        Assert.Contains("unknown field \"foo\"", (string?)strict.Expect(400)["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_ToSomethingWithAUidThatIsNotThere_MakesNothing()
    {
        var (_, core) = await cluster.NewNamespaceAsync();

        (await cluster.Admin.PatchAsync($"{core}/configmaps/a?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","uid":"u"}}""", ApiClient.ApplyPatch)).Expect(404);
        (await cluster.Admin.PatchAsync($"{core}/configmaps/a/status?fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""", ApiClient.ApplyPatch)).Expect(404);

        (await cluster.Admin.GetAsync($"{core}/configmaps/a")).Expect(404);
    }

    private static readonly System.Text.Json.JsonSerializerOptions s_relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private async Task<string> DeploymentAsync()
    {
        var (ns, _) = await cluster.NewNamespaceAsync();
        var path = $"/apis/apps/v1/namespaces/{ns}/deployments";
        (await cluster.Admin.PostAsync(path, Deployment)).Expect(201);
        return path;
    }
}
