using Katabira.Model.Resources;

namespace Katabira.Model.Kinds;

/// <summary>Conditions that every sort of route knows: where a connection comes from and where it arrives. All that are set must hold.</summary>
public abstract record RouteMatch : Extensible
{
    /// <summary>The port the client asked for; 0 is as good as leaving it out.</summary>
    public uint? Port { get; init; }

    /// <summary>Labels the client's workload must carry. Gateways ignore them.</summary>
    public IReadOnlyDictionary<string, string>? SourceLabels { get; init; }

    /// <summary>Where the condition holds, in place of the virtual service's own list of gateways.</summary>
    public IReadOnlyList<string>? Gateways { get; init; }

    /// <summary>Namespace of the client's workload. Gateways ignore it.</summary>
    public string? SourceNamespace { get; init; }
}
