using Katabira.Cluster.Controllers;
using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Node.Agent;

/// <summary>
/// The node of an embedded cluster: its object, its pods, and who gets them. Runs until it is disposed; the pods then run on, and the next agent finds
/// them. Where no pod can run it still says so in the node's object.
/// </summary>
internal sealed class NodeAgent : IAsyncDisposable
{
    private readonly ControllerSet _running;

    private NodeAgent(ControllerSet running) => _running = running;

    /// <summary>Registers the node and starts.</summary>
    /// <param name="client">The cluster, as <c>kubelet</c>.</param>
    /// <param name="home">Absolute path of the home.</param>
    /// <param name="means">What pods are run with; null if none can be.</param>
    /// <param name="whyNot">Why none can be; empty if they can.</param>
    public static async Task<NodeAgent> StartAsync(
        ClusterClient client, string name, string home, MachineFacts machine, PodMeans? means, string whyNot, ILogger logger, TimeProvider time, CancellationToken cancel)
    {
        var registration = new NodeRegistration(client, name, machine, whyNot);
        await registration.RegisterAsync(cancel);
        var loops = new List<(string, Func<CancellationToken, Task>)>
        {
            ("node-registration", registration.RunAsync),
            ("pod-binder", new PodBinder(client, name, logger).RunAsync),
        };
        if (means is not null)
        {
            loops.Add(("node-pods", stop => new NodePods(client, name, home, means, logger).RunAsync(stop)));
        }
        return new(ControllerSet.Run(loops, logger, time));
    }

    public ValueTask DisposeAsync() => _running.DisposeAsync();
}
