using Katabira.Model.Resources;
using Katabira.Model.Schema;

namespace Katabira.Model.Kinds;

/// <summary>A service that traffic is sent to.</summary>
public sealed record Destination : Extensible
{
    /// <summary>The service's name; without a dot, it is looked for in the object's own namespace.</summary>
    [Field(Required = true)]
    public string? Host { get; init; }

    /// <summary>A subset that a DestinationRule of the service defines. Left out, all endpoints.</summary>
    public string? Subset { get; init; }

    /// <summary>The service's port. May be left out if it has only one.</summary>
    public PortSelector? Port { get; init; }
}
