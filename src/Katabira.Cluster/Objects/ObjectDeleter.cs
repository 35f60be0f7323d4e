using System.Text.Json.Nodes;
using Katabira.Cluster.Admission;
using Katabira.Cluster.Api;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Schemas;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Objects;

/// <summary>
/// The end of an object: at once, or marked for those who still have something to do (finalizers, a pod's keeper, the namespace's contents) and
/// removed when they are done. Speaks to people only in <see cref="ApiException"/>s. Thread-safe.
/// </summary>
internal sealed class ObjectDeleter(ClusterState state, AdmissionGate gate, TimeProvider time)
{
    public const string ForegroundFinalizer = "foregroundDeletion";
    public const string OrphanFinalizer = "orphan";

    private const long DefaultGraceSeconds = 30;
    private const int MostAttempts = 50;

    /// <summary>Deletes one object.</summary>
    /// <exception cref="ApiException">It cannot be deleted.</exception>
    public async Task<DeleteOutcome> DeleteAsync(WriteRequest request, DeleteOptions options, CancellationToken cancel)
    {
        var type = request.Form.Type;
        if (type is { Group: "", Plural: "namespaces" })
        {
            ApiException.ThrowIf(NamespaceLifecycle.CheckDelete(request.Name));
        }
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var stored = state.Store.Get(request.Key) ?? throw new ApiException(ApiFailure.NotFound(type.Group, type.Plural, request.Name));
            var item = request.Form.Read(stored);
            RequireMeant(request, options, item);
            await gate.MutateAsync(request, "DELETE", null, item, cancel);
            await gate.ValidateAsync(request, "DELETE", null, item, cancel);
            var marked = Mark(request.Form, item, options);
            if (options.IsDryRun)
            {
                return new(request.Form, marked is null, stored, item);
            }
            var result = marked is null
                ? await state.Store.DeleteAsync(request.Key, stored.Revision, cancel)
                : await MarkAsync(request, stored, item, marked, cancel);
            switch (result)
            {
                case StoreResult.Written written:
                    return new(request.Form, marked is null, written.Object, item);
                case StoreResult.Unchanged unchanged:
                    return new(request.Form, false, unchanged.Object, item);
                case StoreResult.ReadOnly readOnly:
                    throw new ApiException(ApiFailure.Unavailable($"nothing can be written: {readOnly.Reason.Message}"));
                default:
                    break; // somebody was faster: look again
            }
        }
        throw new ApiException(ApiFailure.Modified(type.Group, type.Plural, request.Name));
    }

    private static void RequireMeant(WriteRequest request, DeleteOptions options, JsonObject item)
    {
        var (type, metadata) = (request.Form.Type, item.Child("metadata"));
        if (options.Uid.Length > 0 && options.Uid != metadata.Text("uid"))
        {
            throw new ApiException(ApiFailure.Conflict(type.Group, type.Plural, request.Name,
                $"Precondition failed: UID in precondition: {options.Uid}, UID in object meta: {metadata.Text("uid")}"));
        }
        if (options.ResourceVersion.Length > 0 && options.ResourceVersion != metadata.Text("resourceVersion"))
        {
            throw new ApiException(ApiFailure.Conflict(type.Group, type.Plural, request.Name,
                $"Precondition failed: ResourceVersion in precondition: {options.ResourceVersion}, ResourceVersion in object meta: {metadata.Text("resourceVersion")}"));
        }
    }

    /// <summary>The object as it waits for its end; null if nothing keeps it.</summary>
    private JsonObject? Mark(ObjectForm form, JsonObject item, DeleteOptions options)
    {
        var marked = item.DeepClone().AsObject();
        var metadata = ObjectNames.MetadataOf(marked);
        KeepFor(options.Propagation, metadata);
        var grace = GraceOf(form.Type, marked, options);
        var isNamespace = form.Type is { Group: "", Plural: "namespaces" };
        if (metadata.List("finalizers") is not { Count: > 0 } && grace == 0 && !(isNamespace && marked.Child("spec").List("finalizers") is { Count: > 0 }))
        {
            return null;
        }
        if (!metadata.Has("deletionTimestamp"))
        {
            metadata["deletionTimestamp"] = Rfc3339.Of(time.GetUtcNow().AddSeconds(grace));
            metadata["deletionGracePeriodSeconds"] = grace;
            if (form.Type.HasGeneration)
            {
                metadata["generation"] = metadata.Count("generation") + 1;
            }
        }
        else if (grace < metadata.Count("deletionGracePeriodSeconds"))
        {
            metadata["deletionTimestamp"] = Rfc3339.Of(time.GetUtcNow().AddSeconds(grace));
            metadata["deletionGracePeriodSeconds"] = grace;
        }
        if (isNamespace && marked.ChildOrNew("status") is { } status)
        {
            metadata.Remove("deletionGracePeriodSeconds");
            status["phase"] = "Terminating";
        }
        if (form is DefinitionForm)
        {
            marked["status"] = CrdStatus.Terminating(marked, time.Now());
        }
        return marked;
    }

    private async Task<StoreResult> MarkAsync(WriteRequest request, StoredObject stored, JsonObject item, JsonObject marked, CancellationToken cancel)
    {
        if (JsonNode.DeepEquals(item, marked))
        {
            return new StoreResult.Unchanged(stored);
        }
        return await state.Store.UpdateAsync(request.Key, stored.Revision, ObjectWriter.Payload(request.Form, marked), cancel);
    }

    /// <summary>May change: whom the object has to wait for according to the policy.</summary>
    private static void KeepFor(Propagation? propagation, JsonObject metadata)
    {
        if (propagation is null)
        {
            return;
        }
        var had = metadata.Texts("finalizers");
        var kept = had.Where(f => f is not (ForegroundFinalizer or OrphanFinalizer)).ToList();
        if (propagation != Propagation.Background)
        {
            kept.Add(propagation == Propagation.Orphan ? OrphanFinalizer : ForegroundFinalizer);
        }
        if (had.SequenceEqual(kept))
        {
            return;
        }
        metadata["finalizers"] = kept.ToJson();
        if (kept.Count == 0)
        {
            metadata.Remove("finalizers");
        }
    }

    /// <summary>How long the object's keeper gets. A pod that nobody runs, or that has ended, has no keeper.</summary>
    private static long GraceOf(ResourceType type, JsonObject item, DeleteOptions options)
    {
        if (!type.IsGraceful || item.Child("spec").Text("nodeName").Length == 0 || item.Child("status").Text("phase") is "Succeeded" or "Failed")
        {
            return 0;
        }
        return options.GracePeriodSeconds ?? item.Child("spec").Integer("terminationGracePeriodSeconds") ?? DefaultGraceSeconds;
    }
}

/// <summary>What became of a deletion.</summary>
/// <param name="Form">The form in which it was asked.</param>
/// <param name="IsGone">True if the object is removed; false if it waits for somebody.</param>
/// <param name="Stored">The object as it is now, or as it was last.</param>
/// <param name="Item">The object before, in the request's version.</param>
internal sealed record DeleteOutcome(ObjectForm Form, bool IsGone, StoredObject Stored, JsonObject Item);
