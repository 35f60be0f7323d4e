using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Node.Probes;

/// <summary>Makes a socket from which a pod is reached; the caller owns it. <c>NetworkNamespace.CreateSocketAsync</c> is one.</summary>
internal delegate Task<Socket> MakeSocket(AddressFamily family, SocketType type, ProtocolType protocol);

/// <summary>Runs a command in the container to its end, with output and errors in one stream.</summary>
/// <exception cref="PodGoneException">The pod has ended.</exception>
/// <exception cref="PodRefusedException">The command cannot be run.</exception>
internal delegate Task<CommandEnd> RunInContainer(IReadOnlyList<string> command, Stream output, CancellationToken cancel);

/// <summary>The container that is asked, and the ways to it.</summary>
/// <param name="Container">Its entry in the pod, for the names of its ports.</param>
/// <param name="Address">The pod's.</param>
internal sealed record ProbeTarget(JsonObject Container, IPAddress Address, MakeSocket MakeSocket, RunInContainer Run);
