using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>A namespace from its creation to its end.</summary>
[Collection(SharedCluster.Name)]
public sealed class NamespaceTests(ClusterFixture cluster)
{
    [Fact]
    public async Task Cluster_FromItsFirstStart_HasWhatEveryClusterHas()
    {
        Assert.Subset((await cluster.Admin.GetAsync("/api/v1/namespaces")).Names().ToHashSet(), new HashSet<string> { "default", "kube-node-lease", "kube-public", "kube-system" });
        Assert.Equal("10.96.0.1", (string?)(await cluster.Admin.GetAsync("/api/v1/namespaces/default/services/kubernetes"))["spec.clusterIP"]);
        Assert.Subset((await cluster.Admin.GetAsync("/apis/rbac.authorization.k8s.io/v1/clusterroles")).Names().ToHashSet(), new HashSet<string> { "cluster-admin", "admin", "edit", "view" });
    }

    [Fact]
    public async Task Namespace_ThatIsNew_IsActiveAndGetsItsContents()
    {
        var name = cluster.NewName("ns");
        var made = (await cluster.Admin.PostAsync("/api/v1/namespaces", $$$"""{"metadata":{"name":"{{{name}}}"}}""")).Expect(201);
        using var accounts = await cluster.Admin.WatchAsync($"/api/v1/namespaces/{name}/serviceaccounts");
        using var maps = await cluster.Admin.WatchAsync($"/api/v1/namespaces/{name}/configmaps");

        Assert.Equal(("Active", "kubernetes", name), ((string?)made["status.phase"], (string?)made["spec.finalizers.0"], (string?)made["metadata.labels"]!["kubernetes.io/metadata.name"]));
        Assert.Equal("ADDED default", await accounts.NextNameAsync());
        var root = await maps.NextAsync();
        Assert.Equal("kube-root-ca.crt", (string?)Answer.Find(root, "object.metadata.name"));
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", (string?)root["object"]!["data"]!["ca.crt"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_OfANamespace_TakesEverythingInItAndItself()
    {
        var (name, core) = await cluster.NewNamespaceAsync();
        await cluster.Admin.PostAsync($"{core}/secrets", """{"metadata":{"name":"s"}}""");
        await cluster.Admin.PostAsync($"/apis/apps/v1/namespaces/{name}/deployments", """
            {"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """);
        using var watch = await cluster.Admin.WatchAsync($"/api/v1/namespaces?fieldSelector=metadata.name%3D{name}");
        Assert.Equal($"ADDED {name}", await watch.NextNameAsync());

        var marked = (await cluster.Admin.DeleteAsync($"/api/v1/namespaces/{name}", """{"propagationPolicy":"Background"}""")).Expect(200);
        await UntilDeletedAsync(watch);

        Assert.Equal(("Namespace", "Terminating"), ((string?)marked["kind"], (string?)marked["status.phase"]));
        (await cluster.Admin.GetAsync($"/api/v1/namespaces/{name}")).Expect(404);
        Assert.Empty((await cluster.Admin.GetAsync($"{core}/secrets")).Names());
        Assert.Empty((await cluster.Admin.GetAsync($"/apis/apps/v1/namespaces/{name}/deployments")).Names());
    }

    [Fact]
    public async Task Namespace_WithSomethingThatStays_SaysSoAndTakesNothingNew()
    {
        var (name, core) = await cluster.NewNamespaceAsync();
        await cluster.Admin.PostAsync($"{core}/secrets", """{"metadata":{"name":"s","finalizers":["x.example/hold"]}}""");
        using var watch = await cluster.Admin.WatchAsync($"/api/v1/namespaces/{name}");
        await cluster.Admin.DeleteAsync($"/api/v1/namespaces/{name}");
        var told = await watch.NextAsync();
        while (Answer.Find(told, "object.status.conditions") is null)
        {
            told = await watch.NextAsync();
        }

        var refused = await cluster.Admin.PostAsync($"{core}/secrets", """{"metadata":{"name":"late"}}""");
        (await cluster.Admin.PatchAsync($"{core}/secrets/s", """{"metadata":{"labels":{"still":"writable"}}}""")).Expect(200);

        refused.ExpectStatus(403, "Forbidden", $"secrets \"late\" is forbidden: unable to create new content in namespace {name} because it is being terminated");
        Assert.Equal($$"""{"reason":"NamespaceTerminating","message":"namespace {{name}} is being terminated","field":"metadata.namespace"}""", refused["details.causes.0"]!.ToJsonString());
        var conditions = Answer.Find(told, "object.status.conditions")!.AsArray().ToDictionary(c => (string)c!["type"]!, c => $"{(string?)c!["status"]} {(string?)c["message"]}");
        Assert.Equal("True Some content in the namespace has finalizers remaining: x.example/hold in 1 resource instances", conditions["NamespaceFinalizersRemaining"]);
        Assert.Equal("True Some resources are remaining: secrets. has 1 resource instances", conditions["NamespaceContentRemaining"]);
        Assert.StartsWith("False", conditions["NamespaceDeletionContentFailure"], StringComparison.Ordinal);

        (await cluster.Admin.PatchAsync($"{core}/secrets/s", """{"metadata":{"finalizers":null}}""")).Expect(200);
        await UntilDeletedAsync(watch);
    }

    [Fact]
    public async Task Finalize_OfANamespaceThatLives_ChangesItsFinalizersOnly()
    {
        var (name, _) = await cluster.NewNamespaceAsync();

        var answer = (await cluster.Admin.PutAsync($"/api/v1/namespaces/{name}/finalize", """{"metadata":{"labels":{"x":"y"}},"spec":{"finalizers":["kubernetes","x.example/more"]}}""")).Expect(200);
        var plain = (await cluster.Admin.PatchAsync($"/api/v1/namespaces/{name}", """{"spec":{"finalizers":[]}}""")).Expect(200);

        Assert.Equal("""["kubernetes","x.example/more"]""", answer["spec.finalizers"]!.ToJsonString());
        Assert.Null(answer["metadata.labels.x"]);
        Assert.Equal("""["kubernetes","x.example/more"]""", plain["spec.finalizers"]!.ToJsonString());
    }

    private static async Task UntilDeletedAsync(WatchClient watch)
    {
        while ((string?)(await watch.NextAsync())["type"] != "DELETED")
        {
        }
    }
}
