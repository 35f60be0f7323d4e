using System.Net;
using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Admission;
using Katabira.Cluster.Api;
using Katabira.Cluster.Controllers;
using Katabira.Cluster.Discovery;
using Katabira.Cluster.Network;
using Katabira.Cluster.Node.Agent;
using Katabira.Cluster.Node.Volumes;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Patching;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;
using Katabira.Cluster.Streams;
using Microsoft.Extensions.Logging;

namespace Katabira.Cluster;

/// <summary>How to run an embedded cluster.</summary>
public sealed record ClusterOptions
{
    /// <summary>Folder of everything the cluster keeps; made if it is not there, and closed to other users.</summary>
    public required string Home { get; init; }

    /// <summary>The API's port on the loopback address; 0 for any free one.</summary>
    public int Port { get; init; }

    /// <summary>The cluster's name in its kubeconfig.</summary>
    public string Name { get; init; } = "katabira";

    /// <summary>The network that pods live in; null for none where there is no node, then no root is needed.</summary>
    public NetworkOptions? Network { get; init; }

    /// <summary>The file of <c>katabira-pod</c>, with which this machine is the cluster's node; null for a cluster without a node, whose pods stay Pending.</summary>
    public string? PodProgram { get; init; }

    /// <summary>Where the programs of the product's images are; null for the folder of <see cref="PodProgram"/>.</summary>
    public string? ProductFolder { get; init; }

    /// <summary>The node's name.</summary>
    public string NodeName { get; init; } = "katabira";

    /// <summary>Who answers for the pods of a cluster without a node of its own; null for nobody.</summary>
    internal PodBackend? Pods { get; init; }

    /// <summary>How far back watches and pages of lists can go on.</summary>
    internal Retention History { get; init; } = new();
}

/// <summary>
/// A Kubernetes API on this machine, in this process: its store, its server, its controllers. One owner starts it and disposes it; what was
/// acknowledged is in the home folder and is there again at the next start.
/// </summary>
public sealed class EmbeddedCluster : IAsyncDisposable
{
    private readonly Store _store;
    private readonly ObjectWriter _writer;
    private readonly WebhookClient _webhooks;
    private readonly ControllerSet _controllers;
    private readonly ApiServer _server;
    private readonly LocalNode? _node;

    private EmbeddedCluster(Store store, ObjectWriter writer, WebhookClient webhooks, ControllerSet controllers, ApiServer server, ClusterNetwork? network, LocalNode? node, string kubeconfig) =>
        (_store, _writer, _webhooks, _controllers, _server, Network, _node, Kubeconfig) = (store, writer, webhooks, controllers, server, network, node, kubeconfig);

    /// <summary>Where the API listens, <c>https://127.0.0.1:PORT</c>.</summary>
    public Uri Address => _server.Address;

    /// <summary>The administrator's kubeconfig, credentials inside: a secret.</summary>
    public string Kubeconfig { get; }

    /// <summary>The network; null if there is none. Ends with the cluster.</summary>
    internal ClusterNetwork? Network { get; }

    /// <summary>Opens the home, fills in what every cluster has, and listens. When this returns, every request is answered.</summary>
    /// <exception cref="IOException">The home cannot be used, or the port is taken.</exception>
    /// <exception cref="InvalidDataException">The home holds keys that do not belong together.</exception>
    public static async Task<EmbeddedCluster> StartAsync(ClusterOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var logger = loggers.CreateLogger("Katabira.Cluster");
        var home = PrivateFolder.Open(options.Home, sentence => ClusterLog.Told(logger, sentence));
        var authority = ClusterAuthority.Open(home, time);
        var keys = SigningKeys.Open(home);
        var store = Store.Open(new StoreOptions { File = home.PathOf("state.db"), Retention = options.History }, time, loggers.CreateLogger("Katabira.Store"));
        var state = new ClusterState(store, time);
        var webhooks = new WebhookClient(new ServiceEndpoints(state).Resolve, time);
        var gate = new AdmissionGate(state, new WebhookAdmission(webhooks, ClusterState.Matches, Patched, () => Guid.NewGuid().ToString()));
        var random = new Random();
        var writer = new ObjectWriter(state, gate, new ServiceAddresses(store, random), time);
        var deleter = new ObjectDeleter(state, gate, time);
        var client = new ClusterClient(state, writer, deleter);
        await new Bootstrap(client).RunAsync(cancellation);
        var tokens = new ServiceAccountTokens(keys, time, state.FindUid);
        var nodeLogger = loggers.CreateLogger("Katabira.Node");
        var node = options.PodProgram is { } program ? new LocalNode(options, program, time, nodeLogger) : null;
        var handler = Handler(state, writer, deleter, authority, tokens, keys, options.Pods ?? node?.Backend, random, time, loggers);
        var server = await ApiServer.StartAsync(IPAddress.Loopback, options.Port, authority.IssueServing([]).ToCertificate(), handler, loggers, cancellation);
        ClusterNetwork? network = null;
        async Task<ClusterNetwork> OpenNetworkAsync(NetworkOptions wanted) =>
            network = await ClusterNetwork.StartAsync(wanted, home, server.Address.Port, client, loggers.CreateLogger("Katabira.Network"), time, cancellation);
        if (node is not null)
        {
            await node.StartAsync(new ClusterClient(state, writer, deleter, "kubelet"), PodTokenRequest.By(tokens, state.FindUid), OpenNetworkAsync, cancellation);
        }
        else if (options.Network is { } wanted)
        {
            await OpenNetworkAsync(wanted);
        }
        webhooks.Inside = network?.Node.Node;
        var controllers = ControllerSet.Start(client, authority.CertificatePem, loggers.CreateLogger("Katabira.Controllers"), time);
        return new(store, writer, webhooks, controllers, server, network, node, Access.Kubeconfig.Write(options.Name, server.Address, authority.CertificatePem, authority.Admin()));
    }

    /// <summary>Ends every watch and controller, writes what is queued, and closes the store. Pods live on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
        await _controllers.DisposeAsync();
        if (Network is not null)
        {
            await Network.DisposeAsync();
        }
        // watches end with the store, and requests with their watches
        var closing = _store.DisposeAsync();
        await _server.DisposeAsync();
        await closing;
        _webhooks.Dispose();
        _writer.Dispose();
    }

    private static ApiHandler Handler(ClusterState state, ObjectWriter writer, ObjectDeleter deleter, ClusterAuthority authority, ServiceAccountTokens tokens,
        SigningKeys keys, PodBackend? pods, Random random, TimeProvider time, ILoggerFactory loggers)
    {
        var store = state.Store;
        var reads = new ResourceReads(store, time);
        var writes = new ResourceWrites(store, writer, deleter, reads);
        var router = new ResourceRouter(
            reads, new ResourceWatches(store, reads, random, time), writes, new ResourcePatches(state, writer, writes, time), new ScaleRequests(store, writer),
            new PodRequests(state, writer, deleter, pods is null ? null : new PodStreams(pods, time)), new NamespaceRequests(writer, writes), new Reviews(state, tokens));
        var metrics = new ApiMetrics(store);
        var version = new ServerVersion(ServerVersion.Release, "", "", "linux/amd64");
        var paths = new ServerPaths(version, keys, metrics, () => store.Fault?.Message, time);
        return new(state, new Authenticator(authority.Clients, tokens), router, paths, metrics, loggers.CreateLogger(RequestLog.Category), time);
    }

    private static (JsonObject? Patched, string Error) Patched(JsonObject target, JsonArray patch)
    {
        var result = JsonPatch.Apply(target, patch);
        return (result.Node, result.Failure?.Message ?? "");
    }
}

internal static partial class ClusterLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence}")]
    public static partial void Told(ILogger logger, string sentence);
}
