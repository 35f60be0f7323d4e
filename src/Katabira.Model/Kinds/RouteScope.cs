using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>What the routes of one virtual service are checked against, and where the findings go. Owned by one check.</summary>
internal sealed class RouteScope
{
    /// <summary>The gateway that stands for every sidecar.</summary>
    private const string Mesh = "mesh";

    public RouteScope(VirtualService spec, Findings findings)
    {
        Findings = findings;
        Patterns = new Patterns(findings);
        IsDelegate = spec.Hosts is null or { Count: 0 };
        AtGatewaysOnly = spec.Gateways is { Count: > 0 } && !spec.Gateways.Contains(Mesh);
        HasServerNames = spec.Tls?.Any(route => route.Match?.Any(match => match.SniHosts is { Count: > 0 }) == true) == true;
        foreach (var host in spec.Hosts ?? [])
        {
            Hosts.Add(host);
        }
    }

    public Findings Findings { get; }

    public Patterns Patterns { get; }

    /// <summary>The virtual service's hosts, whether or not they are valid.</summary>
    public HostSet Hosts { get; } = new();

    /// <summary>True if it has no hosts of its own: another virtual service leaves requests to it.</summary>
    public bool IsDelegate { get; }

    /// <summary>True if no sidecar takes part.</summary>
    public bool AtGatewaysOnly { get; }

    /// <summary>True if a route chooses by server name.</summary>
    public bool HasServerNames { get; }
}
