using Katabira.Cluster;
using Katabira.Cluster.Storage;
using Katabira.Tests.Cluster.Access;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>What only time brings: history that is gone, tokens that have expired, bookmarks in between.</summary>
public sealed class TimeTests : IAsyncLifetime
{
    private const string Secrets = "/api/v1/namespaces/default/secrets";

    private readonly TemporaryFolder _home = new();
    private readonly HurriedTime _time = new();
    private EmbeddedCluster? _cluster;
    private ApiClient? _admin;

    private ApiClient Admin => _admin!; // set before the test runs

    public async ValueTask InitializeAsync()
    {
        var options = new ClusterOptions { Home = _home.Path, History = new Retention { MaxEntries = 5 } };
        _cluster = await EmbeddedCluster.StartAsync(options, _time, NullLoggerFactory.Instance, CancellationToken.None);
        _admin = ApiClient.Admin(_cluster.Kubeconfig);
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await _cluster!.DisposeAsync(); // as above
        _home.Dispose();
    }

    [Fact]
    public async Task History_ThatIsGone_IsToldToEverybodyWhoAsksForIt()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            (await Admin.PostAsync(Secrets, $$$"""{"metadata":{"name":"{{{name}}}"}}""")).Expect(201);
        }
        var page = (await Admin.GetAsync($"{Secrets}?limit=1")).Expect(200);
        var (version, token) = (page.ResourceVersion, Uri.EscapeDataString((string)page["metadata.continue"]!));
        var gone = await Admin.GetAsync($"{Secrets}?limit=1&continue={token}");
        for (var i = 0; gone.Code == 200; i++)
        {
            await Admin.PatchAsync($"{Secrets}/c", $$$"""{"metadata":{"labels":{"n":"{{{i}}}"}} }""");
            gone = await Admin.GetAsync($"{Secrets}?limit=1&continue={token}");
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        var exact = await Admin.GetAsync($"{Secrets}?resourceVersion={version}&resourceVersionMatch=Exact");
        using var watch = await Admin.WatchAsync($"{Secrets}?resourceVersion={version}");
        var line = await watch.NextAsync();
        var rest = (await Admin.GetAsync($"{Secrets}?limit=5&continue={Uri.EscapeDataString((string)gone["metadata.continue"]!)}")).Expect(200);

        Assert.Equal(("Expired", 410), ((string?)gone["reason"], gone.Code));
        Assert.StartsWith("The provided continue parameter is too old to display a consistent list result.", (string?)gone["message"], StringComparison.Ordinal);
        exact.ExpectStatus(410, "Expired", "The resourceVersion for the provided list is too old.");
        Assert.Equal((200, "ERROR", 410, "Expired"), (watch.Code, (string?)line["type"], (int?)line["object"]!["code"], (string?)line["object"]!["reason"]));
        Assert.Matches($@"^too old resource version: {version} \(\d+\)$", (string?)line["object"]!["message"]);
        Assert.Null(await watch.ReadAsync());
        Assert.Equal(["b", "c"], rest.Names());
    }

    [Fact]
    public async Task Bookmarks_ComeOnlyToWhomTheyAreAllowed()
    {
        var made = (await Admin.PostAsync(Secrets, """{"metadata":{"name":"a"}}""")).Expect(201);
        using var marked = await Admin.WatchAsync($"{Secrets}?resourceVersion={made.ResourceVersion}&allowWatchBookmarks=true");
        using var plain = await Admin.WatchAsync($"{Secrets}?resourceVersion={made.ResourceVersion}");
        var other = (await Admin.PostAsync("/api/v1/namespaces/kube-public/configmaps", """{"metadata":{"name":"other"}}""")).Expect(201);

        var mark = await marked.NextAsync();
        while (long.Parse((string)Answer.Find(mark, "object.metadata.resourceVersion")!, System.Globalization.CultureInfo.InvariantCulture)
            < long.Parse(other.ResourceVersion, System.Globalization.CultureInfo.InvariantCulture))
        {
            Assert.Equal("BOOKMARK", (string?)mark["type"]);
            mark = await marked.NextAsync();
        }
        await Admin.DeleteAsync($"{Secrets}/a");

        Assert.Equal(["kind", "apiVersion", "metadata"], mark["object"]!.AsObject().Select(m => m.Key));
        Assert.Equal("DELETED a", await plain.NextNameAsync());
    }

    [Fact]
    public async Task Token_ThatHasExpired_IsRefused()
    {
        (await Admin.PostAsync("/api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"a"}}""")).Expect(201);
        var token = (string)(await Admin.PostAsync("/api/v1/namespaces/default/serviceaccounts/a/token", """{"spec":{"expirationSeconds":600}}""")).Expect(201)["status.token"]!;
        using var account = ApiClient.With(_cluster!.Kubeconfig, token); // not null: it was set before
        (await account.GetAsync("/version")).Expect(200);

        _time.Ahead = TimeSpan.FromMinutes(11);

        (await account.GetAsync("/version")).ExpectStatus(401, "Unauthorized", "Unauthorized");
        (await Admin.PostAsync("/api/v1/namespaces/default/serviceaccounts/a/token", """{"spec":{"expirationSeconds":5}}""")).Expect(422);
    }
}
