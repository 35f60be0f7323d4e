using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Patching.Ownership;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Objects;

/// <summary>Who wants to write what, apart from the object itself. One request's own; not for several threads.</summary>
/// <param name="User">Who writes.</param>
/// <param name="Form">The resource, in the version that the request speaks.</param>
/// <param name="Namespace">Empty for cluster-scoped objects.</param>
internal sealed record WriteRequest(UserInfo User, ObjectForm Form, string Namespace)
{
    /// <summary>The object's name; empty for a create.</summary>
    public string Name { get; init; } = "";

    /// <summary>Through which the object is written; empty for itself.</summary>
    public string Subresource { get; init; } = "";

    /// <summary>Under which name the writer owns fields.</summary>
    public required string Manager { get; init; }

    public FieldValidation Validation { get; init; }

    /// <summary>Do everything but store.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>The operation's options, for webhooks; null for none.</summary>
    public JsonObject? Options { get; init; }

    /// <summary>What the client is to be told besides the answer, also if the answer is a failure.</summary>
    public List<string> Warnings { get; } = [];

    public StoreKey Key => Form.KeyOf(Namespace, Name);

    /// <summary>The write, for the list of who owns what.</summary>
    public FieldWrite Ownership(TimeProvider time) => new(Manager, Form.Resource.ApiVersion, time.GetUtcNow(), Form.ListTypes, Subresource);
}

/// <summary>What became of a write.</summary>
/// <param name="Form">The form in which it was asked.</param>
/// <param name="Stored">As it is stored now; null after a dry run.</param>
/// <param name="Item">What would have been stored, in the request's version; null if it was.</param>
/// <param name="IsNew">True if the object did not exist before.</param>
internal sealed record WriteOutcome(ObjectForm Form, StoredObject? Stored, JsonObject? Item, bool IsNew)
{
    /// <summary>The object as the client sees it.</summary>
    public ReadOnlyMemory<byte> Text => Stored is not null ? Form.Text(Stored) : StoredJson.Write(Item!); // one of the two is set

    /// <summary>The same as a tree of the caller's own.</summary>
    public JsonObject Read() => Stored is not null ? Form.Read(Stored) : Item!.DeepClone().AsObject(); // one of the two is set
}
