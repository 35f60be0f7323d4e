using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Patching.Ownership;

namespace Katabira.Cluster.Patching;

/// <summary>What server-side apply has to know of a request beside the object.</summary>
/// <param name="Write">Who applies, when, in which version, to which kind. The manager is required.</param>
/// <param name="Kind">The kind that the URL names.</param>
/// <param name="Force">Take conflicting fields from their owners.</param>
internal sealed record ApplyContext(FieldWrite Write, string Kind, bool Force)
{
    /// <summary>
    /// Top-level members that this endpoint does not write, so that nobody comes to own them by naming them: <c>status</c> where it is a subresource, <c>spec</c>
    /// for the subresource <c>status</c>.
    /// </summary>
    public ImmutableArray<string> Ignored { get; init; } = [];
}

/// <summary>Server-side apply (<c>application/apply-patch+yaml</c>): the manager says what it wants, and owns it; what it no longer says and nobody else owns goes away.</summary>
/// <remarks>
/// Behaviour: structured-merge-diff's Apply and apimachinery's field managers. Pure: no argument is changed. Applying the same twice changes nothing, the time of the
/// entry included. Whoever calls decides about preconditions (uid, resourceVersion), names, defaults and validation; defaults that are added afterwards belong to nobody.
/// </remarks>
internal static class ApplyPatch
{
    private const string BeforeFirstApply = "before-first-apply";

    /// <summary>Applies <paramref name="applied"/> to <paramref name="live"/>.</summary>
    /// <param name="live">The stored object in the request's version; null if there is none yet.</param>
    /// <param name="applied">The object of the request's body.</param>
    /// <param name="context">The request.</param>
    /// <returns>The object to store, with its new owners; 409 for conflicts, 400 and 422 for what cannot be applied.</returns>
    public static PatchResult Apply(JsonObject? live, JsonNode? applied, ApplyContext context)
    {
        if (Check(live, applied, context) is { } failure)
        {
            return failure;
        }
        var wish = Wish(applied!.AsObject(), context);
        var types = context.Write.Types;
        var fields = OwnedFields.Of(wish, types, out var problem);
        if (problem.Length > 0)
        {
            var name = wish["metadata"] as JsonObject;
            return PatchFailure.Invalid($"failed to create typed patch object ({Text(name?["namespace"])}/{Text(name?["name"])}; {context.Write.ApiVersion}, Kind={context.Kind}): {problem}");
        }
        var managed = Owners(live, context.Write);
        var applier = new ManagedEntry(context.Write.Manager, IsApply: true, context.Write.ApiVersion, context.Write.Now, context.Write.Subresource, fields);
        var before = managed.Find(applier);
        var result = Prune(AppliedObject.Merge(live ?? [], wish, types).AsObject(), managed, before, applier, types);
        var difference = FieldComparison.Of(live ?? [], result, types);
        if (Conflict(live, managed, difference, applier, context) is { } conflict)
        {
            return conflict;
        }
        managed.Strip(difference.Changed.Union(difference.Removed), except: applier);
        var isRepeated = live is not null && before is not null && before.ApiVersion == applier.ApiVersion && before.Fields.SetEquals(fields) && IsSame(live, result);
        managed.Put(isRepeated ? before! : applier);
        ManagedFields.Set(result, managed.Write());
        if (context.Write.Manager == LastApplied.Manager)
        {
            LastApplied.Refresh(result, applied.AsObject());
        }
        return result;
    }

    private static PatchFailure? Check(JsonObject? live, JsonNode? applied, ApplyContext context)
    {
        if (FieldManagerName.Check(context.Write.Manager, "PatchOptions", isRequired: true) is { } nameless)
        {
            return nameless;
        }
        if (applied is not JsonObject obj)
        {
            return PatchFailure.BadRequest("error decoding patch: an apply patch is an object");
        }
        if (JsonBounds.IsTooDeep(live) || JsonBounds.IsTooDeep(applied))
        {
            return PatchFailure.BadRequest($"error decoding patch: {JsonBounds.TooDeep}");
        }
        var (apiVersion, kind) = (Text(obj["apiVersion"]), Text(obj["kind"]));
        if (apiVersion != context.Write.ApiVersion || kind != context.Kind)
        {
            return PatchFailure.BadRequest($"invalid object type: {GoText.Shown(apiVersion)}, Kind={GoText.Shown(kind)}");
        }
        if (obj["metadata"] is not (null or JsonObject))
        {
            return PatchFailure.BadRequest("error decoding patch: metadata is not an object");
        }
        return (obj["metadata"] as JsonObject)?["managedFields"] is null ? null : PatchFailure.BadRequest("metadata.managedFields must be nil");
    }

    /// <summary>What is really applied: without members that this endpoint does not write, and without those that belong to the server.</summary>
    private static JsonObject Wish(JsonObject applied, ApplyContext context)
    {
        var wish = applied.DeepClone().AsObject();
        foreach (var name in context.Ignored)
        {
            wish.Remove(name);
        }
        foreach (var (name, _) in applied["metadata"] as JsonObject ?? [])
        {
            if (name is not ("name" or "namespace") && context.Write.Types.At(PathElement.Field("metadata"), out _).At(PathElement.Field(name), out _).IsUntracked)
            {
                wish["metadata"]!.AsObject().Remove(name);
            }
        }
        return wish;
    }

    /// <summary>The owners before the apply. Of an object that was never tracked everything belongs to one manager of that name.</summary>
    private static ManagedFields Owners(JsonObject? live, FieldWrite write)
    {
        var managed = ManagedFields.Of(live);
        if (managed.IsEmpty && live is not null)
        {
            managed.Update([], live, write with { Manager = BeforeFirstApply });
        }
        return managed;
    }

    /// <summary>The 409 if others would lose fields and the request does not insist. What kubectl's client-side apply set is kubectl's own to take.</summary>
    private static PatchFailure? Conflict(JsonObject? live, ManagedFields managed, FieldComparison difference, ManagedEntry applier, ApplyContext context)
    {
        var conflicts = ApplyConflicts.Find(managed, difference.Changed, applier);
        if (conflicts.IsEmpty || context.Force)
        {
            return null;
        }
        if (applier.Manager == LastApplied.Manager && live is not null)
        {
            conflicts = conflicts.Except(LastApplied.Fields(live, applier.ApiVersion, context.Write.Types));
        }
        return conflicts.IsEmpty ? null : conflicts.ToFailure();
    }

    /// <summary>Takes out what this manager applied last time, does not apply now, and nobody else owns.</summary>
    private static JsonObject Prune(JsonObject merged, ManagedFields managed, ManagedEntry? before, ManagedEntry applier, ListTypes types)
    {
        if (before is null)
        {
            return merged;
        }
        var others = managed.Entries.Where(entry => entry.Id != applier.Id).Aggregate(applier.Fields, (all, entry) => all.Union(entry.Fields));
        var owned = others.WithStructs(types);
        owned.Add(PathElement.Field("metadata"));
        return AppliedObject.Without(merged, before.Fields.WithStructs(types).Except(owned), owned, types).AsObject();
    }

    /// <summary>True if the two objects are the same but for the list of owners.</summary>
    private static bool IsSame(JsonObject live, JsonObject result)
    {
        return live.Count == result.Count && live.All(member => member.Key == "metadata" || JsonNode.DeepEquals(member.Value, result[member.Key]))
            && Rest(live).All(member => JsonNode.DeepEquals(member.Value, result["metadata"]?[member.Key])) && Rest(live).Count() == Rest(result).Count();

        static IEnumerable<KeyValuePair<string, JsonNode?>> Rest(JsonObject obj) => (obj["metadata"] as JsonObject ?? []).Where(member => member.Key != "managedFields");
    }

    private static string Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : "";
}
