using System.Text.Json.Nodes;
using Katabira.Cluster.Controllers;
using Katabira.Cluster.Network;
using Katabira.Cluster.Node.Containers;
using Katabira.Cluster.Node.ControlGroups;
using Katabira.Cluster.Node.Images;
using Katabira.Cluster.Node.Streams;
using Katabira.Cluster.Node.Volumes;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Streams;
using Katabira.Net.Linux;
using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Node.Agent;

/// <summary>Opens the network of the node, which belongs to whoever opened it.</summary>
/// <exception cref="NetworkException">A program is missing, or the kernel refuses.</exception>
internal delegate Task<ClusterNetwork> OpenNetwork(NetworkOptions options);

/// <summary>
/// This machine as a cluster's node: its pods, its agent, and the way into its pods. One owner makes it, starts it when the API answers, and disposes
/// it; the network is the owner's. A machine that cannot run pods gives a node that says why; that is no error.
/// </summary>
internal sealed class LocalNode : IAsyncDisposable
{
    private readonly ClusterOptions _options;
    private readonly string _program;
    private readonly string _home;
    private readonly NamespaceNames _names;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile NodeNetwork? _network;
    private NodeAgent? _agent;

    /// <param name="program">The file of <c>katabira-pod</c>.</param>
    public LocalNode(ClusterOptions options, string program, TimeProvider time, ILogger logger)
    {
        (_options, _program, _time, _logger) = (options, Path.GetFullPath(program), time, logger);
        _home = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Home));
        _names = NamespaceNames.Of(_home);
        Backend = new NodeBackend(_home, FindAsync, time);
    }

    /// <summary>Goes into the pods; until the node is started there are none.</summary>
    public PodBackend Backend { get; }

    /// <summary>Finds the pods that live, opens the network for them, registers the node and begins to run its pods.</summary>
    /// <param name="client">The cluster, as <c>kubelet</c>.</param>
    /// <param name="issue">Makes the pods' tokens.</param>
    public async Task StartAsync(ClusterClient client, IssueToken issue, OpenNetwork open, CancellationToken cancel)
    {
        var machine = MachineFacts.Read(_home);
        var whyNot = WhyNot();
        PodMeans? means = null;
        if (whyNot.Length == 0)
        {
            (means, whyNot) = await MeansAsync(client, issue, machine, open, cancel);
        }
        if (whyNot.Length > 0)
        {
            NodeLog.CannotRunPods(_logger, whyNot);
        }
        _agent = await NodeAgent.StartAsync(client, _options.NodeName, _home, machine, means, whyNot, _logger, _time, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }
    }

    private string WhyNot()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return "pods need root, for namespaces and mounts; start the cluster as root or with sudo";
        }
        return !File.Exists(_program) ? $"the program of pods is not there: {_program}" : PodFolder.WhyUnusable(_home) ?? "";
    }

    private async Task<(PodMeans? Means, string WhyNot)> MeansAsync(ClusterClient client, IssueToken issue, MachineFacts machine, OpenNetwork open, CancellationToken cancel)
    {
        var living = (await LivingPods.FindAsync(_home, _time, cancel)).Keys.ToHashSet(StringComparer.Ordinal);
        NodeNetwork network;
        try
        {
            network = (await open((_options.Network ?? new()) with { LivingPods = living })).Node;
        }
        catch (Exception e) when (e is NetworkException or IOException or LinuxException or System.ComponentModel.Win32Exception or System.Net.Sockets.SocketException)
        {
            return (null, $"the network of the node cannot be set up: {e.Message}");
        }
        _network = network;
        var groups = PodControlGroups.Open(_names.Prefix.TrimEnd('-'), Tell);
        groups.RemoveOthers(living);
        var capacity = new NodeCapacity(machine.Processors, machine.MemoryKibibytes * 1024, machine.DiskKibibytes * 1024);
        var (catalog, programs) = (_options.CatalogFolder, _options.ProgramFolder!); // not null: there is a node
        var sources = new ProvisionSources(client.State, catalog, programs, _options.NodeName, new PackageStore(catalog, Tell), groups, issue, capacity, _time);
        return (new()
        {
            Program = _program,
            AttachAsync = async (pod, stop) => IsOfTheNode(pod) ? NodesOwn(pod) : await network.AttachAsync(pod.Child("metadata").Text("uid"), stop),
            FindAsync = FindAsync,
            DetachAsync = network.DetachAsync,
            Provide = folder => new PodProvision(folder, sources),
            MakeSocket = network.Node.CreateSocketAsync,
        }, "");
    }

    private void Tell(string sentence) => NodeLog.Told(_logger, sentence);

    private async Task<PodNetwork?> FindAsync(JsonObject pod, CancellationToken cancel)
    {
        if (_network is not { } network)
        {
            return null;
        }
        return IsOfTheNode(pod) ? NodesOwn(pod) : await network.FindAsync(pod.Child("metadata").Text("uid"), cancel);
    }

    private static bool IsOfTheNode(JsonObject pod) => pod.Child("spec").Flag("hostNetwork");

    /// <summary>A pod with <c>hostNetwork</c> is in the node's namespace, which is not the machine's.</summary>
    private PodNetwork NodesOwn(JsonObject pod) => new(pod.Child("metadata").Text("uid"), NodeAddresses.Node, NamespaceNames.PathOf(_names.Node));
}

internal static partial class NodeLog
{
    [LoggerMessage(4110, LogLevel.Warning, "this machine cannot run pods: {Reason}")]
    public static partial void CannotRunPods(ILogger logger, string reason);

    [LoggerMessage(4111, LogLevel.Information, "{Sentence}")]
    public static partial void Told(ILogger logger, string sentence);
}
