using System.Net;
using Katabira.Cluster.Network.Rules;
using Katabira.Net.Linux;

namespace Katabira.Cluster.Network;

/// <summary>
/// The network of one embedded cluster: a namespace for the node with a bridge, and one for each pod. The host's own network gets nothing.
/// Everything is found again by its name, so a process that was killed is followed by one that goes on where it was. Thread-safe, but what concerns one pod is
/// asked for by one caller at a time; needs root.
/// </summary>
internal sealed class NodeNetwork : IDisposable
{
    /// <summary>
    /// Locked while the first namespace of a cluster is made, and while the folder of namespaces is unmounted: another cluster that did one during the
    /// other would mount below a mount that is going, and nobody could ever remove that again. It is always there, and nobody else locks it.
    /// </summary>
    private const string SharedTurn = "/run";

    private readonly NamespaceNames _names;
    private readonly AddressPool _addresses;
    private readonly Dictionary<string, PodNetwork> _pods = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>What the kernel forwards; null if that is not known.</summary>
    private ServiceTable? _applied;

    private NodeNetwork(NamespaceNames names, NetworkNamespace node, TimeProvider time) => (_names, Node, _addresses) = (names, node, new(time));

    /// <summary>Makes sockets of the node: listeners on its addresses, probes from it, the gate's way in. Ends with this object.</summary>
    public NetworkNamespace Node { get; }

    /// <summary>Makes what is not there yet, goes on with the pods that live, and removes what else an earlier process left.</summary>
    /// <param name="living">The uids of the pods whose processes live. One that is not attached afterwards has lost its network and has to end.</param>
    /// <exception cref="NetworkException">A program is missing, or the kernel refuses.</exception>
    public static async Task<NodeNetwork> OpenAsync(NamespaceNames names, IReadOnlySet<string> living, TimeProvider time, CancellationToken cancellation)
    {
        var found = NodeLeftovers.Names();
        var json = await LinksAsync(names.Node, found.Contains(names.Node), cancellation);
        await NamespaceSetup.NodeAsync(names.Node, json.Contains($"\"{NamespaceNames.Bridge}\"", StringComparison.Ordinal), cancellation);
        var left = NodeLeftovers.Of(names, found, NodeLeftovers.ReadLinks(json), living);
        await RemoveAsync(names.Node, left, cancellation);
        await NamespaceSetup.NftAsync(names.Node, Quarantine.Create, cancellation);
        var resting = Quarantine.Read(await SystemCommand.RunAsync("nsenter", [$"--net={NamespaceNames.PathOf(names.Node)}", "nft", .. Quarantine.List], "", cancellation));
        var network = new NodeNetwork(names, await NetworkNamespace.EnterAsync(NamespaceNames.PathOf(names.Node)), time);
        await network.AdoptAsync(left, resting, cancellation);
        return network;
    }

    /// <summary>The network of a pod; null if it is not attached.</summary>
    public async Task<PodNetwork?> FindAsync(string uid, CancellationToken cancellation)
    {
        using (await TurnAsync(cancellation))
        {
            return _pods.GetValueOrDefault(uid);
        }
    }

    /// <summary>Gives a pod its namespace, link and address. Once more is no error and changes nothing.</summary>
    /// <exception cref="NetworkException">It could not be done, and nothing of it is left.</exception>
    public async Task<PodNetwork> AttachAsync(string uid, CancellationToken cancellation)
    {
        IPAddress address;
        using (await TurnAsync(cancellation))
        {
            if (_pods.TryGetValue(uid, out var attached))
            {
                return attached;
            }
            address = _addresses.Take() ?? throw new NetworkException($"no address of {NodeAddresses.Pods} is free");
        }
        var pod = new PodNetwork(uid, address, NamespaceNames.PathOf(_names.Pod(uid)));
        try
        {
            await IpAsync(["netns", "add", _names.Pod(uid)], cancellation);
            await NamespaceSetup.LinkAsync(_names.Node, pod, cancellation);
            await NamespaceSetup.PodAsync(pod, cancellation);
            using (await TurnAsync(cancellation))
            {
                await NamespaceSetup.NftAsync(_names.Node, NodeRuleset.AddPod(pod.Address), cancellation);
                _pods.Add(uid, pod);
            }
            return pod;
        }
        catch
        {
            await RemoveAsync(pod);
            throw;
        }
    }

    /// <summary>Takes a pod off the network and lets its address rest. Its processes have ended; what is not attached is no error.</summary>
    public async Task DetachAsync(string uid, CancellationToken cancellation)
    {
        PodNetwork removed;
        using (await TurnAsync(cancellation))
        {
            if (_pods.GetValueOrDefault(uid) is not { } pod)
            {
                return;
            }
            // first to rest, so that no crash in between frees the address early; adding before deleting makes deleting what is not there no error
            var address = pod.Address;
            await NamespaceSetup.NftAsync(_names.Node, Quarantine.Add(address) + NodeRuleset.AddPod(address) + NodeRuleset.RemovePod(address), cancellation);
            _pods.Remove(uid);
            removed = pod;
        }
        await RemoveAsync(removed);
    }

    /// <summary>Makes the kernel forward what the table says, in one transaction that holds only what changed.</summary>
    /// <exception cref="NetworkException">The kernel goes on with what it had; the next call writes everything anew.</exception>
    public async Task ApplyAsync(ServiceTable table, CancellationToken cancellation)
    {
        using (await TurnAsync(cancellation))
        {
            var applied = _applied;
            _applied = null;
            if (applied is null || !await TryDifferenceAsync(applied, table, cancellation))
            {
                await NamespaceSetup.NftAsync(_names.Node, NodeRuleset.Full(table, _pods.Values.Select(p => p.Address)), cancellation);
            }
            _applied = table;
            if (applied is null || ServiceTable.LosesDatagrams(applied, table))
            {
                // best effort: where the kernel has no such interface, flows go on until they are silent for 30 s
                _ = await Node.RunAsync(() => ConnectionTracking.Forget(table.IsStale));
            }
        }
    }

    /// <summary>Removes everything a home has: to be called when its processes have ended. What is not there is no error.</summary>
    public static async Task DestroyAsync(NamespaceNames names, CancellationToken cancellation)
    {
        // the node last: as long as it is there, the rest can be found by it
        foreach (var name in NodeLeftovers.Names().Where(n => names.PodOf(n) is not null).Append(names.Node))
        {
            await TryIpAsync(["netns", "delete", name], cancellation);
        }
        if (NodeLeftovers.Names().Count == 0)
        {
            // iproute2 makes a mount for the first namespace and never removes it
            await TryAsync("flock", [SharedTurn, "umount", NamespaceNames.Folder], cancellation);
            await TryAsync("flock", [SharedTurn, "rmdir", NamespaceNames.Folder], cancellation);
        }
    }

    /// <summary>Lets go of the network, which stays as it is.</summary>
    public void Dispose()
    {
        Node.Dispose();
        _turn.Dispose();
    }

    private async Task AdoptAsync(NodeLeftovers left, IReadOnlyList<(IPAddress Address, TimeSpan Remaining)> resting, CancellationToken cancellation)
    {
        foreach (var (address, remaining) in resting)
        {
            _addresses.LetRest(address, remaining);
        }
        foreach (var pod in left.Kept)
        {
            _pods.Add(pod.Uid, pod);
            _addresses.Keep(pod.Address);
        }
        // Services that are forwarded already go on until the first table comes
        var tables = await SystemCommand.RunAsync("nsenter", [$"--net={NamespaceNames.PathOf(_names.Node)}", "nft", "list", "tables"], "", cancellation);
        if (!tables.Split('\n', StringSplitOptions.TrimEntries).Contains("table ip katabira"))
        {
            await NamespaceSetup.NftAsync(_names.Node, NodeRuleset.Full(ServiceTable.Empty, left.Kept.Select(p => p.Address)), cancellation);
        }
    }

    private async Task<bool> TryDifferenceAsync(ServiceTable from, ServiceTable to, CancellationToken cancellation)
    {
        var difference = NodeRuleset.Difference(from, to);
        try
        {
            if (difference.Length > 0)
            {
                await NamespaceSetup.NftAsync(_names.Node, difference, cancellation);
            }
            return true;
        }
        catch (NetworkException)
        {
            // somebody changed the rules behind our back: they are written anew, and if that fails too, it says why
            return false;
        }
    }

    /// <summary>The links in the node, which is made first if it is not there. A file that stands for no namespace is what a killed <c>ip netns add</c> leaves.</summary>
    private static async Task<string> LinksAsync(string node, bool isThere, CancellationToken cancellation)
    {
        string[] show = ["-n", node, "-j", "link", "show"];
        if (isThere)
        {
            try
            {
                return await IpAsync(show, cancellation);
            }
            catch (NetworkException)
            {
                await TryIpAsync(["netns", "delete", node], cancellation);
            }
        }
        await SystemCommand.RunAsync("flock", [SharedTurn, "ip", "netns", "add", node], "", cancellation);
        return await IpAsync(show, cancellation);
    }

    /// <summary>Takes a pod's link and namespace away, without holding anybody up: the kernel takes its time.</summary>
    private async Task RemoveAsync(PodNetwork pod)
    {
        await TryIpAsync(["-n", _names.Node, "link", "delete", NamespaceNames.LinkOf(pod.Address)], CancellationToken.None);
        await TryIpAsync(["netns", "delete", _names.Pod(pod.Uid)], CancellationToken.None);
        using (await TurnAsync(CancellationToken.None))
        {
            _addresses.Release(pod.Address);
        }
    }

    private static async Task RemoveAsync(string node, NodeLeftovers left, CancellationToken cancellation)
    {
        foreach (var link in left.Links)
        {
            await TryIpAsync(["-n", node, "link", "delete", link], cancellation);
        }
        foreach (var name in left.Namespaces)
        {
            await TryIpAsync(["netns", "delete", name], cancellation);
        }
    }

    private async Task<Turn> TurnAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        return new(_turn);
    }

    private static Task<string> IpAsync(string[] arguments, CancellationToken cancellation) => SystemCommand.RunAsync("ip", arguments, "", cancellation);

    private static Task TryIpAsync(string[] arguments, CancellationToken cancellation) => TryAsync("ip", arguments, cancellation);

    private static async Task TryAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        try
        {
            await SystemCommand.RunAsync(program, arguments, "", cancellation);
        }
        catch (NetworkException)
        {
            // it is gone already
        }
    }

    private readonly struct Turn(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
