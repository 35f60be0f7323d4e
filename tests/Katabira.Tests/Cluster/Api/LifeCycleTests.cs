using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>An object from its creation to its end.</summary>
[Collection(SharedCluster.Name)]
public sealed class LifeCycleTests(ClusterFixture cluster)
{
    private const string Scheduled = """{"metadata":{"name":"p"},"spec":{"nodeName":"n","containers":[{"name":"c","image":"i"}]}}""";

    [Fact]
    public async Task Create_WithWhatOnlyTheServerWrites_BelievesNoneOfIt()
    {
        var (ns, core) = await cluster.NewNamespaceAsync();

        var made = (await cluster.Admin.PostAsync($"{core}/configmaps", """
            {"metadata":{"name":"a","uid":"mine","creationTimestamp":"2000-01-01T00:00:00Z","deletionTimestamp":"2000-01-01T00:00:00Z","generation":7,"selfLink":"/x"}}
            """)).Expect(201);

        Assert.True(Guid.TryParse(made.Uid, out _));
        Assert.Equal((ns, "v1", "ConfigMap"), ((string?)made["metadata.namespace"], (string?)made["apiVersion"], (string?)made["kind"]));
        Assert.DoesNotContain("2000-01-01", made.Text, StringComparison.Ordinal);
        Assert.Null(made["metadata.deletionTimestamp"]);
        Assert.Null(made["metadata.generation"]);
        Assert.Null(made["metadata.selfLink"]);
        Assert.Equal(made.Text, (await cluster.Admin.GetAsync($"{core}/configmaps/a")).Text);
    }

    [Fact]
    public async Task Create_WithGenerateName_AddsFiveLetters()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        var names = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            names.Add((string)(await cluster.Admin.PostAsync($"{core}/configmaps", """{"metadata":{"generateName":"gen-"}}""")).Expect(201)["metadata.name"]!);
        }

        Assert.All(names, name => Assert.Matches("^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$", name));
        Assert.Distinct(names);
    }

    [Fact]
    public async Task DryRun_OfEveryWrite_StoresNothing()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        var there = await cluster.Admin.PostAsync($"{core}/configmaps", """{"metadata":{"name":"a"},"data":{"k":"1"}}""");

        var made = (await cluster.Admin.PostAsync($"{core}/configmaps?dryRun=All", """{"metadata":{"name":"b"}}""")).Expect(201);
        var put = (await cluster.Admin.PutAsync($"{core}/configmaps/a?dryRun=All", """{"metadata":{"name":"a"},"data":{"k":"2"}}""")).Expect(200);
        var patched = (await cluster.Admin.PatchAsync($"{core}/configmaps/a?dryRun=All", """{"data":{"k":"3"}}""")).Expect(200);
        var applied = (await cluster.Admin.PatchAsync($"{core}/configmaps/c?dryRun=All&fieldManager=m", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}}""", ApiClient.ApplyPatch)).Expect(201);
        (await cluster.Admin.DeleteAsync($"{core}/configmaps/a?dryRun=All")).Expect(200);
        (await cluster.Admin.DeleteAsync($"{core}/configmaps/a", """{"dryRun":["All"]}""")).Expect(200);
        (await cluster.Admin.DeleteAsync($"{core}/configmaps?dryRun=All")).Expect(200);

        Assert.Equal(("", "2", "3", ""), (made.ResourceVersion, (string?)put["data.k"], (string?)patched["data.k"], applied.ResourceVersion));
        Assert.NotEqual("", made.Uid);
        Assert.Equal(there.Text, (await cluster.Admin.GetAsync($"{core}/configmaps/a")).Text);
        (await cluster.Admin.GetAsync($"{core}/configmaps/b")).Expect(404);
        (await cluster.Admin.GetAsync($"{core}/configmaps/c")).Expect(404);
    }

    [Theory]
    [InlineData("", 201, 3)]
    [InlineData("?fieldValidation=Warn", 201, 3)]
    [InlineData("?fieldValidation=Ignore", 201, 0)]
    [InlineData("?fieldValidation=Strict", 400, 0)]
    public async Task FieldValidation_OfUnknownAndRepeatedFields_IsAsAsked(string query, int code, int warnings)
    {
        var (_, core) = await cluster.NewNamespaceAsync();

        var answer = (await cluster.Admin.PostAsync($"{core}/configmaps{query}", """{"metadata":{"name":"x"},"foo":1,"data":{"a":"1","a":"2"},"bar":{}}""")).Expect(code);

        Assert.Equal(warnings, answer.Warnings.Length);
        if (warnings > 0)
        {
            Assert.Equal(["299 - \"duplicate field \\\"data.a\\\"\"", "299 - \"unknown field \\\"foo\\\"\"", "299 - \"unknown field \\\"bar\\\"\""], answer.Warnings);
        }
        if (code == 201)
        {
            Assert.Equal("""{"a":"2"}""", answer["data"]!.ToJsonString());
            Assert.Null(answer["foo"]);
        }
    }

    [Fact]
    public async Task Write_ThatChangesNothing_KeepsTheVersionAndTellsNobody()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        await cluster.Admin.PostAsync($"{core}/configmaps?fieldManager=m", """{"metadata":{"name":"a","labels":{"x":"y"}},"data":{"k":"1"}}""");
        var before = await cluster.Admin.GetAsync($"{core}/configmaps/a");
        using var watch = await cluster.Admin.WatchAsync($"{core}/configmaps?resourceVersion={before.ResourceVersion}&fieldSelector=metadata.name%3Da");

        Answer[] answers =
        [
            await cluster.Admin.PutAsync($"{core}/configmaps/a?fieldManager=m", before.Text),
            await cluster.Admin.PutAsync($"{core}/configmaps/a", """{"metadata":{"name":"a","labels":{"x":"y"}},"data":{"k":"1"}}"""),
            await cluster.Admin.PatchAsync($"{core}/configmaps/a", "{}"),
            await cluster.Admin.PatchAsync($"{core}/configmaps/a?fieldManager=other", """{"data":{"k":"1"}}"""),
            await cluster.Admin.PatchAsync($"{core}/configmaps/a", "[]", ApiClient.JsonPatch),
            await cluster.Admin.PatchAsync($"{core}/configmaps/a", """{"metadata":{"labels":{"x":"y"}}}""", ApiClient.StrategicPatch),
        ];
        await cluster.Admin.PatchAsync($"{core}/configmaps/a", """{"data":{"k":"2"}}""");

        Assert.All(answers, answer => Assert.Equal(before.ResourceVersion, answer.Expect(200).ResourceVersion));
        var first = await watch.NextAsync();
        Assert.Equal(("MODIFIED", "2"), ((string?)first["type"], (string?)Answer.Find(first, "object.data.k")));
    }

    [Fact]
    public async Task Generation_OfAStatefulSet_CountsWishesOnly()
    {
        var (ns, _) = await cluster.NewNamespaceAsync();
        var path = $"/apis/apps/v1/namespaces/{ns}/statefulsets";
        var made = await cluster.Admin.PostAsync(path, """
            {"metadata":{"name":"d"},"spec":{"serviceName":"s","selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}},"status":{"replicas":7}}
            """);
        var labelled = await cluster.Admin.PatchAsync($"{path}/d", """{"metadata":{"labels":{"x":"y"}}}""");
        var scaled = await cluster.Admin.PatchAsync($"{path}/d", """{"spec":{"replicas":3}}""");
        var status = await cluster.Admin.PatchAsync($"{path}/d/status", """{"metadata":{"labels":{"x":"z"}},"spec":{"replicas":9},"status":{"observedGeneration":2,"replicas":3}}""");
        var again = await cluster.Admin.PutAsync($"{path}/d", status.Expect(200).Text.Replace("\"observedGeneration\":2", "\"observedGeneration\":9", StringComparison.Ordinal));

        Assert.Equal((1, 1, 2, 2, 2), ((int?)made.Expect(201)["metadata.generation"], (int?)labelled["metadata.generation"], (int?)scaled["metadata.generation"],
            (int?)status["metadata.generation"], (int?)again.Expect(200)["metadata.generation"]));
        Assert.Null(made["status.replicas"]);
        Assert.Equal((3, 2), ((int?)status["spec.replicas"], (int?)status["status.observedGeneration"]));
        Assert.Equal(2, (int?)again["status.observedGeneration"]);
    }

    [Fact]
    public async Task Delete_OfAnObjectWithFinalizers_WaitsForTheLast()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        var made = await cluster.Admin.PostAsync($"{core}/configmaps", """{"metadata":{"name":"a","finalizers":["x.example/one","x.example/two"]}}""");
        using var watch = await cluster.Admin.WatchAsync($"{core}/configmaps?resourceVersion={made.ResourceVersion}&fieldSelector=metadata.name%3Da");

        var marked = (await cluster.Admin.DeleteAsync($"{core}/configmaps/a")).Expect(200);
        var again = (await cluster.Admin.DeleteAsync($"{core}/configmaps/a")).Expect(200);
        var more = await cluster.Admin.PatchAsync($"{core}/configmaps/a", """{"metadata":{"finalizers":["x.example/one","x.example/two","x.example/three"]}}""");
        (await cluster.Admin.PatchAsync($"{core}/configmaps/a", """{"metadata":{"finalizers":["x.example/two"]}}""")).Expect(200);
        (await cluster.Admin.PatchAsync($"{core}/configmaps/a", """{"metadata":{"deletionTimestamp":null}}""")).Expect(200);
        (await cluster.Admin.GetAsync($"{core}/configmaps/a")).Expect(200);
        (await cluster.Admin.PatchAsync($"{core}/configmaps/a", """{"metadata":{"finalizers":null}}""")).Expect(200);

        Assert.Equal(("ConfigMap", 0), ((string?)marked["kind"], (int?)marked["metadata.deletionGracePeriodSeconds"]));
        Assert.NotNull(marked["metadata.deletionTimestamp"]);
        Assert.Equal(marked.ResourceVersion, again.ResourceVersion);
        Assert.Equal(("Invalid", "FieldValueForbidden"), ((string?)more.Expect(422)["reason"], (string?)more["details.causes.0.reason"]));
        (await cluster.Admin.GetAsync($"{core}/configmaps/a")).Expect(404);
        Assert.Equal(["MODIFIED a", "MODIFIED a", "DELETED a"], [await watch.NextNameAsync(), await watch.NextNameAsync(), await watch.NextNameAsync()]);
    }

    [Fact]
    public async Task Delete_OfAPodThatRuns_LeavesItToItsKeeper()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        (await cluster.Admin.PostAsync($"{core}/pods", Scheduled)).Expect(201);

        var marked = (await cluster.Admin.DeleteAsync($"{core}/pods/p", """{"propagationPolicy":"Background"}""")).Expect(200);
        var sooner = (await cluster.Admin.DeleteAsync($"{core}/pods/p", """{"gracePeriodSeconds":5}""")).Expect(200);
        var later = (await cluster.Admin.DeleteAsync($"{core}/pods/p", """{"gracePeriodSeconds":50}""")).Expect(200);
        var stamp = DateTimeOffset.Parse((string)marked["metadata.deletionTimestamp"]!, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal((30, 5, 5), ((int?)marked["metadata.deletionGracePeriodSeconds"], (int?)sooner["metadata.deletionGracePeriodSeconds"], (int?)later["metadata.deletionGracePeriodSeconds"]));
        Assert.InRange(stamp - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(31));
        (await cluster.Admin.DeleteAsync($"{core}/pods/p", """{"gracePeriodSeconds":0}""")).Expect(200);
        (await cluster.Admin.GetAsync($"{core}/pods/p")).Expect(404);
    }

    [Fact]
    public async Task Delete_OfAPodThatNobodyRuns_IsDoneAtOnce()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        (await cluster.Admin.PostAsync($"{core}/pods", Scheduled.Replace("\"nodeName\":\"n\",", "", StringComparison.Ordinal))).Expect(201);

        Assert.Equal("Pod", (string?)(await cluster.Admin.DeleteAsync($"{core}/pods/p")).Expect(200)["kind"]);
        (await cluster.Admin.GetAsync($"{core}/pods/p")).Expect(404);
    }

    [Fact]
    public async Task Delete_ThatIsDone_NamesWhatIsGone()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        var made = await cluster.Admin.PostAsync($"{core}/configmaps", """{"metadata":{"name":"a"}}""");

        var gone = (await cluster.Admin.DeleteAsync($"{core}/configmaps/a", $$$"""{"preconditions":{"uid":"{{{made.Uid}}}","resourceVersion":"{{{made.ResourceVersion}}}"}}""")).Expect(200);

        Assert.Equal($$$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","details":{"name":"a","kind":"configmaps","uid":"{{{made.Uid}}}"}}""", gone.Text);
    }

    [Fact]
    public async Task DeleteCollection_WithSelectors_TakesOnlyThose()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        foreach (var (name, label) in ((string, string)[])[("a", "x"), ("b", "y"), ("c", "x")])
        {
            await cluster.Admin.PostAsync($"{core}/configmaps", $$$"""{"metadata":{"name":"{{{name}}}","labels":{"l":"{{{label}}}"} }}""");
        }

        var gone = (await cluster.Admin.DeleteAsync($"{core}/configmaps?labelSelector=l%3Dx")).Expect(200);

        Assert.Equal(["a", "c"], gone.Names());
        Assert.Equal(["b"], (await cluster.Admin.GetAsync($"{core}/configmaps?labelSelector=l")).Names());
    }

    [Fact]
    public async Task Delete_OfAnOwner_TakesItsDependentsOrLeavesThem()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        var owner = await cluster.Admin.PostAsync($"{core}/configmaps", """{"metadata":{"name":"owner"}}""");
        var kept = await cluster.Admin.PostAsync($"{core}/configmaps", """{"metadata":{"name":"kept"}}""");
        (await cluster.Admin.PostAsync($"{core}/secrets", Owned("goes", "owner", owner.Uid))).Expect(201);
        var stays = (await cluster.Admin.PostAsync($"{core}/secrets", Owned("stays", "kept", kept.Uid))).Expect(201);
        using var watch = await cluster.Admin.WatchAsync($"{core}/secrets?resourceVersion={stays.ResourceVersion}");

        await cluster.Admin.DeleteAsync($"{core}/configmaps/owner", """{"propagationPolicy":"Background"}""");
        Assert.Equal("DELETED goes", await watch.NextNameAsync());
        (await cluster.Admin.DeleteAsync($"{core}/configmaps/kept", """{"propagationPolicy":"Orphan"}""")).Expect(200);
        var left = await watch.NextAsync();

        Assert.Equal(("MODIFIED", "stays", null), ((string?)left["type"], (string?)Answer.Find(left, "object.metadata.name"), Answer.Find(left, "object.metadata.ownerReferences")));
    }

    [Fact]
    public async Task Delete_OfAnOwnerInTheForeground_WaitsForItsDependents()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        var owner = await cluster.Admin.PostAsync($"{core}/configmaps", """{"metadata":{"name":"owner"}}""");
        var held = (await cluster.Admin.PostAsync($"{core}/secrets", Owned("held", "owner", owner.Uid, "x.example/hold"))).Expect(201);
        using var secrets = await cluster.Admin.WatchAsync($"{core}/secrets?resourceVersion={held.ResourceVersion}");
        using var maps = await cluster.Admin.WatchAsync($"{core}/configmaps?resourceVersion={held.ResourceVersion}&fieldSelector=metadata.name%3Downer");

        var waiting = (await cluster.Admin.DeleteAsync($"{core}/configmaps/owner", """{"propagationPolicy":"Foreground"}""")).Expect(200);
        Assert.Equal("foregroundDeletion", (string?)waiting["metadata.finalizers.0"]);
        Assert.Equal("MODIFIED held", await secrets.NextNameAsync());
        (await cluster.Admin.GetAsync($"{core}/configmaps/owner")).Expect(200);
        (await cluster.Admin.PatchAsync($"{core}/secrets/held", """{"metadata":{"finalizers":null}}""")).Expect(200);

        Assert.Equal(["MODIFIED owner", "DELETED owner"], [await maps.NextNameAsync(), await maps.NextNameAsync()]);
    }

    [Fact]
    public async Task Owner_OfAKindThatIsNotServed_IsNotTakenForGone()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        var owner = await cluster.Admin.PostAsync($"{core}/configmaps", """{"metadata":{"name":"owner"}}""");
        var first = (await cluster.Admin.PostAsync($"{core}/secrets", """
            {"metadata":{"name":"a","ownerReferences":[{"apiVersion":"nobody.example/v1","kind":"Nothing","name":"x","uid":"1"}]}}
            """)).Expect(201);
        // what the collector does with this one, it does after it has looked at the first
        (await cluster.Admin.PostAsync($"{core}/secrets", Owned("b", "owner", "not-the-owners-uid"))).Expect(201);
        using var watch = await cluster.Admin.WatchAsync($"{core}/secrets?resourceVersion={first.ResourceVersion}");

        Assert.Equal(["ADDED b", "DELETED b"], [await watch.NextNameAsync(), await watch.NextNameAsync()]);
        (await cluster.Admin.GetAsync($"{core}/secrets/a")).Expect(200);
        Assert.NotEqual("", owner.Uid);
    }

    [Fact]
    public async Task ManagedFields_WrittenByHand_AreNeverAFailureOfTheServer()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        await cluster.Admin.PostAsync($"{core}/configmaps", """{"metadata":{"name":"a"},"data":{"k":"1"}}""");

        Assert.All(
            (Answer[])
            [
                await cluster.Admin.PatchAsync($"{core}/configmaps/a", """{"metadata":{"managedFields":[{}]}}"""),
                await cluster.Admin.PatchAsync($"{core}/configmaps/a", """{"metadata":{"managedFields":[{"manager":"m","operation":"Sing","fieldsType":"FieldsV9","fieldsV1":{"x":1}}]}}"""),
                await cluster.Admin.PatchAsync($"{core}/configmaps/a", """{"metadata":{"managedFields":[{"manager":"m","operation":"Apply","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:data":{"k:{":{},"v:":{},"i:x":{},"":{}}}}]}}"""),
                await cluster.Admin.PatchAsync($"{core}/configmaps/a", """{"metadata":{"managedFields":"x"}}"""),
                await cluster.Admin.PatchAsync($"{core}/configmaps/a?fieldManager=z", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","managedFields":[{"manager":"m"}]}}""", ApiClient.ApplyPatch),
            ],
            answer => Assert.InRange(answer.Code, 200, 499));
        (await cluster.Admin.PatchAsync($"{core}/configmaps/a?fieldManager=after", """{"data":{"k":"2"}}""")).Expect(200);
    }

    private static string Owned(string name, string owner, string uid, string? finalizer = null) => $$$"""
        {"metadata":{"name":"{{{name}}}","finalizers":[{{{(finalizer is null ? "" : $"\"{finalizer}\"")}}}],
         "ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"{{{owner}}}","uid":"{{{uid}}}","blockOwnerDeletion":true}]}}
        """;
}
