using System.Net;
using System.Text.Json.Nodes;
using Katabira.Cluster.Network;
using Katabira.Cluster.Network.Rules;
using Katabira.Tests.Cluster.Network;

namespace Katabira.Network.Support;

/// <summary>A node of its own with the pods <c>a</c> and <c>b</c>, each with a workload. Nothing of it is left afterwards.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly List<Workload> _workloads = [];

    private TestNode(NamespaceNames names, NodeNetwork network) => (Names, Network) = (names, network);

    public NamespaceNames Names { get; }

    public NodeNetwork Network { get; }

    public string NodePath => NamespaceNames.PathOf(Names.Node);

    public PodNetwork A { get; private set; } = null!; // set before anybody sees the node

    public PodNetwork B { get; private set; } = null!; // as above

    public static async Task<TestNode> StartAsync()
    {
        var names = NamespaceNames.Of($"/test/{Guid.NewGuid()}");
        var node = new TestNode(names, await NodeNetwork.OpenAsync(names, new HashSet<string>(), TimeProvider.System, CancellationToken.None));
        node.A = await node.AttachAsync("a");
        node.B = await node.AttachAsync("b");
        return node;
    }

    /// <summary>Forwards Service <c>web</c> (10.96.0.20, TCP and UDP 80, node ports 30080 and 30081) to some pods.</summary>
    public Task ForwardAsync(params IPAddress[] pods)
    {
        JsonObject[] ports() => [ServiceObjects.Port(80, "http", nodePort: 30080), ServiceObjects.Port(80, "udp", "UDP", nodePort: 30081)];
        JsonObject[] targets() => [ServiceObjects.Port(Workload.Port, "http"), ServiceObjects.Port(Workload.Port, "udp", "UDP")];
        var service = ServiceObjects.Service("web", "10.96.0.20", ports()).OfType("NodePort");
        var slice = ServiceObjects.Slice("web", targets(), [.. pods.Select(p => ServiceObjects.Endpoint(p.ToString()))]);
        return Network.ApplyAsync(ServiceRules.Of([service], [slice]), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var workload in _workloads)
        {
            await workload.DisposeAsync();
        }
        Network.Dispose();
        await NodeNetwork.DestroyAsync(Names, CancellationToken.None);
    }

    private async Task<PodNetwork> AttachAsync(string uid)
    {
        var pod = await Network.AttachAsync(uid, CancellationToken.None);
        _workloads.Add(await Workload.StartAsync(uid, pod.Namespace));
        return pod;
    }
}
