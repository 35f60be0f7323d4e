using System.Net;

namespace Katabira.Cluster.Network;

/// <summary>Where a pod is on the network.</summary>
/// <param name="Uid">The pod's uid.</param>
/// <param name="Address">Its address, its own until 60 s after it was detached.</param>
/// <param name="Namespace">The file that stands for its network namespace; its processes enter it.</param>
internal sealed record PodNetwork(string Uid, IPAddress Address, string Namespace);
