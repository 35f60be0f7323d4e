using System.Text.Json.Nodes;
using Katabira.Cluster.Network;
using Katabira.Cluster.Node.Containers;
using Katabira.Cluster.Node.Probes;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Agent;

/// <summary>What a run of a container is started with; or why it cannot be.</summary>
/// <param name="Spec">Null if it cannot be started.</param>
/// <param name="ImageId">Empty if it cannot.</param>
/// <param name="Reason">Why not, in one word, e.g. <c>ErrImagePull</c>.</param>
/// <param name="Message">The same for people.</param>
internal sealed record RunRecipe(ContainerSpec? Spec, string ImageId, string Reason, string Message)
{
    public static RunRecipe Of(ContainerSpec spec, string imageId) => new(spec, imageId, "", "");

    public static RunRecipe Refused(ContainerRefusal refusal) => new(null, "", refusal.Reason, refusal.Message);
}

/// <summary>What a pod's worker does its work with. All of it is thread-safe.</summary>
internal sealed record PodMeans
{
    /// <summary>The file of <c>katabira-pod</c>.</summary>
    public required string Program { get; init; }

    /// <summary>Gives a pod its network; once more is no error.</summary>
    public required Func<JsonObject, CancellationToken, Task<PodNetwork>> AttachAsync { get; init; }

    /// <summary>The network of a pod that was there before; null if it has none.</summary>
    public required Func<JsonObject, CancellationToken, Task<PodNetwork?>> FindAsync { get; init; }

    /// <summary>Takes a pod off the network, by its uid.</summary>
    public required Func<string, CancellationToken, Task> DetachAsync { get; init; }

    /// <summary>Makes what a pod's containers are given, in its folder.</summary>
    public required Func<PodFolder, PodProvision> Provide { get; init; }

    /// <summary>Makes sockets of the node, from which containers are asked.</summary>
    public required MakeSocket MakeSocket { get; init; }
}
