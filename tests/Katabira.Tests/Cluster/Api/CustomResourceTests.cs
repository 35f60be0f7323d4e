using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>Definitions, and the objects of the kinds they define.</summary>
[Collection(SharedCluster.Name)]
public sealed class CustomResourceTests(ClusterFixture cluster)
{
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private const string AnySchema = """{"type":"object","x-kubernetes-preserve-unknown-fields":true}""";

    private const string Schema = """
        {"type":"object","properties":{
          "spec":{"type":"object","required":["size"],"x-kubernetes-validations":[{"rule":"self.size < 10 || has(self.colour)","message":"large ones have a colour"}],
            "properties":{"size":{"type":"integer","minimum":1},"colour":{"type":"string","enum":["red","blue"]},"kept":{"type":"string","default":"yes"},"replicas":{"type":"integer"}}},
          "status":{"type":"object","properties":{"replicas":{"type":"integer"},"selector":{"type":"string"},"note":{"type":"string"}}}}}
        """;

    [Fact]
    public async Task Definition_ThatIsAnswered_IsServedEverywhere()
    {
        var group = NewGroup();
        var made = (await DefineAsync(group)).Expect(201);

        var conditions = made["status.conditions"]!.AsArray().ToDictionary(c => (string)c!["type"]!, c => $"{(string?)c!["status"]} {(string?)c["reason"]}");
        Assert.Equal(("True NoConflicts", "True InitialNamesAccepted"), (conditions["NamesAccepted"], conditions["Established"]));
        Assert.Equal(("widget", "WidgetList", "v1"), ((string?)made["status.acceptedNames.singular"], (string?)made["status.acceptedNames.listKind"], (string?)made["status.storedVersions.0"]));
        Assert.Equal("WidgetList", (string?)(await cluster.Admin.GetAsync($"/apis/{group}/v1/widgets")).Expect(200)["kind"]);
        Assert.Contains($"\"{group}/v1\"", (await cluster.Admin.GetAsync("/apis")).Text, StringComparison.Ordinal);
        Assert.Contains("\"widgets/status\"", (await cluster.Admin.GetAsync($"/apis/{group}/v1")).Expect(200).Text, StringComparison.Ordinal);
        Assert.Contains($"\"{group}\"", (await cluster.Admin.GetAsync("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")).Text, StringComparison.Ordinal);
        var link = (string)(await cluster.Admin.GetAsync("/openapi/v3")).Json["paths"]![$"apis/{group}/v1"]!["serverRelativeURL"]!;
        Assert.Contains("\"kind\":\"Widget\"", (await cluster.Admin.GetAsync(link)).Expect(200).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"size":3}""", 201, "")]
    [InlineData("{}", 422, "spec.size: Required value")]
    [InlineData("""{"size":"3"}""", 422, "spec.size: Invalid value: \"string\": spec.size in body must be of type integer: \"string\"")]
    [InlineData("""{"size":0}""", 422, "spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1")]
    [InlineData("""{"size":3,"colour":"green"}""", 422, "spec.colour: Unsupported value: \"green\": supported values: \"red\", \"blue\"")]
    [InlineData("""{"size":30}""", 422, "spec: Invalid value: \"object\": large ones have a colour")]
    public async Task Object_OfACustomKind_IsValidated(string spec, int code, string message)
    {
        var group = await WidgetsAsync();
        var (ns, _) = await cluster.NewNamespaceAsync();

        var answer = (await cluster.Admin.PostAsync($"/apis/{group}/v1/namespaces/{ns}/widgets", $$$"""{"metadata":{"name":"w"},"spec":{{{spec}}}}""")).Expect(code);

        if (code == 422)
        {
            // a value of a wrong form also keeps rules from being asked, which is told after it
            Assert.StartsWith($"Widget.{group} \"w\" is invalid: {message}", ((string)answer["message"]!).Replace(": [", ": ", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Object_OfACustomKind_IsPrunedDefaultedAndCounted()
    {
        var group = await WidgetsAsync();
        var (ns, _) = await cluster.NewNamespaceAsync();
        var path = $"/apis/{group}/v1/namespaces/{ns}/widgets";
        const string Body = """{"metadata":{"name":"w"},"spec":{"size":3,"more":{"a":1}},"status":{"note":"mine"}}""";

        var strict = await cluster.Admin.PostAsync($"{path}?fieldValidation=Strict", Body);
        var made = await cluster.Admin.PostAsync(path, Body);
        var blind = await cluster.Admin.PutAsync($"{path}/w", Body);
        var status = await cluster.Admin.PatchAsync($"{path}/w/status", """{"metadata":{"labels":{"x":"y"}},"spec":{"size":4},"status":{"note":"theirs"}}""");
        var wish = await cluster.Admin.PatchAsync($"{path}/w", """{"spec":{"size":5},"status":{"note":"mine"}}""");
        var strategic = await cluster.Admin.PatchAsync($"{path}/w", "{}", ApiClient.StrategicPatch);

        strict.ExpectStatus(400, "BadRequest", "Widget in version \"v1\" cannot be handled as a Widget: strict decoding error: unknown field \"spec.more\"");
        Assert.Equal(["299 - \"unknown field \\\"spec.more\\\"\""], made.Expect(201).Warnings);
        Assert.Equal(("""{"size":3,"kept":"yes"}""", 1), (made["spec"]!.ToJsonString(), (int?)made["metadata.generation"]));
        Assert.Null(made["status"]);
        Assert.StartsWith("metadata.resourceVersion: Invalid value: ", $"{(string?)blind.Expect(422)["details.causes.0.field"]}: {(string?)blind["details.causes.0.message"]}", StringComparison.Ordinal);
        Assert.Equal((3, "theirs", 1), ((int?)status.Expect(200)["spec.size"], (string?)status["status.note"], (int?)status["metadata.generation"]));
        Assert.Equal((5, "theirs", 2), ((int?)wish.Expect(200)["spec.size"], (string?)wish["status.note"], (int?)wish["metadata.generation"]));
        Assert.EndsWith("application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml", (string?)strategic.Expect(415)["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Versions_ThatAreServed_ShowTheSameObject()
    {
        var group = NewGroup();
        (await DefineAsync(group, versions: $$"""
            {"name":"v1beta1","served":true,"storage":false,"deprecated":true,"schema":{"openAPIV3Schema":{{AnySchema}} } },
            {"name":"v1alpha1","served":false,"storage":false,"schema":{"openAPIV3Schema":{{AnySchema}} } },
            {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{{AnySchema}} } }
            """)).Expect(201);
        var path = "namespaces/default/widgets";
        var made = (await cluster.Admin.PostAsync($"/apis/{group}/v1beta1/{path}", """{"metadata":{"name":"w"},"spec":{"a":1.0}}""")).Expect(201);

        var read = (await cluster.Admin.GetAsync($"/apis/{group}/v1/{path}/w")).Expect(200);

        Assert.Equal([$"299 - \"{group}/v1beta1 Widget is deprecated\""], made.Warnings);
        Assert.Equal(($"{group}/v1beta1", $"{group}/v1"), ((string?)made["apiVersion"], (string?)read["apiVersion"]));
        Assert.Contains("\"a\":1.0", read.Text, StringComparison.Ordinal);
        (await cluster.Admin.GetAsync($"/apis/{group}/v1alpha1/{path}/w")).Expect(404);
    }

    [Fact]
    public async Task Delete_OfADefinition_TakesItsObjectsFirst()
    {
        var group = NewGroup();
        var made = (await DefineAsync(group)).Expect(201);
        var path = $"/apis/{group}/v1/namespaces/default/widgets";
        (await cluster.Admin.PostAsync(path, """{"metadata":{"name":"held","finalizers":["x.example/hold"]},"spec":{"size":1}}""")).Expect(201);
        (await cluster.Admin.PostAsync(path, """{"metadata":{"name":"free"},"spec":{"size":1}}""")).Expect(201);
        using var objects = await cluster.Admin.WatchAsync(path);
        using var definition = await cluster.Admin.WatchAsync($"{Definitions}/widgets.{group}?resourceVersion={made.ResourceVersion}");
        Assert.Equal(["ADDED free", "ADDED held"], [await objects.NextNameAsync(), await objects.NextNameAsync()]);

        var marked = (await cluster.Admin.DeleteAsync($"{Definitions}/widgets.{group}")).Expect(200);
        Assert.Equal(["DELETED free", "MODIFIED held"], [await objects.NextNameAsync(), await objects.NextNameAsync()]);
        var late = await cluster.Admin.PostAsync(path, """{"metadata":{"name":"late"},"spec":{"size":1}}""");
        (await cluster.Admin.PatchAsync($"{path}/held", """{"metadata":{"finalizers":null}}""")).Expect(200);

        Assert.Contains("Terminating", marked.Text, StringComparison.Ordinal);
        late.ExpectStatus(403, "Forbidden", $"widgets.{group} \"late\" is forbidden: create not allowed while custom resource definition is terminating");
        Assert.Equal("DELETED held", await objects.NextNameAsync());
        Assert.Equal([$"MODIFIED widgets.{group}", $"DELETED widgets.{group}"], [await definition.NextNameAsync(), await definition.NextNameAsync()]);
        (await cluster.Admin.GetAsync(path)).Expect(404);
        (await cluster.Admin.GetAsync($"/apis/{group}")).Expect(404);
    }

    [Fact]
    public async Task Scale_OfACustomKind_IsWhereTheDefinitionSays()
    {
        var group = await WidgetsAsync();
        var (ns, _) = await cluster.NewNamespaceAsync();
        var path = $"/apis/{group}/v1/namespaces/{ns}/widgets";
        (await cluster.Admin.PostAsync(path, """{"metadata":{"name":"w"},"spec":{"size":3,"replicas":2}}""")).Expect(201);
        (await cluster.Admin.PatchAsync($"{path}/w/status", """{"status":{"replicas":1,"selector":"a=b"}}""")).Expect(200);

        var scale = (await cluster.Admin.GetAsync($"{path}/w/scale")).Expect(200);
        var scaled = (await cluster.Admin.PatchAsync($"{path}/w/scale", """{"spec":{"replicas":5}}""")).Expect(200);

        Assert.Equal(("Scale", "autoscaling/v1", 2, 1, "a=b"), ((string?)scale["kind"], (string?)scale["apiVersion"], (int?)scale["spec.replicas"], (int?)scale["status.replicas"], (string?)scale["status.selector"]));
        Assert.Equal(5, (int?)scaled["spec.replicas"]);
        Assert.Equal(5, (int?)(await cluster.Admin.GetAsync($"{path}/w"))["spec.replicas"]);
    }

    [Theory]
    [InlineData("deployments", "apps", "should be a domain with at least one dot")]
    [InlineData("pods", "core", "should be a domain with at least one dot")]
    [InlineData("foos", "rbac.authorization.k8s.io", "api-approved.kubernetes.io")]
    [InlineData("leases", "coordination.k8s.io", "api-approved.kubernetes.io")]
    public async Task Definition_InAGroupOfOurOwn_IsRefused(string plural, string group, string why)
    {
        var answer = (await DefineAsync(group, plural: plural)).Expect(422);

        Assert.Contains(why, (string?)answer["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Definition_ApprovedByHandInAGroupOfOurOwn_DoesNotTakeItsPlace()
    {
        (await cluster.Admin.PostAsync(Definitions, """
            {"metadata":{"name":"leases.coordination.k8s.io","annotations":{"api-approved.kubernetes.io":"https://github.com/kubernetes/kubernetes/pull/1"}},
             "spec":{"group":"coordination.k8s.io","scope":"Namespaced","names":{"plural":"leases","kind":"Lease"},
             "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}
            """)).Expect(201);
        const string Leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
        var lease = (await cluster.Admin.PostAsync(Leases, """{"metadata":{"name":"l"},"spec":{"holderIdentity":"me","more":1}}""")).Expect(201);
        using var watch = await cluster.Admin.WatchAsync($"{Definitions}/leases.coordination.k8s.io");
        (await cluster.Admin.DeleteAsync($"{Definitions}/leases.coordination.k8s.io")).Expect(200);
        while ((string?)(await watch.NextAsync())["type"] != "DELETED")
        {
        }

        Assert.Null(lease["spec.more"]);
        Assert.Equal(["l"], (await cluster.Admin.GetAsync($"{Leases}?fieldSelector=metadata.name%3Dl")).Names());
    }

    [Fact]
    public async Task Status_OfADefinitionWrittenByHand_BreaksNothing()
    {
        var group = NewGroup();
        (await DefineAsync(group)).Expect(201);
        var twin = (await DefineAsync(group, plural: "others")).Expect(201);
        Assert.Equal("False", (string?)twin["status.conditions.1.status"]);
        (await cluster.Admin.GetAsync($"/apis/{group}/v1/others")).Expect(404);

        foreach (var status in (string[])
            [
                """{"conditions":[{"type":"Established","status":"True"}],"acceptedNames":{"plural":"widgets","kind":"Widget","listKind":"WidgetList","shortNames":["po"]},"storedVersions":["v1"]}""",
                """{"conditions":[{"type":"Established","status":"True"}],"acceptedNames":{"plural":"","kind":""},"storedVersions":["v9"]}""",
                """{"conditions":null,"acceptedNames":null,"storedVersions":null}""",
            ])
        {
            var answer = await cluster.Admin.PatchAsync($"{Definitions}/others.{group}/status", $$"""{"status":{{status}} }""");

            Assert.InRange(answer.Code, 200, 422);
            (await cluster.Admin.GetAsync($"/apis/{group}/v1/widgets")).Expect(200);
            (await cluster.Admin.GetAsync("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")).Expect(200);
            (await cluster.Admin.GetAsync($"/openapi/v3/apis/{group}/v1")).Expect(200);
            (await cluster.Admin.GetAsync(Definitions, ApiClient.Table)).Expect(200);
        }
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"s":{"type":"string","pattern":"(a{1000}){1000}"}}}""", 422)]
    [InlineData("""{"type":"object","properties":{"s":{"type":"string","pattern":"^(a+)+$"}}}""", 201)]
    [InlineData("""{"type":"object","properties":{"s":{"type":"string","x-kubernetes-validations":[{"rule":"self.nothing()"}]}}}""", 422)]
    [InlineData("""{"type":"object","properties":{"s":{"$ref":"#/x"}}}""", 422)]
    public async Task Schema_ThatWouldBeExpensive_IsRefusedOrHarmless(string schema, int code)
    {
        var group = NewGroup();
        (await DefineAsync(group, $$"""{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{{schema}} } }""")).Expect(code);
        if (code == 201)
        {
            (await cluster.Admin.PostAsync($"/apis/{group}/v1/namespaces/default/widgets", $$$"""{"metadata":{"name":"w"},"s":"{{{new string('a', 200_000)}}}!"}""")).Expect(422);
        }
    }

    [Fact]
    public async Task Rule_ThatNeverEnds_IsGivenUp()
    {
        var group = NewGroup();
        (await DefineAsync(group, """
            {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"l":{"type":"array","items":{"type":"integer"},
             "x-kubernetes-validations":[{"rule":"self.all(a, self.all(b, self.all(c, a + b + c >= 0)))"}]}}}}}
            """)).Expect(201);

        var answer = (await cluster.Admin.PostAsync($"/apis/{group}/v1/namespaces/default/widgets", $$$"""{"metadata":{"name":"w"},"l":[{{{string.Join(',', Enumerable.Range(0, 2_000))}}}]}""")).Expect(422);

        Assert.Contains("cost limit exceeded", (string?)answer["message"], StringComparison.Ordinal);
    }

    private string NewGroup() => cluster.NewName("g") + ".example";

    private async Task<string> WidgetsAsync()
    {
        var group = NewGroup();
        (await DefineAsync(group)).Expect(201);
        return group;
    }

    private Task<Answer> DefineAsync(string group, string? versions = null, string plural = "widgets") => cluster.Admin.PostAsync(Definitions, $$"""
        {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"{{plural}}.{{group}}"},
         "spec":{"group":"{{group}}","scope":"Namespaced","names":{"plural":"{{plural}}","kind":"Widget"},"versions":[{{versions ?? $$"""
            {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{{Schema}} },
             "subresources":{"status":{},"scale":{"specReplicasPath":".spec.replicas","statusReplicasPath":".status.replicas","labelSelectorPath":".status.selector"} } }
            """}}]} }
        """);
}
