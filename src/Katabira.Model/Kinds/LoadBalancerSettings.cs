using System.Text.Json.Serialization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;

namespace Katabira.Model.Kinds;

/// <summary>How an endpoint of a service is chosen.</summary>
[AtMostOne("simple", "consistentHash")]
public sealed record LoadBalancerSettings : Extensible
{
    /// <summary>A way that needs no numbers.</summary>
    public SimpleLoadBalancer? Simple { get; init; }

    /// <summary>Requests that look alike go to the same endpoint, as long as the endpoints stay the same.</summary>
    public ConsistentHash? ConsistentHash { get; init; }

    /// <summary>Prefer near endpoints, as said here instead of in the mesh's settings. Excludes zoneAwareLbSetting.</summary>
    public LocalityLbSetting? LocalityLbSetting { get; init; }

    /// <summary>Prefer endpoints of the own zone without overloading them. Excludes localityLbSetting.</summary>
    public ZoneAwareLbSetting? ZoneAwareLbSetting { get; init; }

    /// <summary>Deprecated: use warmup.</summary>
    [Duration]
    public string? WarmupDurationSecs { get; init; }

    /// <summary>New endpoints get their share little by little. For ROUND_ROBIN and LEAST_REQUEST.</summary>
    public Warmup? Warmup { get; init; }
}

/// <summary>Ways of choosing that need no numbers.</summary>
[JsonConverter(typeof(UpperSnakeEnum<SimpleLoadBalancer>))]
public enum SimpleLoadBalancer
{
    /// <summary>The mesh chooses the way.</summary>
    Unspecified,

    /// <summary>Deprecated: use LEAST_REQUEST.</summary>
    LeastConn,

    /// <summary>Any healthy endpoint.</summary>
    Random,

    /// <summary>The address the application dialled.</summary>
    Passthrough,

    /// <summary>One after the other.</summary>
    RoundRobin,

    /// <summary>The one with the fewest requests under way.</summary>
    LeastRequest,
}

/// <summary>Choosing by a hash of the request. One key, one algorithm.</summary>
[AtMostOne("httpHeaderName", "httpCookie", "useSourceIp", "httpQueryParameterName")]
[AtMostOne("ringHash", "maglev")]
public sealed record ConsistentHash : Extensible
{
    /// <summary>Hash the header of this name.</summary>
    public string? HttpHeaderName { get; init; }

    /// <summary>Hash a cookie.</summary>
    public HttpCookie? HttpCookie { get; init; }

    /// <summary>Hash the client's address; for TCP too.</summary>
    public bool? UseSourceIp { get; init; }

    /// <summary>Hash the query parameter of this name.</summary>
    public string? HttpQueryParameterName { get; init; }

    /// <summary>Place endpoints on a ring. This is what happens if no algorithm is named.</summary>
    public RingHash? RingHash { get; init; }

    /// <summary>Place endpoints in a table of fixed size.</summary>
    public Maglev? Maglev { get; init; }

    /// <summary>Deprecated: use ringHash.minimumRingSize.</summary>
    [Field(Minimum = 0)]
    public long? MinimumRingSize { get; init; }
}

/// <summary>The ring's size.</summary>
public sealed record RingHash : Extensible
{
    /// <summary>The fewest places on the ring; more of them share more evenly. Left out, 1024.</summary>
    [Field(Minimum = 0)]
    public long? MinimumRingSize { get; init; }
}

/// <summary>The table's size.</summary>
public sealed record Maglev : Extensible
{
    /// <summary>Places in the table: a prime below 5000011. More of them move fewer requests when endpoints change.</summary>
    [Field(Minimum = 0)]
    public long? TableSize { get; init; }
}

/// <summary>The cookie that is hashed; who has none is given one, if it has a lifetime.</summary>
public sealed record HttpCookie : Extensible
{
    /// <summary>The cookie's name.</summary>
    [Field(Required = true)]
    public string? Name { get; init; }

    /// <summary>Path of a cookie that is given out.</summary>
    public string? Path { get; init; }

    /// <summary>Lifetime of a cookie that is given out; 0s is a session cookie. Left out, none is given out.</summary>
    public string? Ttl { get; init; }

    /// <summary>Further attributes of a cookie that is given out.</summary>
    public IReadOnlyList<CookieProperty>? Attributes { get; init; }
}

/// <summary>An attribute of a cookie, e.g. SameSite.</summary>
public sealed record CookieProperty : Extensible
{
    /// <summary>Its name, once a cookie.</summary>
    [Field(Required = true)]
    public string? Name { get; init; }

    /// <summary>Its value. Left out, the name stands alone.</summary>
    public string? Value { get; init; }
}

/// <summary>How quickly a new endpoint gets its full share.</summary>
public sealed record Warmup : Extensible
{
    /// <summary>How long it takes.</summary>
    [Field(Required = true), Duration]
    public string? Duration { get; init; }

    /// <summary>The share it begins with, in per cent of the full one. Left out, 10.</summary>
    [Field(Nullable = true, Minimum = 0, Maximum = 100)]
    public double? MinimumPercent { get; init; }

    /// <summary>The bend of the curve: 1 is a straight line, more is slower at first. Left out, 1.</summary>
    [Field(Nullable = true, Minimum = 0)]
    public double? Aggression { get; init; }
}
