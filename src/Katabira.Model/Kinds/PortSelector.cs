using Katabira.Model.Resources;

namespace Katabira.Model.Kinds;

/// <summary>Names a port of a service by its number.</summary>
public sealed record PortSelector : Extensible
{
    /// <summary>The Service's port, 1 to 65535.</summary>
    public uint? Number { get; init; }
}
