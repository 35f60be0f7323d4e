using System.Net.Sockets;
using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Controllers;
using Katabira.Cluster.Network;
using Katabira.Cluster.Node.Containers;
using Katabira.Cluster.Node.Images;
using Katabira.Cluster.Node.Streams;
using Katabira.Cluster.Node.Volumes;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Streams;
using Katabira.Net.Linux;
using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Node.Agent;

/// <summary>
/// This machine as a cluster's node: its network, its agent, and the way into its pods. One owner opens it, starts it when the API answers, and disposes
/// it. A machine that cannot run pods gives a node that says why; that is no error.
/// </summary>
internal sealed class LocalNode : IAsyncDisposable
{
    private readonly ClusterOptions _options;
    private readonly string _program;
    private readonly string _home;
    private readonly TimeProvider _time;
    private NodeAgent? _agent;

    /// <param name="options">Of the cluster.</param>
    /// <param name="program">The file of <c>katabira-pod</c>.</param>
    public LocalNode(ClusterOptions options, string program, TimeProvider time)
    {
        (_options, _program, _home, _time) = (options, program, Path.GetFullPath(options.Home), time);
        Backend = new NodeBackend(_home, FindAsync, time);
    }

    /// <summary>Goes into the pods.</summary>
    public PodBackend Backend { get; }

    /// <summary>The network that the pods live in; null before the start, and where there can be none. Ends with this object.</summary>
    public ClusterNetwork? Network { get; private set; }

    /// <summary>Opens the network with the pods that live, registers the node and begins to run its pods.</summary>
    /// <param name="core">The cluster.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="api">The API's port on the host's loopback.</param>
    public async Task StartAsync(ClusterCore core, PrivateFolder folder, int api, ILoggerFactory loggers, CancellationToken cancel)
    {
        var logger = loggers.CreateLogger("Katabira.Node");
        var client = core.ClientOf("kubelet");
        var whyNot = WhyNot(_home, _program);
        if (whyNot.Length == 0)
        {
            try
            {
                var living = await LivingPods.FindAsync(_home, _time, cancel);
                var wanted = (_options.Network ?? new()) with { LivingPods = living.Keys.ToHashSet(StringComparer.Ordinal) };
                Network = await ClusterNetwork.StartAsync(wanted, folder, api, core.Client, loggers.CreateLogger("Katabira.Network"), _time, cancel);
            }
            catch (Exception e) when (e is NetworkException or LinuxException or IOException or SocketException or System.ComponentModel.Win32Exception)
            {
                whyNot = $"the network of the node cannot be set up: {e.Message}";
            }
        }
        if (whyNot.Length > 0)
        {
            NodeLog.CannotRunPods(logger, whyNot);
        }
        _agent = await StartAgentAsync(core, client, whyNot, logger, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }
        if (Network is not null)
        {
            await Network.DisposeAsync();
        }
    }

    private Task<NodeAgent> StartAgentAsync(ClusterCore core, ClusterClient client, string whyNot, ILogger logger, CancellationToken cancel)
    {
        var machine = MachineFacts.Read(_home);
        PodMeans? means = null;
        if (Network is { Node: var network })
        {
            var packages = new PackageStore(_home, sentence => NodeLog.Told(logger, sentence));
            var capacity = new NodeCapacity(machine.Processors, machine.MemoryKibibytes * 1024, machine.DiskKibibytes * 1024);
            var product = _options.ProductFolder ?? Path.GetDirectoryName(Path.GetFullPath(_program))!; // not null: a file is in a folder
            var issue = PodTokenRequest.By(core.Tokens, client.State.FindUid);
            means = Means(network, new(client.State, _home, product, _options.NodeName, packages, issue, capacity, _time), _time);
        }
        return NodeAgent.StartAsync(client, _options.NodeName, _home, machine, means, whyNot, logger, _time, cancel);
    }

    private static string WhyNot(string home, string program)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return "pods need root, for namespaces and mounts; start the cluster as root or with sudo";
        }
        return !File.Exists(program) ? $"the program of pods is not there: {program}" : PodFolder.WhyUnusable(home) ?? "";
    }

    private PodMeans Means(NodeNetwork network, ProvisionSources sources, TimeProvider time)
    {
        var hooks = new Hooks(_ => network.Node.CreateSocketAsync(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), time);
        return new()
        {
            Program = _program,
            AttachAsync = async (pod, cancel) => IsOfTheNode(pod) ? NodesOwn(pod) : await network.AttachAsync(pod.Child("metadata").Text("uid"), cancel),
            FindAsync = FindAsync,
            DetachAsync = network.DetachAsync,
            Provide = folder => new PodProvision(folder, sources),
            ProbeAsync = async (_, _, _, told, cancel) =>
            {
                told(true, "");
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancel);
            },
            HookAsync = hooks.RunAsync,
        };
    }

    private async Task<PodNetwork?> FindAsync(JsonObject pod, CancellationToken cancel)
    {
        if (Network is null)
        {
            return null;
        }
        return IsOfTheNode(pod) ? NodesOwn(pod) : await Network.Node.FindAsync(pod.Child("metadata").Text("uid"), cancel);
    }

    private static bool IsOfTheNode(JsonObject pod) => pod.Child("spec").Flag("hostNetwork");

    /// <summary>A pod with <c>hostNetwork</c> is in the node's namespace, which is not the machine's.</summary>
    private PodNetwork NodesOwn(JsonObject pod) => new(pod.Child("metadata").Text("uid"), NodeAddresses.Node, NamespaceNames.PathOf(NamespaceNames.Of(_home).Node));
}

internal static partial class NodeLog
{
    [LoggerMessage(4110, LogLevel.Warning, "this machine cannot run pods: {Reason}")]
    public static partial void CannotRunPods(ILogger logger, string reason);

    [LoggerMessage(4111, LogLevel.Information, "{Sentence}")]
    public static partial void Told(ILogger logger, string sentence);
}
