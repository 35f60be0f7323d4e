using System.Net;
using Katabira.Cluster.Access;
using Katabira.Cluster.Controllers;
using Katabira.Cluster.Network.Balancers;
using Katabira.Cluster.Network.Dns;
using Katabira.Cluster.Network.Gates;
using Katabira.Cluster.Network.Services;
using Katabira.Net.Linux;
using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Network;

/// <summary>How to run the network of an embedded cluster.</summary>
public sealed record NetworkOptions
{
    /// <summary>The file that says whom the host asks for names.</summary>
    public string ResolverFile { get; init; } = HostResolvers.File;

    /// <summary>The uids of the pods whose processes live, from before a restart; what else is found is removed.</summary>
    internal IReadOnlySet<string> LivingPods { get; init; } = new HashSet<string>();
}

/// <summary>
/// The network of an embedded cluster, in step with its objects: Services are forwarded, names are answered, LoadBalancers and node ports are reached from the
/// host's loopback, and pods reach the API. Needs root. What it makes is inside namespaces and outlives the process, so that pods do not notice a
/// restart; <see cref="RemoveAsync"/> removes it. One owner disposes it.
/// </summary>
public sealed class ClusterNetwork : IAsyncDisposable
{
    /// <summary>Where pods reach the API on the node, whatever its port on the host is.</summary>
    internal const int ApiPort = 6443;

    private readonly Stack<IAsyncDisposable> _parts = new();
    private ServiceFollower _follower = null!; // set before anybody has the network

    private ClusterNetwork(NodeNetwork node) => Node = node;

    /// <summary>Attaches and detaches pods, and makes sockets of the node.</summary>
    internal NodeNetwork Node { get; }

    /// <summary>Opens the network of a home and brings it in step. When this returns, Services are forwarded and names answered as the store has them.</summary>
    /// <param name="home">The cluster's folder.</param>
    /// <param name="api">The API's port on the host's loopback.</param>
    /// <exception cref="NetworkException">A program is missing, or the kernel refuses.</exception>
    /// <exception cref="LinuxException">This process may not enter namespaces.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">Another process of the same cluster still runs.</exception>
    internal static async Task<ClusterNetwork> StartAsync(
        NetworkOptions options, PrivateFolder home, int api, ClusterClient client, ILogger logger, TimeProvider time, CancellationToken cancellation)
    {
        var network = new ClusterNetwork(await NodeNetwork.OpenAsync(NamesOf(home.PathOf("")), options.LivingPods, time, cancellation));
        try
        {
            await network.FillAsync(options, home, api, client, logger, time, cancellation);
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Removes every namespace of a home. Its processes have ended; what is not there is no error.</summary>
    /// <param name="home">The folder, as <see cref="ClusterOptions.Home"/> was.</param>
    public static Task RemoveAsync(string home, CancellationToken cancellation) => NodeNetwork.DestroyAsync(NamesOf(home), cancellation);

    /// <summary>Ends what runs in this process; the namespaces and what the kernel forwards stay.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
        Node.Dispose();
    }

    /// <summary>Waits until the kernel and the name server have what the store had at a revision.</summary>
    internal Task AppliedAsync(Storage.Revision revision, CancellationToken cancellation) => _follower.AppliedAsync(revision, cancellation);

    private async Task FillAsync(
        NetworkOptions options, PrivateFolder home, int api, ClusterClient client, ILogger logger, TimeProvider time, CancellationToken cancellation)
    {
        // what is made later ends earlier
        var host = Own(new OwnedNamespace(await NetworkNamespace.EnterAsync("/proc/self/ns/net"))).Namespace;
        var inward = Own(new Gate(host, Node.Node, time));
        var outward = Own(new Gate(Node.Node, host, time));
        if (await outward.OpenAsync(new(NodeAddresses.Node, ApiPort), new(IPAddress.Loopback, api)) is { } refused)
        {
            throw new NetworkException($"pods cannot reach the API: {refused}");
        }
        var dns = Own(await ClusterDns.StartAsync(Node.Node, new DnsForwarder(new HostResolvers(options.ResolverFile, time).Servers, time), time));
        await new NodeServices(client, logger).FillAsync(cancellation);
        var range = Own(BalancerRange.Claim(home));
        _follower = new(client.State, Node, dns);
        await _follower.ApplyAsync(cancellation);
        Own(ControllerSet.Run(
        [
            ("services", _follower.RunAsync),
            ("load-balancers", new BalancerController(client, inward, range.Addresses, logger).RunAsync),
        ], logger, time));
    }

    /// <summary>The path is what names are made from, so it has one form.</summary>
    private static NamespaceNames NamesOf(string home) => NamespaceNames.Of(Path.TrimEndingDirectorySeparator(Path.GetFullPath(home)));

    private T Own<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }

    private sealed class OwnedNamespace(NetworkNamespace space) : IAsyncDisposable
    {
        public NetworkNamespace Namespace => space;

        public ValueTask DisposeAsync()
        {
            space.Dispose();
            return default;
        }
    }
}
