using System.Text.Json.Serialization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>A receiver of telemetry that the mesh's settings define.</summary>
public sealed record TelemetryProvider : Extensible
{
    /// <summary>Its name there.</summary>
    [Field(Required = true, MinLength = 1)]
    public string? Name { get; init; }

    /// <summary>Warns of names that stand there twice.</summary>
    internal static void WarnOfDuplicates(IReadOnlyList<TelemetryProvider>? providers, string path, Findings findings)
    {
        var seen = new HashSet<string?>(StringComparer.Ordinal);
        for (var i = 0; i < (providers?.Count ?? 0); i++)
        {
            if (!seen.Add(providers![i].Name))
            {
                findings.Warn($"{path}[{i}]: provider \"{providers[i].Name}\" stands there already");
            }
        }
    }
}

/// <summary>Chooses traffic by its direction.</summary>
public sealed record TelemetryTraffic : Extensible
{
    /// <summary>The workload's part in it. Left out, either.</summary>
    public WorkloadMode? Mode { get; init; }
}

/// <summary>The part a workload plays in a connection.</summary>
[JsonConverter(typeof(UpperSnakeEnum<WorkloadMode>))]
public enum WorkloadMode
{
    /// <summary>Either part.</summary>
    ClientAndServer,

    /// <summary>It opened the connection.</summary>
    Client,

    /// <summary>It accepted the connection.</summary>
    Server,
}
