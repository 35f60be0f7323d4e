namespace Katabira.Cluster.Network;

/// <summary>
/// What is configured inside the namespaces, and nowhere else. Every step may be repeated. Kernel parameters are written by a process that has entered
/// the namespace, because /proc/sys/net shows each process those of its own.
/// </summary>
internal static class NamespaceSetup
{
    /// <summary>Writes NAME=VALUE pairs, then does what stdin says. IPv6 and the filtering of bridges may be missing from the kernel; then there is nothing to switch off.</summary>
    private const string Script = """
        set -e
        for pair; do
          file=/proc/sys/${pair%%=*}
          case $file in */ipv6/* | */bridge/*) [ -e "$file" ] || continue ;; esac
          printf '%s\n' "${pair#*=}" >"$file"
        done
        exec ip -batch -
        """;

    /// <summary>
    /// The gate's and the pods' connections to one Service share one source address, so the range of ports is wide; it leaves the ports free on which the
    /// mesh and most applications listen.
    /// </summary>
    private const string Ports = "net/ipv4/ip_local_port_range=16000 65535";

    /// <summary>
    /// The node's address on the link. Unless it is set, a bridge takes the lowest of its ports', and with each pod that comes or goes the others may lose their way
    /// to it for a minute.
    /// </summary>
    private const string LinkAddress = "0a:6b:74:62:00:01";

    private static readonly string[] s_noIpv6 = ["net/ipv6/conf/all/disable_ipv6=1", "net/ipv6/conf/default/disable_ipv6=1"];

    private static readonly string[] s_node =
    [
        .. s_noIpv6, Ports,
        "net/ipv4/ip_forward=1",
        "net/ipv4/conf/all/send_redirects=0", "net/ipv4/conf/default/send_redirects=0",
        "net/ipv4/conf/all/rp_filter=0", "net/ipv4/conf/default/rp_filter=0",
        // every destination that is not there is refused at once, not only the first few each second
        "net/ipv4/icmp_ratelimit=0",
        // frames between pods are not packets for the rules: they have their turn when the node routes them
        "net/bridge/bridge-nf-call-iptables=0", "net/bridge/bridge-nf-call-ip6tables=0", "net/bridge/bridge-nf-call-arptables=0",
    ];

    private static readonly string[] s_pod = [.. s_noIpv6, Ports, "net/ipv4/ip_unprivileged_port_start=0"];

    /// <summary>
    /// The node: a bridge with its addresses, and a way to everywhere. Without one, connecting to a Service would fail before the rules see it, and the
    /// kernel itself would refuse only a few packets each second; with it the rules refuse all that is nowhere.
    /// </summary>
    public static Task NodeAsync(string name, bool hasBridge, CancellationToken cancellation) => RunAsync(name, s_node, $"""
        link set lo up
        {(hasBridge ? "" : $"link add {NamespaceNames.Bridge} type bridge")}
        address replace {NodeAddresses.Node}/{NodeAddresses.Pods.PrefixLength} dev {NamespaceNames.Bridge}
        address replace {NodeAddresses.Dns}/32 dev {NamespaceNames.Bridge}
        link set {NamespaceNames.Bridge} address {LinkAddress} up
        route replace default dev {NamespaceNames.Bridge} scope link src {NodeAddresses.Node}
        """, cancellation);

    /// <summary>
    /// The pod's link, from inside the node: its other end appears in the pod as eth0. What came through it may go back through it (hairpin), should somebody let
    /// the bridge filter again.
    /// </summary>
    public static Task LinkAsync(string node, PodNetwork pod, CancellationToken cancellation)
    {
        var link = NamespaceNames.LinkOf(pod.Address);
        return SystemCommand.RunAsync("ip", ["-n", node, "-batch", "-"], $"""
            link add {link} type veth peer name eth0 netns {Path.GetFileName(pod.Namespace)}
            link set {link} alias {pod.Uid}
            link set {link} master {NamespaceNames.Bridge} up
            link set {link} type bridge_slave hairpin on
            """, cancellation);
    }

    /// <summary>The pod: an address of its own with nothing beside it, so that every packet, also to a neighbour, passes the node's rules.</summary>
    public static Task PodAsync(PodNetwork pod, CancellationToken cancellation) => RunAsync(Path.GetFileName(pod.Namespace), s_pod, $"""
        link set lo up
        address replace {pod.Address}/32 dev eth0
        link set eth0 up
        route replace {NodeAddresses.Node} dev eth0 scope link
        route replace default via {NodeAddresses.Node}
        """, cancellation);

    /// <summary>Runs a transaction of nft in the node.</summary>
    public static Task<string> NftAsync(string node, string transaction, CancellationToken cancellation) =>
        SystemCommand.RunAsync("nsenter", [$"--net={NamespaceNames.PathOf(node)}", "nft", "-f", "-"], transaction, cancellation);

    private static Task<string> RunAsync(string name, string[] parameters, string batch, CancellationToken cancellation) =>
        SystemCommand.RunAsync("nsenter", [$"--net={NamespaceNames.PathOf(name)}", "sh", "-c", Script, "sh", .. parameters], batch + "\n", cancellation);
}
