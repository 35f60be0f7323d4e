using Katabira.Model.Resources;

namespace Katabira.Model.Kinds;

/// <summary>Where connections go whose content is not looked at.</summary>
public sealed record TcpRoute : Extensible
{
    /// <summary>One of these must hold. None at all takes every connection.</summary>
    public IReadOnlyList<TcpMatch>? Match { get; init; }

    /// <summary>Destinations that share the connections by weight.</summary>
    public IReadOnlyList<RouteDestination>? Route { get; init; }
}

/// <summary>Conditions on a connection; all that are set must hold.</summary>
public sealed record TcpMatch : RouteMatch
{
    /// <summary>Addresses the client asked for, single or with a prefix length.</summary>
    public IReadOnlyList<string>? DestinationSubnets { get; init; }

    /// <summary>Accepted for compatibility; it decides nothing.</summary>
    public string? SourceSubnet { get; init; }
}
