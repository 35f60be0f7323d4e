using Katabira.Cluster;
using Katabira.Cluster.Streams;
using Microsoft.Extensions.Logging.Abstractions;

namespace Katabira.EndToEnd.Support;

/// <summary>A cluster of our own on a free port, with a home of its own that goes with it.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly EmbeddedCluster _cluster;

    private TestCluster(TemporaryFolder folder, EmbeddedCluster cluster)
    {
        _folder = folder;
        _cluster = cluster;
        Kubeconfig = folder.Write("kubeconfig", cluster.Kubeconfig);
    }

    public Uri Address => _cluster.Address;

    /// <summary>Path of the administrator's kubeconfig.</summary>
    public string Kubeconfig { get; }

    public static async Task<TestCluster> StartAsync(CancellationToken cancellation, PodBackend? pods = null)
    {
        var folder = new TemporaryFolder();
        try
        {
            var options = new ClusterOptions { Home = folder.PathTo("cluster"), Pods = pods };
            return new TestCluster(folder, await EmbeddedCluster.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance, cancellation));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }
}
