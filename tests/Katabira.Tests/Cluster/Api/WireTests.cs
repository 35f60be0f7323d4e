using System.Net;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>Transport, discovery and documents.</summary>
[Collection(SharedCluster.Name)]
public sealed class WireTests(ClusterFixture cluster)
{
    [Fact]
    public async Task Server_SpeaksBothVersionsOfHttp()
    {
        using var old = ApiClient.Admin(cluster.Kubeconfig, HttpVersion.Version11);

        Assert.Equal(HttpVersion.Version11, (await old.GetAsync("/version")).Expect(200).Version);
        Assert.Equal(HttpVersion.Version20, (await cluster.Admin.GetAsync("/version")).Expect(200).Version);
    }

    [Fact]
    public async Task Version_IsOneThatClientsKnow()
    {
        var version = (await cluster.Admin.GetAsync("/version")).Json;

        Assert.Matches(@"^v1\.3[23]\.\d+$", (string?)version["gitVersion"]);
        Assert.Equal("1", (string?)version["major"]);
        Assert.Matches("^3[23]$", (string?)version["minor"]);
    }

    [Theory]
    [InlineData("/api", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")]
    [InlineData("/apis", "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json", "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList")]
    [InlineData("/apis", null, "application/json")]
    [InlineData("/apis/apps/v1", null, "application/json")]
    [InlineData("/openapi/v3", null, "application/json")]
    public async Task Document_ThatTheClientHas_IsNotSentAgain(string path, string? accept, string type)
    {
        var first = (await cluster.Admin.GetAsync(path, accept)).Expect(200);
        var request = cluster.Admin.Request(HttpMethod.Get, path, null, null, accept);
        request.Headers.TryAddWithoutValidation("If-None-Match", first.Headers["etag"]);
        var second = (await cluster.Admin.SendAsync(request)).Expect(304);
        var other = cluster.Admin.Request(HttpMethod.Get, path, null, null, accept);
        other.Headers.TryAddWithoutValidation("If-None-Match", "\"something else\"");

        Assert.Equal(type, first.Headers["content-type"].Replace("; ", ";", StringComparison.Ordinal));
        Assert.Equal("Accept", first.Headers["vary"]);
        Assert.Equal(("", first.Headers["etag"]), (second.Text, second.Headers["etag"]));
        Assert.Equal(first.Text, (await cluster.Admin.SendAsync(other)).Expect(200).Text);
    }

    [Fact]
    public async Task OpenApi_AskedForByAnOldHash_LeadsToTheNewOne()
    {
        var link = (string)(await cluster.Admin.GetAsync("/openapi/v3")).Json["paths"]!["apis/apps/v1"]!["serverRelativeURL"]!;

        var moved = (await cluster.Admin.GetAsync("/openapi/v3/apis/apps/v1?hash=OLD")).Expect(301);
        var found = (await cluster.Admin.GetAsync(link)).Expect(200);

        Assert.Equal(link, moved.Headers["location"]);
        Assert.Equal(("public, immutable", "Accept"), (found.Headers["cache-control"], found.Headers["vary"]));
        Assert.StartsWith("3.0", (string?)found["openapi"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/version")]
    [InlineData("/api/v1/namespaces")]
    [InlineData("/api/v1/namespaces/default")]
    [InlineData("/api/v1/namespaces?watch=true")]
    [InlineData("/apis")]
    public async Task Head_OfAnything_IsAGetWithoutBody(string path)
    {
        var answer = (await cluster.Admin.SendAsync(HttpMethod.Head, path)).Expect(200);

        Assert.Equal("", answer.Text);
        Assert.Equal("application/json", answer.Headers["content-type"]);
    }

    [Theory]
    [InlineData("namespace", "/api/v1/namespaces")]
    [InlineData("deployment", "/apis/apps/v1/namespaces/default/deployments")]
    [InlineData("secret", "/api/v1/namespaces/default/secrets")]
    [InlineData("role", "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles")]
    [InlineData("cronjob", "/apis/batch/v1/namespaces/default/cronjobs")]
    [InlineData("whoami", "/apis/authentication.k8s.io/v1/selfsubjectreviews")]
    [InlineData("can-i", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")]
    public async Task Body_InProtobuf_IsTaken(string captured, string path)
    {
        var body = Convert.FromHexString(Repository.Read($"tests/Katabira.Tests/Cluster/Protobuf/kubectl/{captured}.hex").ReplaceLineEndings(""));

        // what kubectl sent names the namespace that it was sent to
        var answer = await cluster.Admin.SendAsync(cluster.Admin.Request(HttpMethod.Post, $"{path}?dryRun=All", body, ApiClient.Protobuf));

        Assert.True(answer.Code == 201 || (answer.Code == 400 && answer.Text.Contains("the namespace of the provided object", StringComparison.Ordinal)), answer.Text);
    }

    [Fact]
    public async Task Body_InYaml_IsTaken()
    {
        var (_, core) = await cluster.NewNamespaceAsync();

        var made = (await cluster.Admin.PostAsync($"{core}/configmaps", "metadata:\n  name: a\ndata:\n  k: |\n    one\n    two\n", ApiClient.Yaml)).Expect(201);

        Assert.Equal("one\ntwo\n", (string?)made["data.k"]);
    }

    [Fact]
    public async Task Numbers_OfAnObject_KeepTheirText()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        await cluster.Admin.PostAsync($"{core}/configmaps", """{"metadata":{"name":"a","annotations":{"n":"1.0 <&> \u00e4 \ud83d\ude00"}}}""");

        Assert.Equal("1.0 <&> ä 😀", (string?)(await cluster.Admin.GetAsync($"{core}/configmaps/a"))["metadata.annotations.n"]);
    }

    [Fact]
    public async Task Metrics_OfMadeUpPaths_DoNotGrow()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        using var nobody = ApiClient.With(cluster.Kubeconfig, (string?)null);
        foreach (var path in (string[])[$"{core}/pods/x/madeup1", "/apis/madeup2.example/v1/things", $"{core}/madeup3", "/madeup4", $"{core}/pods/x/log/madeup5"])
        {
            (await nobody.GetAsync(path)).Expect(403);
            await cluster.Admin.GetAsync(path);
        }
        (await nobody.SendAsync(new HttpMethod("MADEUP6"), $"{core}/pods")).Expect(403);

        var metrics = (await cluster.Admin.GetAsync("/metrics")).Expect(200).Text;

        Assert.Contains("apiserver_request_total{verb=\"create\",group=\"\",resource=\"namespaces\",subresource=\"\",code=\"201\"}", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("madeup", metrics, StringComparison.OrdinalIgnoreCase);
    }
}
