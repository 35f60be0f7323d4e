using System.Net;

namespace Katabira.Cluster.Network;

/// <summary>The addresses inside every embedded cluster. They are never seen on the host, so every cluster has the same ones.</summary>
internal static class NodeAddresses
{
    /// <summary>Where pods are.</summary>
    public static IPNetwork Pods { get; } = new(IPAddress.Parse("10.244.0.0"), 16);

    /// <summary>Where Services are; what is not one is refused at once.</summary>
    public static IPNetwork Services { get; } = new(IPAddress.Parse("10.96.0.0"), 16);

    /// <summary>The node's own: probes come from it, NodePorts are on it, and every pod's way goes through it.</summary>
    public static IPAddress Node { get; } = IPAddress.Parse("10.244.0.1");

    /// <summary>Where pods ask for names. It is the node's too, so that the server can listen on it.</summary>
    public static IPAddress Dns { get; } = IPAddress.Parse("10.96.0.10");
}
