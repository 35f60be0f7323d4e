using System.Text.Json.Serialization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;

namespace Katabira.Model.Kinds;

/// <summary>
/// Narrows what a workload's proxy knows and does: the services it can reach, and how traffic comes in.
/// At least one field besides the selector must be set.
/// </summary>
/// <remarks>
/// Source: istio/api networking/v1alpha3/sidecar.proto.
/// One with a selector goes before one without; that goes before the one without in the root namespace.
/// </remarks>
public sealed record Sidecar : Extensible
{
    /// <summary>The workloads it is for. Left out, every one of the namespace; in the root namespace, of the mesh.</summary>
    public WorkloadLabels? WorkloadSelector { get; init; }

    /// <summary>How traffic comes in. Left out, by the ports of the workload's services.</summary>
    public IReadOnlyList<IngressListener>? Ingress { get; init; }

    /// <summary>Which services can be reached. Left out, as the namespace or the mesh has it.</summary>
    public IReadOnlyList<EgressListener>? Egress { get; init; }

    /// <summary>Limits of the connections that come in; an ingress listener may have its own instead.</summary>
    public ConnectionPoolSettings? InboundConnectionPool { get; init; }

    /// <summary>What happens to traffic for services nobody knows. Left out, as the mesh has it.</summary>
    public OutboundTrafficPolicy? OutboundTrafficPolicy { get; init; }

    /// <summary>The kind.</summary>
    public static ResourceKind<Sidecar> Kind { get; } = new()
    {
        Group = "networking.istio.io",
        Versions = ["v1", "v1beta1", "v1alpha3"],
        StorageVersion = "v1",
        Kind = "Sidecar",
        Plural = "sidecars",
        Json = SchemaJson.Default.ResourceSidecar,
        Rules = SidecarRules.Check,
    };
}

/// <summary>A way in.</summary>
public sealed record IngressListener : Extensible
{
    /// <summary>The port that clients dial.</summary>
    [Field(Required = true)]
    public SidecarPort? Port { get; init; }

    /// <summary>The IP address to listen on. Left out, the workload's.</summary>
    public string? Bind { get; init; }

    /// <summary>How traffic gets to the listener.</summary>
    public CaptureMode? CaptureMode { get; init; }

    /// <summary>
    /// Where the application listens: 127.0.0.1:PORT or [::1]:PORT, 0.0.0.0:PORT or [::]:PORT for the workload's own address, or unix:///path.
    /// Left out, the same port.
    /// </summary>
    public string? DefaultEndpoint { get; init; }

    /// <summary>TLS for clients outside the mesh: SIMPLE, MUTUAL or OPTIONAL_MUTUAL, with files.</summary>
    public ServerTlsSettings? Tls { get; init; }

    /// <summary>Limits of this listener's connections; replaces inboundConnectionPool.</summary>
    public ConnectionPoolSettings? ConnectionPool { get; init; }
}

/// <summary>A way out.</summary>
public sealed record EgressListener : Extensible
{
    /// <summary>The port that the application dials. Only the last listener may leave it out: it gets what the others do not take.</summary>
    public SidecarPort? Port { get; init; }

    /// <summary>The address to listen on: an IP address, unix:///path or unix://@name. Left out, the services' own.</summary>
    public string? Bind { get; init; }

    /// <summary>How traffic gets to the listener; not IPTABLES for a Unix domain socket.</summary>
    public CaptureMode? CaptureMode { get; init; }

    /// <summary>
    /// Services that can be reached, as namespace/host: * is any namespace or host, . the own namespace;
    /// ~ before the namespace takes services out again.
    /// </summary>
    [Field(Required = true)]
    public IReadOnlyList<string>? Hosts { get; init; }
}

/// <summary>A port of a listener.</summary>
public sealed record SidecarPort : Extensible
{
    /// <summary>The number; 0 only for an egress listener on a Unix domain socket.</summary>
    public uint? Number { get; init; }

    /// <summary>What is spoken: HTTP, HTTPS, GRPC, HTTP2, MONGO, TCP, TLS and the like. Left out, it is found out.</summary>
    public string? Protocol { get; init; }

    /// <summary>A name for people and metrics.</summary>
    public string? Name { get; init; }

    /// <summary>Has no effect on a sidecar and may not be set.</summary>
    public uint? TargetPort { get; init; }
}

/// <summary>How traffic gets to a listener.</summary>
[JsonConverter(typeof(UpperSnakeEnum<CaptureMode>))]
public enum CaptureMode
{
    /// <summary>As the environment has it.</summary>
    Default,

    /// <summary>The kernel redirects it.</summary>
    Iptables,

    /// <summary>Whoever sends it dials the listener.</summary>
    None,
}

/// <summary>What happens to traffic for services nobody knows.</summary>
public sealed record OutboundTrafficPolicy : Extensible
{
    /// <summary>Whether it may leave. Left out, REGISTRY_ONLY.</summary>
    public OutboundTrafficMode? Mode { get; init; }

    /// <summary>A service that such traffic is sent through, for ALLOW_ANY.</summary>
    public Destination? EgressProxy { get; init; }
}

/// <summary>Whether traffic for services nobody knows may leave.</summary>
[JsonConverter(typeof(UpperSnakeEnum<OutboundTrafficMode>))]
public enum OutboundTrafficMode
{
    /// <summary>No. It shows which ServiceEntry is missing; it is no firewall.</summary>
    RegistryOnly,

    /// <summary>Yes.</summary>
    AllowAny,
}
