using System.Text.Json.Serialization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;

namespace Katabira.Model.Kinds;

/// <summary>What clients do with traffic to a service. At least one field must be set.</summary>
public sealed record TrafficPolicy : Extensible
{
    /// <summary>How an endpoint is chosen.</summary>
    public LoadBalancerSettings? LoadBalancer { get; init; }

    /// <summary>How many connections and requests may be open.</summary>
    public ConnectionPoolSettings? ConnectionPool { get; init; }

    /// <summary>When an endpoint that keeps failing is left alone for a while.</summary>
    public OutlierDetection? OutlierDetection { get; init; }

    /// <summary>How connections are encrypted. Left out, the mesh decides by what the other side can.</summary>
    public ClientTlsSettings? Tls { get; init; }

    /// <summary>Policies of single ports. An entry replaces all of the above for its port: what it leaves out is unset, not inherited.</summary>
    [Field(MaxItems = 4096)]
    public IReadOnlyList<PortTrafficPolicy>? PortLevelSettings { get; init; }

    /// <summary>Carry TCP through an HTTP proxy. Excludes proxyProtocol.</summary>
    public Tunnel? Tunnel { get; init; }

    /// <summary>Tell the server who the client is before the first byte. Excludes tunnel.</summary>
    public ProxyProtocol? ProxyProtocol { get; init; }

    /// <summary>How much of the traffic may be retries.</summary>
    public RetryBudget? RetryBudget { get; init; }
}

/// <summary>What clients do with traffic to one port of a service. At least one field besides the port must be set.</summary>
public sealed record PortTrafficPolicy : Extensible
{
    /// <summary>The service's port.</summary>
    public PortSelector? Port { get; init; }

    /// <summary>How an endpoint is chosen.</summary>
    public LoadBalancerSettings? LoadBalancer { get; init; }

    /// <summary>How many connections and requests may be open.</summary>
    public ConnectionPoolSettings? ConnectionPool { get; init; }

    /// <summary>When an endpoint that keeps failing is left alone for a while.</summary>
    public OutlierDetection? OutlierDetection { get; init; }

    /// <summary>How connections are encrypted. Left out, the mesh decides by what the other side can.</summary>
    public ClientTlsSettings? Tls { get; init; }
}

/// <summary>The tunnel that TCP is carried through.</summary>
public sealed record Tunnel : Extensible
{
    /// <summary>The method that opens it, CONNECT or POST. Left out, CONNECT.</summary>
    public string? Protocol { get; init; }

    /// <summary>Where the proxy is to connect to: a full host name or an address.</summary>
    [Field(Required = true)]
    public string? TargetHost { get; init; }

    /// <summary>The port there.</summary>
    [Field(Required = true)]
    public uint? TargetPort { get; init; }
}

/// <summary>HAProxy's PROXY header.</summary>
public sealed record ProxyProtocol : Extensible
{
    /// <summary>Its version. Left out, V1.</summary>
    public ProxyProtocolVersion? Version { get; init; }
}

/// <summary>Version of the PROXY header.</summary>
[JsonConverter(typeof(UpperSnakeEnum<ProxyProtocolVersion>))]
public enum ProxyProtocolVersion
{
    /// <summary>Text.</summary>
    V1,

    /// <summary>Binary.</summary>
    V2,
}

/// <summary>How much of the traffic may be retries.</summary>
public sealed record RetryBudget : Extensible
{
    /// <summary>Retries under way, in per cent of the requests under way. Left out, 20.</summary>
    [Field(Nullable = true, Minimum = 0, Maximum = 100)]
    public double? Percent { get; init; }

    /// <summary>Retries that are allowed however few requests there are. Left out, 3.</summary>
    public uint? MinRetryConcurrency { get; init; }

    /// <summary>Count requests of this long past, not only those under way. Left out, 0ms.</summary>
    public string? BudgetInterval { get; init; }
}
