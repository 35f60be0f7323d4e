using System.Net;
using System.Text.Json.Nodes;
using Katabira.Cluster.Node.Images;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Containers;

/// <summary>Finds an object of the pod's namespace in its stored form, such as <c>configmaps</c> and a name; null if there is none.</summary>
internal delegate JsonObject? FindInNamespace(string plural, string name);

/// <summary>Why a container cannot be started now, in the words of a kubelet: it waits with this reason.</summary>
/// <param name="Reason">Such as <c>CreateContainerConfigError</c>.</param>
internal sealed record ContainerRefusal(string Reason, string Message)
{
    public static ContainerRefusal Config(string message) => new("CreateContainerConfigError", message);

    public static ContainerRefusal Run(string message) => new("RunContainerError", message);
}

/// <summary>What the node has for pods; what a container without a limit may be told it has.</summary>
internal sealed record NodeCapacity(double Cpus, long MemoryBytes, long StorageBytes);

/// <summary>Where a pod is.</summary>
/// <param name="NodeName">The node's name.</param>
/// <param name="Host">The node's address.</param>
/// <param name="Pod">The pod's addresses, the first one first; empty while it has none.</param>
internal sealed record PodAddresses(string NodeName, IPAddress Host, IReadOnlyList<IPAddress> Pod);

/// <summary>Everything that decides how one run of a container looks.</summary>
internal sealed record ContainerRequest
{
    /// <summary>In its stored form.</summary>
    public required JsonObject Pod { get; init; }

    /// <summary>An entry of its <c>containers</c> or <c>initContainers</c>.</summary>
    public required JsonObject Container { get; init; }

    public required CatalogImage Image { get; init; }

    /// <summary>The ConfigMaps and Secrets it refers to, of one moment.</summary>
    public required FindInNamespace Find { get; init; }

    public required PodAddresses Addresses { get; init; }

    public required NodeCapacity Capacity { get; init; }

    /// <summary>From <see cref="Containers.ServiceVariables"/>.</summary>
    public IReadOnlyDictionary<string, string> Services { get; init; } = new Dictionary<string, string>();

    /// <summary>Volumes, then the pod's files; where two have one target, the first counts.</summary>
    public IReadOnlyList<MountSpec> Mounts { get; init; } = [];

    /// <summary>How often it was started before.</summary>
    public int Attempt { get; init; }

    public required string LogFile { get; init; }

    /// <summary>Folders that exist.</summary>
    public IReadOnlyList<string> ControlGroups { get; init; } = [];
}
