using Katabira.Model.Resources;
using Katabira.Model.Schema;

namespace Katabira.Model.Kinds;

/// <summary>Where TLS connections go that are passed through unopened.</summary>
public sealed record TlsRoute : Extensible
{
    /// <summary>One of these must hold.</summary>
    [Field(Required = true)]
    public IReadOnlyList<TlsMatch>? Match { get; init; }

    /// <summary>Destinations that share the connections by weight.</summary>
    public IReadOnlyList<RouteDestination>? Route { get; init; }
}

/// <summary>Conditions on a TLS connection; all that are set must hold.</summary>
public sealed record TlsMatch : RouteMatch
{
    /// <summary>Server names the client asks for; each lies within one of the virtual service's hosts.</summary>
    [Field(Required = true)]
    public IReadOnlyList<string>? SniHosts { get; init; }

    /// <summary>Addresses the client asked for, single or with a prefix length.</summary>
    public IReadOnlyList<string>? DestinationSubnets { get; init; }
}
