using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>Lists: their pages, versions, selectors and forms.</summary>
[Collection(SharedCluster.Name)]
public sealed class ListTests(ClusterFixture cluster)
{
    [Fact]
    public async Task Pages_OfAListThatChanges_ShowOneMoment()
    {
        var (_, core) = await ManyAsync(5);
        var first = (await cluster.Admin.GetAsync($"{core}/secrets?limit=2")).Expect(200);
        await cluster.Admin.PostAsync($"{core}/secrets", """{"metadata":{"name":"c-new"}}""");
        await cluster.Admin.DeleteAsync($"{core}/secrets/d");

        var second = (await cluster.Admin.GetAsync($"{core}/secrets?limit=2&continue={Token(first)}")).Expect(200);
        var third = (await cluster.Admin.GetAsync($"{core}/secrets?limit=2&continue={Token(second)}")).Expect(200);

        Assert.Equal(["a", "b"], first.Names());
        Assert.Equal(["c", "d"], second.Names());
        Assert.Equal(["e"], third.Names());
        Assert.Equal((3, 1, null), ((int?)first["metadata.remainingItemCount"], (int?)second["metadata.remainingItemCount"], third["metadata.remainingItemCount"]));
        Assert.Equal([first.ResourceVersion, first.ResourceVersion], [second.ResourceVersion, third.ResourceVersion]);
        Assert.Null(third["metadata.continue"]);
        Assert.Equal(["a", "b", "c", "c-new", "e"], (await cluster.Admin.GetAsync($"{core}/secrets")).Names());
    }

    [Fact]
    public async Task Pages_WithSelectors_HoldMatchesOnlyAndCountNothing()
    {
        var (_, core) = await ManyAsync(5);

        var first = await cluster.Admin.GetAsync($"{core}/secrets?limit=2&labelSelector=odd%3Dyes");
        var second = await cluster.Admin.GetAsync($"{core}/secrets?limit=2&labelSelector=odd%3Dyes&continue={Token(first)}");

        Assert.Equal(["b", "d"], first.Names());
        Assert.Empty(second.Names());
        Assert.Null(first["metadata.remainingItemCount"]);
    }

    [Fact]
    public async Task Version_AskedFor_IsShownAsItWas()
    {
        var (_, core) = await ManyAsync(2);
        var then = (await cluster.Admin.GetAsync($"{core}/secrets")).ResourceVersion;
        await cluster.Admin.DeleteAsync($"{core}/secrets/a");

        var exact = (await cluster.Admin.GetAsync($"{core}/secrets?resourceVersion={then}&resourceVersionMatch=Exact")).Expect(200);
        var notOlder = (await cluster.Admin.GetAsync($"{core}/secrets?resourceVersion={then}&resourceVersionMatch=NotOlderThan")).Expect(200);
        var any = (await cluster.Admin.GetAsync($"{core}/secrets?resourceVersion=0")).Expect(200);

        Assert.Equal(["a", "b"], exact.Names());
        Assert.Equal(then, exact.ResourceVersion);
        Assert.Equal(["b"], notOlder.Names());
        Assert.Equal(["b"], any.Names());
    }

    [Theory]
    [InlineData("labelSelector=odd%3Dyes", "b,d")]
    [InlineData("labelSelector=odd%3D%3Dyes", "b,d")]
    [InlineData("labelSelector=odd%21%3Dyes", "a,c,e")]
    [InlineData("labelSelector=odd", "b,d")]
    [InlineData("labelSelector=%21odd", "a,c,e")]
    [InlineData("labelSelector=index+in+(1,3),odd", "b,d")]
    [InlineData("labelSelector=index+notin+(1,3)", "a,c,e")]
    [InlineData("labelSelector=index%3E2", "d,e")]
    [InlineData("labelSelector=index%3C1", "a")]
    [InlineData("labelSelector=odd&fieldSelector=metadata.name%3Db", "b")]
    [InlineData("fieldSelector=metadata.name%3Db", "b")]
    [InlineData("fieldSelector=metadata.name%3Dnope", "")]
    [InlineData("fieldSelector=metadata.name%21%3Db,type%3Dmine", "d")]
    [InlineData("fieldSelector=type%3DOpaque", "a,c,e")]
    public async Task Selector_OfEachKind_Chooses(string query, string names)
    {
        var (_, core) = await ManyAsync(5);

        Assert.Equal(names, string.Join(',', (await cluster.Admin.GetAsync($"{core}/secrets?{query}")).Expect(200).Names()));
    }

    [Fact]
    public async Task Table_OfAList_HasColumnsAndRows()
    {
        var (_, core) = await ManyAsync(2);

        var table = (await cluster.Admin.GetAsync($"{core}/secrets", ApiClient.Table)).Expect(200);
        var none = await cluster.Admin.GetAsync($"{core}/secrets?includeObject=None", ApiClient.Table);
        var whole = await cluster.Admin.GetAsync($"{core}/secrets/a?includeObject=Object", ApiClient.Table);
        var wrong = await cluster.Admin.GetAsync($"{core}/secrets?includeObject=Some", ApiClient.Table);

        Assert.Equal(("Table", "meta.k8s.io/v1", "application/json"), ((string?)table["kind"], (string?)table["apiVersion"], table.Headers["content-type"]));
        Assert.Equal(["Name", "Type", "Data", "Age"], table["columnDefinitions"]!.AsArray().Select(c => (string?)c!["name"]));
        Assert.Equal(("a", "Opaque", 0), ((string?)table["rows.0.cells.0"], (string?)table["rows.0.cells.1"], (int?)table["rows.0.cells.2"]));
        Assert.Equal(("PartialObjectMetadata", "b"), ((string?)table["rows.1.object.kind"], (string?)table["rows.1.object.metadata.name"]));
        Assert.Null(none["rows.0.object"]);
        Assert.Equal("Secret", (string?)whole["rows.0.object.kind"]);
        wrong.Expect(400);
    }

    [Fact]
    public async Task Metadata_OfAListAndAnObject_IsAllThatComes()
    {
        var (_, core) = await ManyAsync(2);

        var list = (await cluster.Admin.GetAsync($"{core}/secrets", "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io")).Expect(200);
        var one = (await cluster.Admin.GetAsync($"{core}/secrets/a", "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io")).Expect(200);

        Assert.Equal(("PartialObjectMetadataList", "meta.k8s.io/v1", "a"), ((string?)list["kind"], (string?)list["apiVersion"], (string?)list["items.0.metadata.name"]));
        Assert.Equal(["kind", "apiVersion", "metadata"], one.Json.Select(m => m.Key));
        Assert.Equal("PartialObjectMetadata", (string?)one["kind"]);
    }

    [Fact]
    public async Task List_OfNothing_IsAnEmptyArray()
    {
        var (_, core) = await cluster.NewNamespaceAsync();

        var list = await cluster.Admin.GetAsync($"{core}/pods");

        Assert.Equal(("PodList", "v1", "[]"), ((string?)list["kind"], (string?)list["apiVersion"], list["items"]!.ToJsonString()));
    }

    private static string Token(Answer page) => Uri.EscapeDataString((string)page["metadata.continue"]!);

    /// <summary>Secrets a, b, c…; every second is odd, and of a type of its own.</summary>
    private async Task<(string Name, string Core)> ManyAsync(int count)
    {
        var (name, core) = await cluster.NewNamespaceAsync();
        for (var i = 0; i < count; i++)
        {
            var odd = i % 2 == 1 ? ""","odd":"yes" """ : "";
            var type = i % 2 == 1 ? ""","type":"mine" """ : "";
            (await cluster.Admin.PostAsync($"{core}/secrets", $$$"""{"metadata":{"name":"{{{(char)('a' + i)}}}","labels":{"index":"{{{i}}}"{{{odd}}}}}{{{type}}}}""")).Expect(201);
        }
        return (name, core);
    }
}
