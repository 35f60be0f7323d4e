using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Katabira.Cluster;
using Katabira.Tests.Cluster.Access;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>A cluster that ends and begins again on the same home.</summary>
public sealed class RestartTests
{
    private const string Maps = "/api/v1/namespaces/work/configmaps";

    [Fact]
    public async Task Restart_OnTheSameHome_FindsEverythingAndGoesOn()
    {
        using var home = new TemporaryFolder();
        var before = new Dictionary<string, string>();
        string token, kubeconfig, version;
        await using (var cluster = await StartAsync(home))
        {
            using var admin = ApiClient.Admin(kubeconfig = cluster.Kubeconfig);
            token = await FillAsync(admin);
            version = (await admin.PostAsync(Maps, """{"metadata":{"name":"last"}}""")).Expect(201).ResourceVersion;
            foreach (var path in (string[])[Maps, "/api/v1/namespaces", "/apis/x.example/v1/anythings", "/apis/rbac.authorization.k8s.io/v1/clusterroles", "/api/v1/services"])
            {
                before[path] = (await admin.GetAsync(path)).Expect(200)["items"]!.ToJsonString();
            }
        }

        await using var again = await StartAsync(home);
        using var client = ApiClient.Admin(again.Kubeconfig);
        using var account = ApiClient.With(again.Kubeconfig, token);
        using var old = ApiClient.With(again.Kubeconfig, ApiClient.UserOf(kubeconfig));
        foreach (var (path, items) in before)
        {
            Assert.Equal(items, (await client.GetAsync(path)).Expect(200)["items"]!.ToJsonString());
        }
        using var resumed = await client.WatchAsync($"{Maps}?resourceVersion={version}");
        var next = (await client.PatchAsync($"{Maps}/last", """{"data":{"k":"v"}}""")).Expect(200);

        Assert.True(Number(next) > long.Parse(version, CultureInfo.InvariantCulture));
        Assert.Equal("MODIFIED last", await resumed.NextNameAsync());
        (await account.GetAsync("/version")).Expect(200);
        (await old.GetAsync("/api/v1/secrets")).Expect(200);
        (await client.PatchAsync($"{Maps}/held", """{"metadata":{"finalizers":null}}""")).Expect(200);
        (await client.GetAsync($"{Maps}/held")).Expect(404);
    }

    [Fact]
    public async Task Start_PortTaken_LeavesNothingOpen()
    {
        using var home = new TemporaryFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var options = new ClusterOptions { Home = home.Path, Port = ((IPEndPoint)other.LocalEndpoint).Port };

        await Assert.ThrowsAnyAsync<IOException>(() => EmbeddedCluster.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None));
        other.Stop();
        await using var cluster = await EmbeddedCluster.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);

        using var admin = ApiClient.Admin(cluster.Kubeconfig);
        (await admin.GetAsync("/version")).Expect(200);
    }

    [Fact]
    public async Task Start_StoreInUse_GivesThePortBack()
    {
        using var home = new TemporaryFolder();
        await using var first = await StartAsync(home);
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var options = new ClusterOptions { Home = home.Path, Port = ((IPEndPoint)probe.LocalEndpoint).Port };
        probe.Stop();

        await Assert.ThrowsAnyAsync<Exception>(() => EmbeddedCluster.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None));

        using var again = new TcpListener(IPAddress.Loopback, options.Port);
        again.Start();
    }

    [Fact]
    public async Task Restart_WhileANamespaceEnds_GoesOnEndingIt()
    {
        using var home = new TemporaryFolder();
        await using (var cluster = await StartAsync(home))
        {
            using var admin = ApiClient.Admin(cluster.Kubeconfig);
            await admin.PostAsync("/api/v1/namespaces", """{"metadata":{"name":"work"}}""");
            (await admin.PostAsync(Maps, """{"metadata":{"name":"held","finalizers":["x.example/hold"]}}""")).Expect(201);
            (await admin.DeleteAsync("/api/v1/namespaces/work")).Expect(200);
        }

        await using var again = await StartAsync(home);
        using var client = ApiClient.Admin(again.Kubeconfig);
        using var watch = await client.WatchAsync("/api/v1/namespaces?fieldSelector=metadata.name%3Dwork");
        (await client.PatchAsync($"{Maps}/held", """{"metadata":{"finalizers":null}}""")).Expect(200);

        while ((string?)(await watch.NextAsync())["type"] != "DELETED")
        {
        }
    }

    [Fact]
    public async Task End_OfACluster_EndsItsWatches()
    {
        using var home = new TemporaryFolder();
        var cluster = await StartAsync(home);
        using var admin = ApiClient.Admin(cluster.Kubeconfig);
        using var watch = await admin.WatchAsync("/api/v1/namespaces?labelSelector=none%3Dsuch");

        await cluster.DisposeAsync();

        Assert.Empty(await watch.RestAsync());
    }

    private static Task<EmbeddedCluster> StartAsync(TemporaryFolder home) =>
        EmbeddedCluster.StartAsync(new ClusterOptions { Home = home.Path }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);

    private static long Number(Answer answer) => long.Parse(answer.ResourceVersion, CultureInfo.InvariantCulture);

    private static async Task<string> FillAsync(ApiClient admin)
    {
        (await admin.PostAsync("/api/v1/namespaces", """{"metadata":{"name":"work"}}""")).Expect(201);
        using (var contents = await admin.WatchAsync($"{Maps}?fieldSelector=metadata.name%3Dkube-root-ca.crt"))
        {
            Assert.Equal("ADDED kube-root-ca.crt", await contents.NextNameAsync());
        }
        (await admin.PostAsync(Maps, """{"metadata":{"name":"held","finalizers":["x.example/hold"]}}""")).Expect(201);
        (await admin.DeleteAsync($"{Maps}/held")).Expect(200);
        (await admin.PostAsync("/api/v1/namespaces/work/services", """{"metadata":{"name":"s"},"spec":{"ports":[{"port":80}]}}""")).Expect(201);
        (await admin.PostAsync("/api/v1/namespaces/work/serviceaccounts", """{"metadata":{"name":"a"}}""")).Expect(201);
        (await admin.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", """
            {"metadata":{"name":"anythings.x.example"},"spec":{"group":"x.example","scope":"Namespaced","names":{"plural":"anythings","kind":"Anything"},
             "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}
            """)).Expect(201);
        (await admin.PostAsync("/apis/x.example/v1/namespaces/work/anythings", """{"metadata":{"name":"a"},"spec":{"n":1.50}}""")).Expect(201);
        return (string)(await admin.PostAsync("/api/v1/namespaces/work/serviceaccounts/a/token", "{}")).Expect(201)["status.token"]!;
    }
}
