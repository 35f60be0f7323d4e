using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>A service, or a named part of it.</summary>
public sealed record Destination : Extensible
{
    /// <summary>The service's name; a short name is completed with the namespace of the object it stands in.</summary>
    [Field(Required = true)]
    public string? Host { get; init; }

    /// <summary>A subset of the service, as its DestinationRule names it.</summary>
    public string? Subset { get; init; }

    /// <summary>The service's port. It may be left out where the service has only one.</summary>
    public PortSelector? Port { get; init; }

    internal void Check(string path, Findings findings)
    {
        if (Host is null or "" or "*")
        {
            findings.Invalid($"{path}.host", Host ?? "", "must be the name of a service");
        }
        else
        {
            findings.CheckHostPattern($"{path}.host", Host);
        }
        findings.CheckSubsetName($"{path}.subset", Subset);
        Port?.Check($"{path}.port", findings);
    }
}
