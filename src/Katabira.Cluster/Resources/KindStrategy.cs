using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources;

/// <summary>
/// What is particular to one kind in the life of its objects. Every hook is pure but for the changes it is allowed to make to the first
/// argument; each may be null, and must bear objects of any shape that passed the check of field types.
/// </summary>
internal sealed record KindStrategy
{
    /// <summary>The rule of the kind's names.</summary>
    public Func<string, IEnumerable<string>> Name { get; init; } = NameRules.DnsSubdomain;

    /// <summary>May change: an object about to be created, which has its uid, gets what only the server knows.</summary>
    public Action<JsonObject>? PrepareCreate { get; init; }

    /// <summary>May change the first: an object about to be updated gets back what only the server may change. The second is the stored one.</summary>
    public Action<JsonObject, JsonObject>? PrepareUpdate { get; init; }

    /// <summary>May change: fields left out get their defaults. Doing it twice changes nothing more.</summary>
    public Action<JsonObject>? Default { get; init; }

    /// <summary>Must not change: everything that is wrong with an object, after defaults; metadata is checked elsewhere.</summary>
    public Action<JsonObject, FieldIssues>? Validate { get; init; }

    /// <summary>Must not change: what an update may not do, besides what <see cref="Validate"/> finds. The second is the stored object.</summary>
    public Action<JsonObject, JsonObject, FieldIssues>? ValidateUpdate { get; init; }
}
