using System.Net;
using Katabira.Cluster.Access;
using Katabira.Cluster.Api;
using Katabira.Cluster.Controllers;
using Katabira.Cluster.Network;
using Katabira.Cluster.Node.Agent;
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

    /// <summary>The file of <c>katabira-pod</c>, with which this machine is the cluster's node; null for a cluster without a node, whose pods stay Pending.</summary>
    public string? PodProgram { get; init; }

    /// <summary>Where the programs of the product's images are; null for the folder of <see cref="PodProgram"/>.</summary>
    public string? ProductFolder { get; init; }

    /// <summary>Where users put <c>images/</c> and programs unpack <c>packages/</c>; null for <see cref="Home"/>.</summary>
    public string? CatalogHome { get; init; }

    /// <summary>The node's name.</summary>
    public string NodeName { get; init; } = "katabira";

    /// <summary>The network that pods live in; null for the usual one if there is a node, else for none. It needs root.</summary>
    public NetworkOptions? Network { get; init; }

    /// <summary>Who answers for the pods of a cluster without a node of its own; null for nobody.</summary>
    internal PodBackend? Pods { get; init; }

    /// <summary>How far back watches and pages of lists can go on.</summary>
    internal Retention History { get; init; } = new();

    internal string CatalogFolder => Path.GetFullPath(CatalogHome ?? Home);

    /// <summary>Null where there is no node.</summary>
    internal string? ProgramFolder => PodProgram is null ? null : Path.GetFullPath(ProductFolder ?? Path.Combine(PodProgram, ".."));
}

/// <summary>
/// A Kubernetes API on this machine, in this process: its store, its server, its controllers. One owner starts it and disposes it; what was
/// acknowledged is in the home folder and is there again at the next start.
/// </summary>
public sealed class EmbeddedCluster : IAsyncDisposable
{
    private readonly ClusterCore _core;
    private readonly ControllerSet _controllers;
    private readonly ApiServer _server;
    private readonly LocalNode? _node;

    private EmbeddedCluster(ClusterCore core, ControllerSet controllers, ApiServer server, LocalNode? node, ClusterNetwork? network, string kubeconfig) =>
        (_core, _controllers, _server, _node, Network, Kubeconfig) = (core, controllers, server, node, network, kubeconfig);

    /// <summary>Where the API listens, <c>https://127.0.0.1:PORT</c>.</summary>
    public Uri Address => _server.Address;

    /// <summary>The administrator's kubeconfig, credentials inside: a secret.</summary>
    public string Kubeconfig { get; }

    /// <summary>The network; null if there is none. Ends with the cluster.</summary>
    internal ClusterNetwork? Network { get; }

    /// <summary>Opens the home, fills in what every cluster has, and listens. When this returns, every request is answered; when it throws, nothing is left open.</summary>
    /// <exception cref="IOException">The home cannot be used, or the port is taken.</exception>
    /// <exception cref="InvalidDataException">The home holds keys that do not belong together.</exception>
    public static async Task<EmbeddedCluster> StartAsync(ClusterOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var logger = loggers.CreateLogger("Katabira.Cluster");
        var home = PrivateFolder.Open(options.Home, sentence => ClusterLog.Told(logger, sentence));
        var authority = ClusterAuthority.Open(home, time);
        var handler = new TaskCompletionSource<ApiHandler>(TaskCreationOptions.RunContinuationsAsynchronously);
        // listener and store take as long as each other to come up, and know nothing of each other before the first request, which waits for both
        var listening = Task.Run(
            () => ApiServer.StartAsync(IPAddress.Loopback, options.Port, authority.IssueServing([]).ToCertificate(), handler.Task, loggers, cancellation), cancellation);
        var node = options.PodProgram is { } program ? new LocalNode(options, program, time, loggers.CreateLogger("Katabira.Node")) : null;
        ClusterCore? core = null;
        ClusterNetwork? network = null;
        try
        {
            core = await ClusterCore.OpenAsync(home, options, time, loggers, cancellation);
            handler.SetResult(core.Handler(authority, options.Pods ?? node?.Backend, loggers));
            var server = await listening;
            async Task<ClusterNetwork> OpenNetworkAsync(NetworkOptions wanted) =>
                network = await ClusterNetwork.StartAsync(wanted, home, server.Address.Port, core.Client, loggers.CreateLogger("Katabira.Network"), time, cancellation);
            if (node is not null)
            {
                await node.StartAsync(core.ClientOf("kubelet"), core.PodTokens, OpenNetworkAsync, cancellation);
            }
            else if (options.Network is { } wanted)
            {
                await OpenNetworkAsync(wanted);
            }
            core.Inside = network?.Node.Node;
            var controllers = ControllerSet.Start(core.Client, authority.CertificatePem, loggers.CreateLogger("Katabira.Controllers"), time);
            return new(core, controllers, server, node, network, Access.Kubeconfig.Write(options.Name, server.Address, authority.CertificatePem, authority.Admin()));
        }
        catch
        {
            handler.TrySetCanceled(CancellationToken.None);
            await (node?.DisposeAsync() ?? default);
            await (network?.DisposeAsync() ?? default);
            await AbandonAsync(listening);
            await (core?.DisposeAsync() ?? default);
            throw;
        }
    }

    /// <summary>Ends every watch and controller, writes what is queued, and closes the store. Pods live on.</summary>
    public async ValueTask DisposeAsync()
    {
        await (_node?.DisposeAsync() ?? default);
        await _controllers.DisposeAsync();
        await (Network?.DisposeAsync() ?? default);
        // watches end with the store, and requests with their watches
        var closing = _core.Store.DisposeAsync();
        await _server.DisposeAsync();
        await closing;
        await _core.DisposeAsync();
    }

    private static async Task AbandonAsync(Task<ApiServer> listening)
    {
        await ((Task)listening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (listening.IsCompletedSuccessfully)
        {
            await (await listening).DisposeAsync();
        }
    }
}

internal static partial class ClusterLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence}")]
    public static partial void Told(ILogger logger, string sentence);
}
