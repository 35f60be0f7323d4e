using Katabira.Cluster;
using Katabira.Tests.Cluster.Access;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>One cluster for all tests of the collection. Each test works in a namespace, or with names, of its own.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _home = new();
    private EmbeddedCluster? _cluster;
    private ApiClient? _admin;
    private int _names;

    /// <summary>The administrator.</summary>
    internal ApiClient Admin => _admin!; // set before any test runs

    internal string Kubeconfig => _cluster!.Kubeconfig; // as above

    internal string Home => _home.Path;

    public async ValueTask InitializeAsync()
    {
        _cluster = await EmbeddedCluster.StartAsync(new ClusterOptions { Home = _home.Path }, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        _admin = ApiClient.Admin(_cluster.Kubeconfig);
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await _cluster!.DisposeAsync(); // as above
        _home.Dispose();
    }

    /// <summary>A name that no other test uses.</summary>
    internal string NewName(string prefix = "t") => $"{prefix}-{Interlocked.Increment(ref _names)}";

    /// <summary>A new namespace, and the path of what is in it in the core group.</summary>
    internal async Task<(string Name, string Core)> NewNamespaceAsync()
    {
        var name = NewName("ns");
        (await Admin.PostAsync("/api/v1/namespaces", $$$"""{"metadata":{"name":"{{{name}}}"}}""")).Expect(201);
        return (name, $"/api/v1/namespaces/{name}");
    }

    /// <summary>Somebody with the token of a new service account, who may do nothing yet.</summary>
    internal async Task<ApiClient> NewAccountAsync(string ns, string name)
    {
        (await Admin.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", $$$"""{"metadata":{"name":"{{{name}}}"}}""")).Expect(201);
        return ApiClient.With(Kubeconfig, await TokenAsync(ns, name));
    }

    internal async Task<string> TokenAsync(string ns, string name) =>
        (string)(await Admin.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts/{name}/token", "{}")).Expect(201)["status.token"]!;
}

/// <summary>Those who share the cluster; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SharedCluster : ICollectionFixture<ClusterFixture>
{
    public const string Name = "cluster";
}
