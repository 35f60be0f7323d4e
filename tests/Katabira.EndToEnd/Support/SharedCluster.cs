using Xunit;

[assembly: AssemblyFixture(typeof(Katabira.EndToEnd.Support.SharedCluster))]

namespace Katabira.EndToEnd.Support;

/// <summary>The one cluster that every test uses which does not need one of its own. Tests keep out of each other's way by namespaces.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    internal TestCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cluster = await TestCluster.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
