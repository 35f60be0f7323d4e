using System.Text.Json.Serialization;

namespace Katabira.Model.Resources;

/// <summary>The part of a Kubernetes object's metadata that rules look at; everything else is kept as it came.</summary>
public sealed record ObjectMeta : Extensible
{
    /// <summary>Unique within namespace and kind.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Empty for cluster-scoped objects.</summary>
    public string Namespace { get; init => field = value ?? ""; } = "";

    /// <summary>Identifies this incarnation of the name; null before the object is stored.</summary>
    public string? Uid { get; init; }

    /// <summary>Opaque version of the stored object; null before it is stored.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Counts changes of the specification; null before the object is stored.</summary>
    public long? Generation { get; init; }

    /// <summary>When the object was stored, in whole seconds (the API keeps no fraction): the age that decides between two policies of one scope.</summary>
    [JsonConverter(typeof(Rfc3339Converter))]
    public DateTimeOffset? CreationTimestamp { get; init; }

    /// <summary>Labels; null and empty mean the same.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Annotations; null and empty mean the same.</summary>
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
