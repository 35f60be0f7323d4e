using System.Text.Json.Nodes;
using System.Threading.Channels;
using Katabira.Cluster.Controllers;

namespace Katabira.Cluster.Node.Agent;

/// <summary>Tells Events one after the other, in the order in which they were given, while whoever gave them goes on. What is too much is forgotten. Thread-safe.</summary>
internal sealed class EventQueue(ClusterClient client)
{
    private const int MostWaiting = 10_000;

    private readonly EventRecorder _recorder = new(client, "kubelet");
    private readonly Channel<(JsonObject About, PodEvent Told)> _waiting = Channel.CreateBounded<(JsonObject, PodEvent)>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Tell(JsonObject about, PodEvent told) => _waiting.Writer.TryWrite((about, told));

    public async Task RunAsync(CancellationToken cancel)
    {
        await foreach (var (about, told) in _waiting.Reader.ReadAllAsync(cancel))
        {
            await _recorder.TellAsync(about, told.Type, told.Reason, told.Message, cancel, told.FieldPath);
        }
    }
}
