using System.Text.Json.Nodes;
using Katabira.Cluster.Discovery;
using Katabira.Cluster.Resources;
using Katabira.Tests.Cluster.Resources;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Discovery;

public class DiscoveryDocumentTests
{
    private static readonly ResourceCatalog s_catalog = ResourceCatalog.BuiltIn.With(CustomTypes.Umbrella);

    [Fact]
    public void Legacy_CoreVersions_IsExact() => Assert.Equal(
        "{'kind':'APIVersions','versions':['v1'],'serverAddressByClientCIDRs':[{'clientCIDR':'0.0.0.0/0','serverAddress':'127.0.0.1:6443'}]}",
        Json.Line(Parse(LegacyDiscovery.CoreVersions(s_catalog, "127.0.0.1:6443"))));

    [Fact]
    public void Legacy_Groups_AreAsReviewed() => Equal("groups.json", LegacyDiscovery.Groups(s_catalog));

    [Fact]
    public void Legacy_CoreResources_AreAsReviewed() => Equal("core-v1.json", LegacyDiscovery.Resources(s_catalog, "", "v1")!);

    [Fact]
    public void Legacy_AppsResources_AreAsReviewed() => Equal("apps-v1.json", LegacyDiscovery.Resources(s_catalog, "apps", "v1")!);

    [Fact]
    public void Legacy_CustomResources_AreAsReviewed() =>
        Equal("weather-v1beta1.json", LegacyDiscovery.Resources(s_catalog, "weather.example.com", "v1beta1")!);

    [Fact]
    public void Legacy_Group_NamesItsPreferredVersion() => Assert.Equal(
        "{'kind':'APIGroup','apiVersion':'v1','name':'autoscaling','versions':[{'groupVersion':'autoscaling/v2','version':'v2'},"
        + "{'groupVersion':'autoscaling/v1','version':'v1'}],'preferredVersion':{'groupVersion':'autoscaling/v2','version':'v2'}}",
        Json.Line(Parse(LegacyDiscovery.Group(s_catalog, "autoscaling")!)));

    [Theory]
    [InlineData("nope", "v1")]
    [InlineData("apps", "v9")]
    public void Legacy_WhatIsNotServed_IsNull(string group, string version)
    {
        Assert.Null(LegacyDiscovery.Resources(s_catalog, group, version));
        Assert.Null(LegacyDiscovery.Group(s_catalog, "nope"));
        Assert.Null(LegacyDiscovery.Group(s_catalog, ""));
    }

    [Fact]
    public void Aggregated_Core_IsAsReviewed() => Equal("aggregated-api.json", AggregatedDiscovery.Core(s_catalog, "v2"));

    [Fact]
    public void Aggregated_Groups_AreAsReviewed() => Equal("aggregated-apis.json", AggregatedDiscovery.Groups(s_catalog, "v2"));

    [Theory]
    [InlineData("v2")]
    [InlineData("v2beta1")]
    public void Aggregated_ContentType_NamesTheVersionAsked(string version)
    {
        var document = AggregatedDiscovery.Groups(s_catalog, version);

        Assert.Equal($"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList", document.ContentType);
        Assert.Equal($"apidiscovery.k8s.io/{version}", (string?)Parse(document)["apiVersion"]);
    }

    [Fact]
    public void ETag_FollowsTheContent()
    {
        var first = AggregatedDiscovery.Groups(s_catalog, "v2");

        Assert.Equal(first.ETag, AggregatedDiscovery.Groups(ResourceCatalog.BuiltIn.With(CustomTypes.Umbrella), "v2").ETag);
        Assert.NotEqual(first.ETag, AggregatedDiscovery.Groups(ResourceCatalog.BuiltIn, "v2").ETag);
        Assert.Matches("^\"[0-9A-F]{64}\"$", first.ETag);
    }

    [Fact]
    public void Version_Document_IsExact() => Assert.Equal(
        "{'major':'1','minor':'33','gitVersion':'v1.33.13+katabira','gitCommit':'abc','gitTreeState':'clean','buildDate':'2026-01-01T00:00:00Z',"
        + "'goVersion':'go1.24','compiler':'gc','platform':'linux/amd64'}",
        Json.Line(Parse(new ServerVersion(ServerVersion.Release + "+katabira", "abc", "2026-01-01T00:00:00Z", "linux/amd64").Document())));

    private static void Equal(string golden, ApiDocument document) =>
        Golden.Equal($"tests/Katabira.Tests/Cluster/Discovery/golden/{golden}", PrettyJson.Of(document.Body));

    private static JsonNode Parse(ApiDocument document) => JsonNode.Parse(document.Body.Span)!;
}
