using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Patching.Ownership;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Schemas;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Objects;

/// <summary>
/// How objects of one resource and version come in and go out: what their fields are, what is filled in, what is wrong with them, and how they
/// relate to the stored form. Stateless after construction, thread-safe; methods that take a tree change it where they say so.
/// </summary>
internal abstract class ObjectForm(ServedResource resource)
{
    public ServedResource Resource => resource;

    public ResourceType Type => resource.Type;

    public ServedVersion Version => resource.Version;

    /// <summary>Group and plural under which the objects are stored.</summary>
    public GroupResource Home { get; } = resource.Type.StoredAs is { } home ? new(home.Group, home.Plural) : new(resource.Type.Group, resource.Type.Plural);

    /// <summary>Who may own which fields.</summary>
    public abstract ListTypes ListTypes { get; }

    /// <summary>Where the numbers of the scale subresource are; null if there is none.</summary>
    public abstract ScalePaths? ScalePaths { get; }

    /// <summary>Why nothing may be created at all now; null if it may.</summary>
    public virtual ApiFailure? CreateRefusal(string name) => null;

    public StoreKey KeyOf(string ns, string name) => new(Home.Group, Home.Plural, ns, name);

    /// <summary>May change: takes out fields that the kind does not have.</summary>
    /// <param name="item">A body, or what a patch has made.</param>
    /// <param name="duplicates">Paths of fields that stood there twice.</param>
    /// <param name="validation">What to do about both.</param>
    /// <returns>What to warn of.</returns>
    /// <exception cref="ApiException">A field of a wrong type; with <see cref="FieldValidation.Strict"/> also an unknown one.</exception>
    public ImmutableArray<string> Decode(JsonObject item, ImmutableArray<string> duplicates, FieldValidation validation)
    {
        var findings = Check(item, validation != FieldValidation.Ignore);
        findings = findings with { Unknown = [.. duplicates.Select(d => $"duplicate field \"{d}\""), .. findings.Unknown] };
        var error = validation == FieldValidation.Strict ? findings.StrictError(resource.Kind) : findings.LenientError(resource.Kind);
        if (error is not null)
        {
            throw new ApiException(ApiFailure.BadRequest(error));
        }
        DropEmpty(item);
        return validation == FieldValidation.Warn ? findings.Unknown : [];
    }

    /// <summary>As <see cref="Decode"/> for what somebody applies, which is not a whole object: nothing may be filled in. May change: values get the form in which they are kept.</summary>
    public virtual ImmutableArray<string> CheckApplied(JsonObject wish, ImmutableArray<string> duplicates, FieldValidation validation) => Decode(wish, duplicates, validation);

    /// <summary>May change: fills in what was left out.</summary>
    public abstract void Default(JsonObject item);

    /// <summary>May change: turns an object of this version into the stored form.</summary>
    public abstract void ToStorage(JsonObject item);

    /// <summary>A stored object in this version, a tree of the caller's own.</summary>
    public abstract JsonObject Read(StoredObject stored);

    /// <summary>A stored object in this version as text; without a copy where the stored text is that.</summary>
    public virtual ReadOnlyMemory<byte> Text(StoredObject stored) => StoredJson.Write(Read(stored));

    /// <summary>May change: what the server sets on a new object, which has its uid.</summary>
    public virtual void PrepareCreate(JsonObject item) => Strategies.PrepareCreate(Type, Version, item);

    /// <summary>May change the first: puts back what this request may not write.</summary>
    public virtual void PrepareUpdate(JsonObject item, JsonObject old, string subresource)
    {
        if (subresource == Subresource.StatusName)
        {
            Strategies.PrepareStatusUpdate(Type, item, old);
        }
        else
        {
            Strategies.PrepareUpdate(Type, Version, item, old);
        }
    }

    /// <summary>All that is wrong.</summary>
    /// <param name="item">The object as it is to be.</param>
    /// <param name="old">As it is stored, in this version; null for a create.</param>
    /// <param name="subresource">Through which it is written; empty for itself.</param>
    public virtual IEnumerable<FieldIssue> Validate(JsonObject item, JsonObject? old, string subresource) =>
        old is null ? Strategies.Validate(Type, item) : Strategies.Validate(Type, item).Concat(Strategies.ValidateUpdate(Type, item, old)).Distinct();

    /// <summary>Metadata that says nothing is not kept: the last annotation takes the map with it.</summary>
    private static void DropEmpty(JsonObject item)
    {
        if (item.Child("metadata") is not { } metadata)
        {
            return;
        }
        foreach (var field in (string[])["labels", "annotations", "finalizers", "ownerReferences"])
        {
            if (metadata[field] is JsonObject { Count: 0 } or JsonArray { Count: 0 })
            {
                metadata.Remove(field);
            }
        }
    }

    /// <summary>May change: takes out unknown fields.</summary>
    protected abstract FieldFindings Check(JsonObject item, bool collectUnknown);
}
