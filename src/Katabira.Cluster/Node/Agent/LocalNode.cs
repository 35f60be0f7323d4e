using System.Net.Sockets;
using System.Text.Json.Nodes;
using Katabira.Cluster.Controllers;
using Katabira.Cluster.Network;
using Katabira.Cluster.Node.Containers;
using Katabira.Cluster.Node.Images;
using Katabira.Cluster.Node.Streams;
using Katabira.Cluster.Node.Volumes;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Streams;
using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Node.Agent;

/// <summary>
/// This machine as a cluster's node: its network, its agent, and the way into its pods. One owner opens it, starts it when the API answers, and disposes
/// it. A machine that cannot run pods gives a node that says why; that is no error.
/// </summary>
internal sealed class LocalNode : IAsyncDisposable
{
    private readonly ClusterOptions _options;
    private readonly string _home;
    private readonly NamespaceNames _names;
    private readonly NodeNetwork? _network;
    private readonly string _whyNot;
    private NodeAgent? _agent;

    private LocalNode(ClusterOptions options, string home, NamespaceNames names, NodeNetwork? network, string whyNot, TimeProvider time)
    {
        (_options, _home, _names, _network, _whyNot) = (options, home, names, network, whyNot);
        Backend = new NodeBackend(home, FindAsync, time);
    }

    /// <summary>Goes into the pods.</summary>
    public PodBackend Backend { get; }

    /// <summary>Opens the network, with the pods that live.</summary>
    public static async Task<LocalNode> OpenAsync(ClusterOptions options, string program, TimeProvider time, ILogger logger, CancellationToken cancel)
    {
        var home = Path.GetFullPath(options.Home);
        var names = NamespaceNames.Of(home);
        var whyNot = WhyNot(home, program);
        NodeNetwork? network = null;
        if (whyNot.Length == 0)
        {
            try
            {
                var living = await LivingPods.FindAsync(home, time, cancel);
                network = await NodeNetwork.OpenAsync(names, living.Keys.ToHashSet(StringComparer.Ordinal), time, cancel);
            }
            catch (Exception e) when (e is NetworkException or IOException or System.ComponentModel.Win32Exception)
            {
                whyNot = $"the network of the node cannot be set up: {e.Message}";
            }
        }
        if (whyNot.Length > 0)
        {
            NodeLog.CannotRunPods(logger, whyNot);
        }
        return new(options, home, names, network, whyNot, time);
    }

    /// <summary>Registers the node and begins to run its pods.</summary>
    /// <param name="client">The cluster, as <c>kubelet</c>.</param>
    /// <param name="issue">Makes the pods' tokens.</param>
    public async Task StartAsync(ClusterClient client, IssueToken issue, ILogger logger, TimeProvider time, CancellationToken cancel)
    {
        var machine = MachineFacts.Read(_home);
        PodMeans? means = null;
        if (_network is not null)
        {
            var packages = new PackageStore(_home, sentence => NodeLog.Told(logger, sentence));
            var capacity = new NodeCapacity(machine.Processors, machine.MemoryKibibytes * 1024, machine.DiskKibibytes * 1024);
            var product = _options.ProductFolder ?? Path.GetDirectoryName(Path.GetFullPath(_options.PodProgram!))!; // not null: without it there is no node, and a file is in a folder
            means = Means(_network, new(client.State, _home, product, _options.NodeName, packages, issue, capacity, time), time);
        }
        _agent = await NodeAgent.StartAsync(client, _options.NodeName, _home, machine, means, _whyNot, logger, time, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }
        _network?.Dispose();
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
            Program = _options.PodProgram!, // not null: without it there is no node
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
        if (_network is null)
        {
            return null;
        }
        return IsOfTheNode(pod) ? NodesOwn(pod) : await _network.FindAsync(pod.Child("metadata").Text("uid"), cancel);
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
