using System.Text.Json.Serialization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;

namespace Katabira.Model.Kinds;

/// <summary>How many connections and requests may be open at a time, and for how long.</summary>
public sealed record ConnectionPoolSettings : Extensible
{
    /// <summary>Limits of connections, whatever is spoken on them.</summary>
    public TcpSettings? Tcp { get; init; }

    /// <summary>Limits of HTTP requests.</summary>
    public HttpSettings? Http { get; init; }
}

/// <summary>Limits of connections.</summary>
public sealed record TcpSettings : Extensible
{
    /// <summary>The most connections to one host. Left out or 0, there is no limit.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>How long connecting may take, e.g. 30ms. Left out, 10 seconds.</summary>
    [Duration]
    public string? ConnectTimeout { get; init; }

    /// <summary>Probes of silent connections by the operating system.</summary>
    public TcpKeepalive? TcpKeepalive { get; init; }

    /// <summary>The age at which a connection is closed. Left out, it may grow as old as it likes.</summary>
    [Duration]
    public string? MaxConnectionDuration { get; init; }

    /// <summary>How long a connection may be silent before it is closed. Left out, one hour; 0s means for ever.</summary>
    public string? IdleTimeout { get; init; }
}

/// <summary>SO_KEEPALIVE and its numbers; what is left out is the operating system's choice.</summary>
public sealed record TcpKeepalive : Extensible
{
    /// <summary>Unanswered probes after which the connection is dead.</summary>
    public uint? Probes { get; init; }

    /// <summary>Silence before the first probe.</summary>
    [Duration]
    public string? Time { get; init; }

    /// <summary>Time between two probes.</summary>
    [Duration]
    public string? Interval { get; init; }
}

/// <summary>Limits of HTTP requests.</summary>
public sealed record HttpSettings : Extensible
{
    /// <summary>The most requests that wait for a connection, HTTP/1.1 and HTTP/2 alike. Left out or 0, there is no limit.</summary>
    public int? Http1MaxPendingRequests { get; init; }

    /// <summary>The most requests under way to one host, HTTP/1.1 and HTTP/2 alike. Left out or 0, there is no limit.</summary>
    public int? Http2MaxRequests { get; init; }

    /// <summary>Requests after which a connection is closed; 1 switches keep-alive off. Left out or 0, there is no limit.</summary>
    public int? MaxRequestsPerConnection { get; init; }

    /// <summary>The most retries under way at a time, over all hosts. Left out or 0, there is no limit.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>How long a connection may be without a request before it is closed. Left out, one hour.</summary>
    [Duration]
    public string? IdleTimeout { get; init; }

    /// <summary>Whether requests that came as HTTP/1.1 are sent on as HTTP/2.</summary>
    public H2UpgradePolicy? H2UpgradePolicy { get; init; }

    /// <summary>Speak to the server whatever the client spoke; then nothing is upgraded.</summary>
    public bool? UseClientProtocol { get; init; }

    /// <summary>The most streams on one HTTP/2 connection. Left out or 0, there is no limit.</summary>
    public int? MaxConcurrentStreams { get; init; }

    /// <summary>Probes of HTTP/2 connections.</summary>
    public Http2KeepAlive? Http2KeepAlive { get; init; }
}

/// <summary>PING frames that find out whether the other side is still there; both fields are needed.</summary>
public sealed record Http2KeepAlive : Extensible
{
    /// <summary>Time between two PING frames.</summary>
    [Duration]
    public string? Interval { get; init; }

    /// <summary>How long an answer may take before the connection is closed.</summary>
    [Duration]
    public string? Timeout { get; init; }
}

/// <summary>Whether HTTP/1.1 becomes HTTP/2 on the way.</summary>
[JsonConverter(typeof(UpperSnakeEnum<H2UpgradePolicy>))]
public enum H2UpgradePolicy
{
    /// <summary>As the mesh has it.</summary>
    Default,

    /// <summary>No.</summary>
    DoNotUpgrade,

    /// <summary>Yes.</summary>
    Upgrade,
}
