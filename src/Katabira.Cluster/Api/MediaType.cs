using System.Collections.Immutable;

namespace Katabira.Cluster.Api;

/// <summary>A media type with the parameters by which Kubernetes' clients ask for a transformed object. Pure.</summary>
/// <param name="Type">E.g. <c>application/json</c>, in lower case.</param>
/// <param name="As">The wanted form, e.g. <c>Table</c>; empty for the object itself.</param>
/// <param name="Version">Version of that form.</param>
/// <param name="Group">Group of that form.</param>
internal readonly record struct MediaType(string Type, string As, string Version, string Group)
{
    /// <summary>More elements than any client sends.</summary>
    private const int Most = 32;

    public bool IsJson => Type is "application/json" or "application/*" or "*/*";

    /// <summary>Reads a list as in <c>Accept</c>, in the order of the client's wish; elements beyond the limit are dropped.</summary>
    public static ImmutableArray<MediaType> ParseList(string header) =>
        header.Trim().Length == 0 ? [new("*/*", "", "", "")] : [.. header.Split(',', Most).Select(Parse).Where(m => m.Type.Length > 0)];

    /// <summary>Reads one element; parameters that do not matter here are passed over.</summary>
    public static MediaType Parse(string text)
    {
        var parts = text.Split(';', Most, StringSplitOptions.TrimEntries);
        string Parameter(string name) =>
            parts.Skip(1).FirstOrDefault(p => p.StartsWith(name + "=", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim('"') ?? "";
        return new(parts[0].ToLowerInvariant(), Parameter("as"), Parameter("v"), Parameter("g"));
    }
}
