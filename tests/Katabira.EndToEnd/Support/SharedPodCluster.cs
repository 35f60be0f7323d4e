using Katabira.EndToEnd.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedPodCluster))]

namespace Katabira.EndToEnd.Support;

/// <summary>
/// The one cluster with pods, made by the command line as a person makes it, when the first test asks for it. Tests keep out of each other's way by
/// namespaces. At its end nothing of it may be left on the machine.
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
            return _cluster ??= await CommandLineCluster.CreateAsync(cancellation);
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
}
