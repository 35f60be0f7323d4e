using Katabira.Model.Resources;

namespace Katabira.Model.Kinds;

/// <summary>What traffic is for: all fields must match, and of each field one value. A field that begins with not must match none.</summary>
public sealed record AuthorizationOperation : Extensible
{
    /// <summary>Hosts of the request, in any case; a * first, last or alone is a wildcard. They need HTTP.</summary>
    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>Hosts that must not match.</summary>
    public IReadOnlyList<string>? NotHosts { get; init; }

    /// <summary>Ports the workload listens on, as decimal numbers.</summary>
    public IReadOnlyList<string>? Ports { get; init; }

    /// <summary>Ports that must not match.</summary>
    public IReadOnlyList<string>? NotPorts { get; init; }

    /// <summary>Methods of the request; for gRPC always POST. They need HTTP.</summary>
    public IReadOnlyList<string>? Methods { get; init; }

    /// <summary>Methods that must not match.</summary>
    public IReadOnlyList<string>? NotMethods { get; init; }

    /// <summary>Paths of the request: with a * first, last or alone, or with {*} for one segment and {**} for the rest. They need HTTP.</summary>
    public IReadOnlyList<string>? Paths { get; init; }

    /// <summary>Paths that must not match.</summary>
    public IReadOnlyList<string>? NotPaths { get; init; }

    /// <summary>The fields as clauses, set or not.</summary>
    internal IEnumerable<AuthorizationClause> Clauses =>
    [
        new("hosts", AuthorizationAttribute.RequestHost, Hosts),
        new("notHosts", AuthorizationAttribute.RequestHost, NotHosts, Negated: true),
        new("ports", AuthorizationAttribute.DestinationPort, Ports),
        new("notPorts", AuthorizationAttribute.DestinationPort, NotPorts, Negated: true),
        new("methods", AuthorizationAttribute.RequestMethod, Methods),
        new("notMethods", AuthorizationAttribute.RequestMethod, NotMethods, Negated: true),
        new("paths", AuthorizationAttribute.RequestPath, Paths),
        new("notPaths", AuthorizationAttribute.RequestPath, NotPaths, Negated: true),
    ];
}
