using System.Text.Json.Serialization;

namespace Katabira.Model.Resources;

/// <summary>One object as users write it: the envelope every kind shares, around a specification of its own. Immutable.</summary>
/// <typeparam name="TSpec">The specification's record, e.g. <see cref="Kinds.PeerAuthentication"/>.</typeparam>
public sealed record Resource<TSpec> : Extensible
    where TSpec : class, new()
{
    /// <summary><c>group/version</c> as it was written.</summary>
    public string ApiVersion { get; init => field = value ?? ""; } = "";

    /// <summary>The kind's name in the singular, e.g. <c>PeerAuthentication</c>.</summary>
    public string Kind { get; init => field = value ?? ""; } = "";

    /// <summary>Name, labels, age.</summary>
    public ObjectMeta Metadata { get; init => field = value ?? new(); } = new();

    /// <summary>What the user asked for. An object without one means the empty specification.</summary>
    public TSpec Spec { get; init => field = value ?? new(); } = new();

    /// <summary>What the mesh says about it; null until a controller has spoken.</summary>
    public ResourceStatus? Status { get; init; }

    /// <summary>Namespace and name.</summary>
    [JsonIgnore]
    public ObjectKey Key => new(Metadata.Namespace, Metadata.Name);
}
