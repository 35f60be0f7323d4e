using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Patching;
using Katabira.Cluster.Patching.Ownership;
using Katabira.Cluster.Resources;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Objects;

/// <summary>
/// The life of an object up to its deletion: what is decoded is completed, admitted, judged and stored. Speaks to people only in
/// <see cref="ApiException"/>s. Thread-safe.
/// </summary>
internal sealed class ObjectWriter(ClusterState state, AdmissionGate gate, ServiceAddresses addresses, TimeProvider time) : IDisposable
{
    /// <summary>How often a write that names no version is made again on a newer object.</summary>
    private const int MostAttempts = 50;

    private const int MostNames = 8;

    /// <summary>A body with all that the server adds to it fits; an object that grows patch by patch comes to an end.</summary>
    private const int LargestObjectBytes = 2 * RequestBody.LimitBytes;

    private readonly SemaphoreSlim _oneAtATime = new(1);

    public void Dispose() => _oneAtATime.Dispose();

    /// <summary>Adds an object.</summary>
    /// <param name="request">Who, where and how.</param>
    /// <param name="item">The decoded body; the writer's from now on.</param>
    /// <param name="ownsFields">The object says itself who owns what, because it comes of an apply.</param>
    /// <exception cref="ApiException">It cannot be created.</exception>
    public async Task<WriteOutcome> CreateAsync(WriteRequest request, JsonObject item, bool ownsFields, CancellationToken cancel)
    {
        var form = request.Form;
        var metadata = ObjectNames.MetadataOf(item);
        ObjectNames.AgreeOnNamespace(metadata, request.Namespace);
        gate.RequireNamespace(request, metadata.Text("name"));
        ApiException.ThrowIf(form.CreateRefusal(metadata.Text("name")));
        ObjectNames.BeBorn(metadata, time);
        form.Default(item);
        form.PrepareCreate(item);
        if (form.Type.HasGeneration)
        {
            metadata["generation"] = 1;
        }
        if (!ownsFields)
        {
            ManagedFields.Set(item, ManagedFields.OnUpdate(null, item, request.Ownership(time)));
        }
        item = (await gate.MutateAsync(request, "CREATE", item, null, cancel))!; // not null: what goes in comes out
        RequireReadable(item);
        metadata = ObjectNames.MetadataOf(item);
        for (var attempt = 1; ; attempt++)
        {
            var isGenerated = ObjectNames.Generate(metadata, again: attempt > 1);
            form.Default(item);
            var result = await AloneAsync(form, () => CompleteCreateAsync(request, item, cancel), cancel);
            if (result is not StoreResult.AlreadyExists)
            {
                return Finish(request, item, result, isNew: true);
            }
            if (!isGenerated || attempt == MostNames)
            {
                throw new ApiException(ApiFailure.AlreadyExists(form.Type.Group, form.Type.Plural, metadata.Text("name")));
            }
        }
    }

    /// <summary>Changes an object; made again on the newer one if somebody else was faster.</summary>
    /// <param name="request">Who, where and how.</param>
    /// <param name="change">
    /// The new object, decoded, from the stored one in the request's version, which it must not change. Called for each attempt. A resourceVersion
    /// in what it returns is what the client saw; an object that already says who owns what is left so if <paramref name="ownsFields"/>.
    /// </param>
    /// <param name="ownsFields">The change has settled <c>managedFields</c> itself.</param>
    /// <exception cref="ApiException">It cannot be changed.</exception>
    public async Task<WriteOutcome> UpdateAsync(WriteRequest request, Func<JsonObject, JsonObject> change, bool ownsFields, CancellationToken cancel)
    {
        var (group, plural) = (request.Form.Type.Group, request.Form.Type.Plural);
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var stored = state.Store.Get(request.Key) ?? throw new ApiException(ApiFailure.NotFound(group, plural, request.Name));
            var old = request.Form.Read(stored);
            var item = change(old);
            var outcome = await AloneAsync(request.Form, () => TryUpdateAsync(request, stored, old, item, ownsFields, cancel), cancel);
            if (outcome is not null)
            {
                return outcome;
            }
        }
        throw new ApiException(ApiFailure.Modified(group, plural, request.Name));
    }

    /// <summary>Null if somebody else was faster.</summary>
    private async Task<WriteOutcome?> TryUpdateAsync(WriteRequest request, StoredObject stored, JsonObject old, JsonObject item, bool ownsFields, CancellationToken cancel)
    {
        var form = request.Form;
        RequireSame(request, item, old);
        form.PrepareUpdate(item, old, request.Subresource);
        form.Default(item);
        if (!ownsFields)
        {
            ManagedFields.Set(item, ManagedFields.OnUpdate(old, item, request.Ownership(time)));
        }
        item = (await gate.MutateAsync(request, "UPDATE", item, old, cancel))!; // not null: what goes in comes out
        RequireReadable(item);
        var metadata = ObjectNames.MetadataOf(item);
        if (form.Type.HasGeneration && Strategies.NextGeneration(form.Type, form.Version, item, old) is > 0 and var generation)
        {
            metadata["generation"] = generation;
        }
        RequireValid(form, metadata.Text("name"), [.. form.Validate(item, old, request.Subresource), .. Allocate(form, item)]);
        gate.RequireRights(request, item, old);
        await gate.ValidateAsync(request, "UPDATE", item, old, cancel);
        metadata["resourceVersion"] = stored.Revision.ToString();
        if (IsSame(item, old))
        {
            return new(form, stored, null, IsNew: false);
        }
        if (request.IsDryRun)
        {
            return new(form, null, item, IsNew: false);
        }
        if (IsOver(item))
        {
            return await state.Store.DeleteAsync(request.Key, stored.Revision, cancel) is StoreResult.Written gone ? new(form, gone.Object, null, IsNew: false) : null;
        }
        var result = await state.Store.UpdateAsync(request.Key, stored.Revision, Payload(form, item), cancel);
        return result is StoreResult.Conflict or StoreResult.NotFound ? null : Finish(request, item, result, isNew: false);
    }

    private async Task<StoreResult?> CompleteCreateAsync(WriteRequest request, JsonObject item, CancellationToken cancel)
    {
        var form = request.Form;
        RequireValid(form, item.NameOf(), [.. form.Validate(item, null, request.Subresource), .. Allocate(form, item)]);
        gate.RequireRights(request, item, null);
        await gate.ValidateAsync(request, "CREATE", item, null, cancel);
        var key = form.KeyOf(request.Namespace, item.NameOf());
        if (request.IsDryRun)
        {
            return state.Store.Get(key) is { } there ? new StoreResult.AlreadyExists(there) : null;
        }
        // the namespace may have begun to end while webhooks were asked
        gate.RequireNamespace(request, item.NameOf());
        return await state.Store.CreateAsync(key, Payload(form, item), cancel);
    }

    private static WriteOutcome Finish(WriteRequest request, JsonObject item, StoreResult? result, bool isNew) => result switch
    {
        null => new(request.Form, null, item, isNew),
        StoreResult.Written written => new(request.Form, written.Object, null, isNew),
        StoreResult.Unchanged unchanged => new(request.Form, unchanged.Object, null, isNew),
        StoreResult.ReadOnly readOnly => throw new ApiException(ApiFailure.Unavailable($"nothing can be written: {readOnly.Reason.Message}")),
        _ => throw new InvalidOperationException($"a write cannot end as {result.GetType().Name}"),
    };

    /// <summary>Whether a write changes nothing: when somebody wrote last is no change by itself.</summary>
    private static bool IsSame(JsonObject item, JsonObject old) =>
        JsonNode.DeepEquals(item, old) || (item.Count == old.Count && JsonNode.DeepEquals(Timeless(item), Timeless(old)));

    private static JsonObject Timeless(JsonObject item)
    {
        var timeless = item.DeepClone().AsObject();
        foreach (var entry in timeless.Child("metadata").Items("managedFields"))
        {
            entry.Remove("time");
        }
        return timeless;
    }

    /// <summary>The object in its stored form, type and metadata first: that is where the store and people look for them.</summary>
    internal static StorePayload Payload(ObjectForm form, JsonObject item)
    {
        var metadata = ObjectNames.MetadataOf(item);
        metadata["resourceVersion"] = "";
        var stored = item.DeepClone().AsObject();
        form.ToStorage(stored);
        foreach (var (place, field) in ((string[])["kind", "apiVersion", "metadata"]).Index())
        {
            if (stored.IndexOf(field) is var at && at != place && stored[field] is { } value)
            {
                stored.RemoveAt(at);
                stored.Insert(place, field, value);
            }
        }
        var text = StoredJson.Write(stored);
        if (text.Length > LargestObjectBytes)
        {
            throw new ApiException(ApiFailure.TooLarge(LargestObjectBytes));
        }
        return StorePayload.Find(text) ?? throw new InvalidOperationException("an object without metadata.resourceVersion");
    }

    /// <summary>The object that the client saw, and no other of its name.</summary>
    private static void RequireSame(WriteRequest request, JsonObject item, JsonObject old)
    {
        var (metadata, stored) = (ObjectNames.MetadataOf(item), ObjectNames.MetadataOf(old));
        var (group, plural) = (request.Form.Type.Group, request.Form.Type.Plural);
        if (metadata.Text("name") is { Length: > 0 } name && name != request.Name)
        {
            throw new ApiException(ApiFailure.BadRequest($"the name of the object ({name}) does not match the name on the URL ({request.Name})"));
        }
        if (metadata.Text("uid") is { Length: > 0 } uid && uid != stored.Text("uid"))
        {
            throw new ApiException(ApiFailure.Conflict(group, plural, request.Name,
                $"Precondition failed: UID in precondition: {uid}, UID in object meta: {stored.Text("uid")}"));
        }
        if (metadata.Text("resourceVersion") is { Length: > 0 } version && version != "0" && version != stored.Text("resourceVersion"))
        {
            throw new ApiException(ApiFailure.Modified(group, plural, request.Name));
        }
    }

    private static void RequireValid(ObjectForm form, string name, IReadOnlyCollection<FieldIssue> issues)
    {
        if (issues.Count > 0)
        {
            throw new ApiException(ApiFailure.Invalid(form.Type.Group, form.Type.Kind, name, [.. issues.Select(i => new StatusCause(i.Reason.ToString(), i.Message, i.Path))]));
        }
    }

    /// <summary>Who owns which fields is nested as deeply as the fields, and a little more.</summary>
    private static void RequireReadable(JsonObject item)
    {
        if (JsonBounds.IsTooDeep(item))
        {
            throw new ApiException(ApiFailure.BadRequest($"invalid JSON: {JsonBounds.TooDeep}"));
        }
    }

    private IEnumerable<FieldIssue> Allocate(ObjectForm form, JsonObject item) => IsService(form) ? addresses.Allocate(item) : [];

    /// <summary>An object that only waited for its last finalizer.</summary>
    private static bool IsOver(JsonObject item)
    {
        var metadata = item.Child("metadata");
        return metadata.Has("deletionTimestamp") && metadata.Count("deletionGracePeriodSeconds") == 0 && metadata.List("finalizers") is not { Count: > 0 }
            && (item.Text("kind") != "Namespace" || item.Child("spec").List("finalizers") is not { Count: > 0 });
    }

    /// <summary>Runs writes whose outcome depends on the other objects of the resource one after the other.</summary>
    private async Task<T> AloneAsync<T>(ObjectForm form, Func<Task<T>> write, CancellationToken cancel)
    {
        if (!IsService(form) && form is not DefinitionForm)
        {
            return await write();
        }
        await _oneAtATime.WaitAsync(cancel);
        try
        {
            return await write();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private static bool IsService(ObjectForm form) => form.Type is { Group: "", Plural: "services" };
}
