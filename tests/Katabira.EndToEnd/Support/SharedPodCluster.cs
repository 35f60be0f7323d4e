using Katabira.EndToEnd.Support;
using Katabira.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedPodCluster))]

namespace Katabira.EndToEnd.Support;

/// <summary>
/// The one cluster with pods, made by the command line as a person makes it, when the first test asks for it. It knows the mesh's kinds, which
/// belong to no namespace; by namespaces tests keep out of each other's way. At its end nothing of it may be left on the machine.
/// </summary>
public sealed class SharedPodCluster : IAsyncLifetime
{
    private readonly SemaphoreSlim _turn = new(1);
    private CommandLineCluster? _cluster;

    public ValueTask InitializeAsync() => default;

    internal async Task<CommandLineCluster> GetAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_cluster is null)
            {
                _cluster = await CommandLineCluster.CreateAsync(cancellation);
                await ApplyMeshKindsAsync(_cluster, cancellation);
            }
            return _cluster;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
        _turn.Dispose();
    }

    private static async Task ApplyMeshKindsAsync(CommandLineCluster cluster, CancellationToken cancellation)
    {
        using var workplace = new Workplace(cluster.Kubeconfig, "1.35");
        var outcome = await workplace.RunAsync("kubectl", ["apply", "-f", Repository.PathTo("manifests/crds")], cancellation);
        Assert.True(outcome.ExitCode == 0, outcome.Stderr);
    }
}
