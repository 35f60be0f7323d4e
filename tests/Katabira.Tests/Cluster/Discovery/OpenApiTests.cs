using System.Text.Json.Nodes;
using Katabira.Cluster.Discovery;
using Katabira.Cluster.Resources;
using Katabira.Tests.Cluster.Resources;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Discovery;

public class OpenApiTests
{
    private static readonly OpenApiDocuments s_documents = new(ResourceCatalog.BuiltIn.With(CustomTypes.Umbrella), "v1.33.13");

    [Fact]
    public void Index_EveryGroupVersion_HasItsHash()
    {
        var paths = Parse(s_documents.Index)["paths"]!.AsObject();

        Assert.Contains("api/v1", paths.Select(p => p.Key));
        Assert.Contains("apis/autoscaling/v1", paths.Select(p => p.Key));
        Assert.All(paths, p => Assert.Equal($"/openapi/v3/{p.Key}?hash={s_documents.Find(p.Key)!.Hash}", (string?)p.Value!["serverRelativeURL"]));
        Assert.Null(s_documents.Find("apis/nope/v1"));
    }

    [Fact]
    public void Document_OfACustomResource_IsAsReviewed() => Golden.Equal(
        "tests/Katabira.Tests/Cluster/Discovery/golden/openapi-weather-v1.json", PrettyJson.Of(s_documents.Find("apis/weather.example.com/v1")!.Body));

    [Fact]
    public void Document_OfASmallGroup_IsAsReviewed() => Golden.Equal(
        "tests/Katabira.Tests/Cluster/Discovery/golden/openapi-leases-v1.json", PrettyJson.Of(s_documents.Find("apis/coordination.k8s.io/v1")!.Body));

    /// <summary>What kubectl looks for before it leaves validation and dry runs to the server.</summary>
    [Fact]
    public void Document_EveryKind_HasAPatchWithItsParameters() => Assert.All(
        ResourceCatalog.BuiltIn.With(CustomTypes.Umbrella).Groups.SelectMany(g => g.Versions).SelectMany(v => v.Resources.Select(r => (v.Path, r))),
        pair =>
        {
            var patch = Parse(s_documents.Find(pair.Path)!)["paths"]!.AsObject()
                .Select(p => p.Value!["patch"]).Single(p => p is not null && (string?)p["x-kubernetes-group-version-kind"]!["kind"] == pair.r.Type.Kind)!;

            Assert.Equal(["dryRun", "fieldManager", "fieldValidation"], patch["parameters"]!.AsArray().Select(p => (string?)p!["name"]));
            Assert.Equal((pair.r.Type.Group, pair.r.Version.Name), ((string?)patch["x-kubernetes-group-version-kind"]!["group"], (string?)patch["x-kubernetes-group-version-kind"]!["version"]));
            // a list of patch types would make kubectl compute patches from these schemas, which have no merge keys
            Assert.Equal(pair.r.Type.IsCustom, patch["requestBody"] is not null);
        });

    [Fact]
    public void Document_EveryReference_PointsToASchema()
    {
        foreach (var version in ResourceCatalog.BuiltIn.With(CustomTypes.Umbrella).Groups.SelectMany(g => g.Versions))
        {
            var document = Parse(s_documents.Find(version.Path)!);
            var schemas = document["components"]!["schemas"]!.AsObject().Select(s => "#/components/schemas/" + s.Key).ToHashSet();

            Assert.DoesNotContain(References(document), r => !schemas.Contains(r));
        }
    }

    [Fact]
    public void Schema_OfPod_LeadsToEveryContainersPorts()
    {
        var schemas = Parse(s_documents.Find("api/v1")!)["components"]!["schemas"]!;

        Assert.Equal("[{'group':'','version':'v1','kind':'Pod'}]", Json.Line(schemas["io.k8s.api.core.v1.Pod"]!["x-kubernetes-group-version-kind"]));
        Assert.Equal(
            "{'type':'array','items':{'allOf':[{'$ref':'#/components/schemas/io.k8s.api.core.v1.Container'}]}}",
            Json.Line(schemas["io.k8s.api.core.v1.PodSpec"]!["properties"]!["containers"]));
        Assert.Equal("['containers']", Json.Line(schemas["io.k8s.api.core.v1.PodSpec"]!["required"]));
        Assert.Equal("{'type':'integer','format':'int32'}", Json.Line(schemas["io.k8s.api.core.v1.ContainerPort"]!["properties"]!["containerPort"]));
    }

    [Fact]
    public void Documents_OfTheNextCatalog_KeepWhatDidNotChange()
    {
        var next = new OpenApiDocuments(ResourceCatalog.BuiltIn, "v1.33.13", s_documents);

        Assert.Same(s_documents.Find("api/v1"), next.Find("api/v1"));
        Assert.Null(next.Find("apis/weather.example.com/v1"));
        Assert.NotEqual(s_documents.Index.Hash, next.Index.Hash);
    }

    [Fact]
    public void V2_Document_IsTheFiveBytesOldClientsTake()
    {
        Assert.Equal([0x0A, 0x03, 0x32, 0x2E, 0x30], OpenApiV2.Document.Body.ToArray());
        Assert.Equal("application/com.github.proto-openapi.spec.v2.v1.0+protobuf", OpenApiV2.Document.ContentType);
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(m => m.Key == "$ref" && m.Value is JsonValue value ? [(string)value!] : References(m.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };

    private static JsonNode Parse(ApiDocument document) => JsonNode.Parse(document.Body.Span)!;
}
