using System.Globalization;
using System.Text.RegularExpressions;
using Katabira.Cluster;
using Katabira.Tests.Cluster.Access;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>Many clients, slow ones, and ones that vanish: they cost nothing, and nobody else notices.</summary>
public sealed partial class CrowdTests : IAsyncLifetime
{
    private const string Maps = "/api/v1/namespaces/default/configmaps";

    private readonly TemporaryFolder _home = new();
    private EmbeddedCluster? _cluster;
    private ApiClient? _admin;

    private EmbeddedCluster Cluster => _cluster!; // set before the test runs

    private ApiClient Admin => _admin!; // as above

    public async ValueTask InitializeAsync()
    {
        _cluster = await EmbeddedCluster.StartAsync(new ClusterOptions { Home = _home.Path }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        _admin = ApiClient.Admin(_cluster.Kubeconfig);
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await Cluster.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task Watchers_ByTheThousand_HearAndVanish()
    {
        const int Many = 1_000;
        using var crowd = ApiClient.Admin(Cluster.Kubeconfig);
        var watches = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => crowd.WatchAsync($"{Maps}?fieldSelector=metadata.name%3Dseen")));
        var full = await WatchersAsync(count => count >= Many);

        await Admin.PostAsync(Maps, """{"metadata":{"name":"seen"}}""");
        var told = await Task.WhenAll(watches.Select(w => w.NextNameAsync()));
        crowd.Vanish();

        Assert.All(told, line => Assert.Equal("ADDED seen", line));
        await WatchersAsync(count => count <= full - Many);
        (await Admin.GetAsync("/readyz")).Expect(200);
    }

    [Fact]
    public async Task Connections_ThatVanishInTheMiddle_LeaveNothing()
    {
        using var user = ApiClient.UserOf(Cluster.Kubeconfig);
        var connections = Enumerable.Range(0, 30).Select(_ => RawConnection.Open(Cluster.Kubeconfig, user)).ToList();
        foreach (var (i, connection) in connections.Index())
        {
            await connection.SendAsync(i % 3 == 0 ? $"GET {Maps}?watch=true HTTP/1.1\r\nHost: x\r\n\r\n"
                : i % 3 == 1 ? $"POST {Maps} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 3000000\r\n\r\n{{\"metadata\":"
                : "GET /api/v1/nam");
        }
        foreach (var watch in connections.Where((_, i) => i % 3 == 0))
        {
            Assert.StartsWith("HTTP/1.1 200", await watch.ReadAsync(), StringComparison.Ordinal);
        }
        var full = await WatchersAsync(count => count >= 10);

        connections.ForEach(c => c.Vanish());

        await WatchersAsync(count => count <= full - 10);
        (await Admin.PostAsync(Maps, """{"metadata":{"name":"after"}}""")).Expect(201);
    }

    [Fact]
    public async Task Watcher_ThatNeverReads_IsGivenUpAndHoldsNobodyBack()
    {
        using var user = ApiClient.UserOf(Cluster.Kubeconfig);
        using var deaf = RawConnection.Open(Cluster.Kubeconfig, user);
        using var other = await Admin.WatchAsync($"{Maps}?fieldSelector=metadata.name%3Dbig");
        await Admin.PostAsync(Maps, """{"metadata":{"name":"big"}}""");
        await deaf.SendAsync($"GET {Maps}?watch=true HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await deaf.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal("ADDED big", await other.NextNameAsync());
        var full = await WatchersAsync(count => count > 0);
        var writes = 0;
        for (var count = full; count >= full && writes < 100; count = await WatchersAsync(_ => true))
        {
            (await Admin.PatchAsync($"{Maps}/big", $$$"""{"data":{"k":"{{{new string((char)('a' + (writes++ % 26)), 1_000_000)}}}"}}""")).Expect(200);
            Assert.Equal("MODIFIED big", await other.NextNameAsync());
        }

        Assert.InRange(writes, 5, 99);
    }

    [Fact]
    public async Task Body_ThatComesDropByDrop_IsCutOff()
    {
        using var user = ApiClient.UserOf(Cluster.Kubeconfig);
        using var slow = RawConnection.Open(Cluster.Kubeconfig, user);
        await slow.SendAsync($"POST {Maps} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{{");

        // the server's patience for a body is a few seconds
        var answer = await slow.ReadToEndAsync();

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), answer);
    }

    /// <summary>The number of live watches, as soon as it is as expected; asked again and again until then.</summary>
    private async Task<int> WatchersAsync(Func<int, bool> expected)
    {
        while (true)
        {
            var count = int.Parse(WatchersLine.Match((await Admin.GetAsync("/metrics")).Expect(200).Text).Groups[1].Value, CultureInfo.InvariantCulture);
            if (expected(count))
            {
                return count;
            }
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    [GeneratedRegex(@"^katabira_store_watchers (\d+)$", RegexOptions.Multiline)]
    private static partial Regex WatchersLine { get; }
}
