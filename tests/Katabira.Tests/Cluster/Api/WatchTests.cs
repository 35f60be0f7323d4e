using System.Text.Json.Nodes;
using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>Watches: where they begin, what they tell, how they end.</summary>
[Collection(SharedCluster.Name)]
public sealed class WatchTests(ClusterFixture cluster)
{
    [Fact]
    public async Task Watch_WithoutVersion_BeginsWithWhatIsThere()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        await AddAsync(core, "a");
        using var watch = await cluster.Admin.WatchAsync($"{core}/secrets");
        using var zero = await cluster.Admin.WatchAsync($"{core}/secrets?resourceVersion=0&limit=1");

        await AddAsync(core, "b");
        await cluster.Admin.PatchAsync($"{core}/secrets/a", """{"metadata":{"labels":{"x":"y"}}}""");
        await cluster.Admin.DeleteAsync($"{core}/secrets/a");

        foreach (var each in (WatchClient[])[watch, zero])
        {
            Assert.Equal(["ADDED a", "ADDED b", "MODIFIED a", "DELETED a"], [await each.NextNameAsync(), await each.NextNameAsync(), await each.NextNameAsync(), await each.NextNameAsync()]);
        }
    }

    [Fact]
    public async Task Watch_FromAVersion_TellsWhatCameAfterIt()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        var first = await AddAsync(core, "a");
        var second = await AddAsync(core, "b");
        await cluster.Admin.DeleteAsync($"{core}/secrets/a");
        using var watch = await cluster.Admin.WatchAsync($"{core}/secrets?resourceVersion={first.ResourceVersion}");

        var added = await watch.NextAsync();
        var deleted = await watch.NextAsync();

        Assert.Equal(second.ResourceVersion, (string?)Answer.Find(added, "object.metadata.resourceVersion"));
        Assert.Equal(("DELETED", "a"), ((string?)deleted["type"], (string?)Answer.Find(deleted, "object.metadata.name")));
        var gone = long.Parse((string)Answer.Find(deleted, "object.metadata.resourceVersion")!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(gone > long.Parse(second.ResourceVersion, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Watch_WithASelector_SeesObjectsComeAndGo()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        var start = await AddAsync(core, "a");
        using var watch = await cluster.Admin.WatchAsync($"{core}/secrets?resourceVersion={start.ResourceVersion}&labelSelector=x%3Dy");

        foreach (var label in (string[])["\"z\"", "\"y\"", "\"y\",\"n\":\"1\"", "\"z\"", "\"w\""])
        {
            (await cluster.Admin.PatchAsync($"{core}/secrets/a", $$$"""{"metadata":{"labels":{"x":{{{label}}} } }}""")).Expect(200);
        }
        await AddAsync(core, "other");
        await cluster.Admin.PostAsync($"{core}/secrets", """{"metadata":{"name":"b","labels":{"x":"y"}}}""");

        string[] told = [await watch.NextNameAsync(), await watch.NextNameAsync(), await watch.NextNameAsync(), await watch.NextNameAsync()];
        Assert.Equal(["ADDED a", "MODIFIED a", "DELETED a", "ADDED b"], told);
    }

    [Fact]
    public async Task Watch_OfOneObjectByItsPath_TellsOfItOnly()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        await AddAsync(core, "a");
        using var watch = await cluster.Admin.WatchAsync($"{core}/secrets/b");

        await AddAsync(core, "c");
        await AddAsync(core, "b");

        Assert.Equal("ADDED b", await watch.NextNameAsync());
    }

    [Fact]
    public async Task Watch_WithInitialEvents_MarksTheirEnd()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        var a = await AddAsync(core, "a");
        using var watch = await cluster.Admin.WatchAsync($"{core}/secrets?allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&sendInitialEvents=true");

        Assert.Equal("ADDED a", await watch.NextNameAsync());
        var mark = await watch.NextAsync();
        await AddAsync(core, "b");

        Assert.Equal(("BOOKMARK", "Secret", "v1", "true"), ((string?)mark["type"], (string?)mark["object"]!["kind"], (string?)mark["object"]!["apiVersion"],
            (string?)mark["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]));
        Assert.True(Number(mark) >= long.Parse(a.ResourceVersion, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("ADDED b", await watch.NextNameAsync());
    }

    [Fact]
    public async Task Watch_WhoseTimeIsUp_EndsWithABookmarkIfItWasAllowed()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        var a = await AddAsync(core, "a");
        using var silent = await cluster.Admin.WatchAsync($"{core}/secrets?resourceVersion={a.ResourceVersion}&timeoutSeconds=1");
        using var marked = await cluster.Admin.WatchAsync($"{core}/secrets?resourceVersion={a.ResourceVersion}&timeoutSeconds=1&allowWatchBookmarks=true");

        Assert.Empty(await silent.RestAsync());
        var mark = await marked.NextAsync();

        Assert.Equal("BOOKMARK", (string?)mark["type"]);
        Assert.True(Number(mark) >= long.Parse(a.ResourceVersion, System.Globalization.CultureInfo.InvariantCulture), $"the bookmark says {Number(mark)}, the watch began at {a.ResourceVersion}");
        Assert.Null(await marked.ReadAsync());
    }

    [Fact]
    public async Task Watch_AsATable_TellsColumnsOnce()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        await AddAsync(core, "a");
        using var watch = await cluster.Admin.WatchAsync($"{core}/secrets", ApiClient.Table);
        await AddAsync(core, "b");

        var (first, second) = (await watch.NextAsync(), await watch.NextAsync());

        Assert.Equal(("ADDED", "Table", "a", 1), ((string?)first["type"], (string?)first["object"]!["kind"], (string?)Answer.Find(first, "object.rows.0.cells.0"), first["object"]!["rows"]!.AsArray().Count));
        Assert.NotNull(Answer.Find(first, "object.columnDefinitions.0"));
        Assert.Null(Answer.Find(second, "object.columnDefinitions.0"));
        Assert.Equal("b", (string?)Answer.Find(second, "object.rows.0.cells.0"));
    }

    [Fact]
    public async Task Event_WrittenInOneGroup_IsSeenInTheOther()
    {
        var (ns, core) = await cluster.NewNamespaceAsync();
        using var watch = await cluster.Admin.WatchAsync($"{core}/events");
        (await cluster.Admin.PostAsync($"/apis/events.k8s.io/v1/namespaces/{ns}/events", $$$"""
            {"metadata":{"name":"e"},"eventTime":"2026-01-02T03:04:05.000006Z","reportingController":"c.example/x","reportingInstance":"i","action":"Act","reason":"Because","type":"Normal",
             "note":"hello","regarding":{"kind":"Pod","namespace":"{{{ns}}}","name":"p"}}
            """)).Expect(201);

        var seen = await watch.NextAsync();
        var other = (await cluster.Admin.GetAsync($"/apis/events.k8s.io/v1/namespaces/{ns}/events/e")).Expect(200);

        Assert.Equal(("v1", "hello", "Pod", "c.example/x"), ((string?)seen["object"]!["apiVersion"], (string?)seen["object"]!["message"],
            (string?)Answer.Find(seen, "object.involvedObject.kind"), (string?)seen["object"]!["reportingComponent"]));
        Assert.Equal(("events.k8s.io/v1", "hello", "Pod"), ((string?)other["apiVersion"], (string?)other["note"], (string?)other["regarding.kind"]));
        Assert.Equal(["e"], (await cluster.Admin.GetAsync($"{core}/events?fieldSelector=involvedObject.name%3Dp")).Names());
    }

    private static long Number(JsonNode line) => long.Parse((string)Answer.Find(line, "object.metadata.resourceVersion")!, System.Globalization.CultureInfo.InvariantCulture);

    private async Task<Answer> AddAsync(string core, string name) => (await cluster.Admin.PostAsync($"{core}/secrets", $$$"""{"metadata":{"name":"{{{name}}}"}}""")).Expect(201);
}
