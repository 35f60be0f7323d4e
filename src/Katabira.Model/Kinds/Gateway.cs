using Katabira.Model.Resources;
using Katabira.Model.Schema;

namespace Katabira.Model.Kinds;

/// <summary>What a gateway's proxies listen to at the edge of the mesh: ports, hosts, and who ends TLS. Where requests go is for routes to say.</summary>
/// <remarks>Source: istio/api networking/v1alpha3/gateway.proto.</remarks>
public sealed record Gateway : Extensible
{
    /// <summary>The listeners; at least one.</summary>
    public IReadOnlyList<GatewayServer>? Servers { get; init; }

    /// <summary>Labels of the proxies it is for, in any namespace that may use it. Left out, every gateway.</summary>
    public IReadOnlyDictionary<string, string>? Selector { get; init; }

    /// <summary>The kind.</summary>
    public static ResourceKind<Gateway> Kind { get; } = new()
    {
        Group = "networking.istio.io",
        Versions = ["v1", "v1beta1", "v1alpha3"],
        StorageVersion = "v1",
        Kind = "Gateway",
        Plural = "gateways",
        ShortNames = ["gw"],
        Json = SchemaJson.Default.ResourceGateway,
        Rules = GatewayRules.Check,
    };
}

/// <summary>One listener of a gateway.</summary>
public sealed record GatewayServer : Extensible
{
    /// <summary>The port.</summary>
    [Field(Required = true)]
    public GatewayPort? Port { get; init; }

    /// <summary>The address to listen on: an IP address or unix:///path. Left out, all addresses.</summary>
    public string? Bind { get; init; }

    /// <summary>Names that are served, as [namespace/]host: only routes of that namespace (. for the own one, * for any) may use them.</summary>
    [Field(Required = true)]
    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>What happens to TLS. Needed for HTTPS and TLS; on HTTP, only httpsRedirect.</summary>
    public ServerTlsSettings? Tls { get; init; }

    /// <summary>Where traffic goes that no route claims.</summary>
    public string? DefaultEndpoint { get; init; }

    /// <summary>A name for people and logs, once in the gateway.</summary>
    public string? Name { get; init; }
}

/// <summary>A port of a gateway.</summary>
public sealed record GatewayPort : Extensible
{
    /// <summary>The number to listen on; 0 only with a Unix domain socket.</summary>
    [Field(Required = true)]
    public uint? Number { get; init; }

    /// <summary>What is spoken: HTTP, HTTPS, GRPC, HTTP2, MONGO, TCP, TLS and the like.</summary>
    [Field(Required = true)]
    public string? Protocol { get; init; }

    /// <summary>The name of the port, once in the gateway.</summary>
    [Field(Required = true)]
    public string? Name { get; init; }

    /// <summary>Has no effect on a gateway and may not be set.</summary>
    public uint? TargetPort { get; init; }
}
