using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching;

/// <summary>
/// A strategic merge patch (<c>application/strategic-merge-patch+json</c>), for built-in kinds only: objects merge, and so do the lists that <see cref="MergeKeys"/>
/// knows; directives in the patch delete, replace, reorder and retain. Behaviour and texts: k8s.io/apimachinery util/strategicpatch.
/// </summary>
/// <remarks>
/// Pure: neither argument is changed, and the result shares no node with them. Two things are more forgiving than upstream, which leaves directives in objects
/// that are new and drops a new object that says <c>$patch: replace</c>: here no directive ever reaches the result, and such an object is taken as it stands.
/// Refusals that upstream answers with 500 are 422.
/// </remarks>
internal static class StrategicMergePatch
{
    /// <summary>The directive inside an object or a list's item: delete or replace.</summary>
    internal const string Marker = "$patch";

    private const string RetainKeys = "$retainKeys";
    private const string SetElementOrder = "$setElementOrder";
    private const string DeleteFromPrimitiveList = "$deleteFromPrimitiveList";

    /// <summary>Applies <paramref name="patch"/>, an object, to <paramref name="live"/>, an object of the kind that <paramref name="keys"/> is the root of.</summary>
    /// <returns>The new object; 400 for what is no patch, 422 for one that does not fit.</returns>
    public static PatchResult Apply(JsonObject live, JsonNode? patch, MergeKeys keys)
    {
        if (patch is not JsonObject changes)
        {
            return PatchFailure.BadRequest("error decoding patch: a strategic merge patch is an object");
        }
        if (JsonBounds.IsTooDeep(live) || JsonBounds.IsTooDeep(patch))
        {
            return PatchFailure.BadRequest($"error decoding patch: {JsonBounds.TooDeep}");
        }
        try
        {
            return Merge(live, changes, keys);
        }
        catch (PatchRefusedException refused)
        {
            return refused.Failure;
        }
    }

    /// <summary>Merges two objects. A <c>$patch</c> in the patch decides alone.</summary>
    internal static JsonObject Merge(JsonObject live, JsonObject patch, MergeKeys keys)
    {
        if (patch.TryGetPropertyValue(Marker, out var directive))
        {
            return Text(directive) switch
            {
                "replace" => CleanMap(patch),
                "delete" => [],
                _ => throw UnknownDirective(directive, patch),
            };
        }
        var retained = Retained(patch);
        var changes = Changes(patch);
        var result = new JsonObject();
        foreach (var (name, value) in live)
        {
            if (retained?.Contains(name) == false)
            {
                continue;
            }
            if (!changes.Remove(name, out var change))
            {
                result.Add(name, value?.DeepClone());
            }
            else if (change.ApplyTo(value, name, keys, out var merged) || !change.HasValue)
            {
                result.Add(name, merged);
            }
        }
        foreach (var (name, _) in patch)
        {
            if (changes.Remove(FieldOf(name), out var change) && change.ApplyTo(null, FieldOf(name), keys, out var added))
            {
                result.Add(FieldOf(name), added);
            }
        }
        return result;
    }

    /// <summary>What a patch brings where the object had nothing: without directives and without nulls.</summary>
    internal static JsonNode? Clean(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                return CleanMap(map);
            case JsonArray list:
                var items = new JsonArray();
                foreach (var item in list)
                {
                    if (item is not JsonObject entry || !entry.ContainsKey(Marker))
                    {
                        items.Add(Clean(item));
                    }
                }
                return items;
            default:
                return node?.DeepClone();
        }
    }

    internal static PatchRefusedException UnknownDirective(JsonNode? directive, JsonObject map) =>
        new(PatchFailure.Invalid($"unknown patch type: {GoText.Plain(directive)} in map: {GoText.Plain(map)}"));

    internal static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private static JsonObject CleanMap(JsonObject map)
    {
        var result = new JsonObject();
        foreach (var (name, value) in map)
        {
            var isDeletion = value is null || (value is JsonObject entry && Text(entry[Marker]) == "delete");
            if (!isDeletion && !IsDirective(name))
            {
                result.Add(name, Clean(value));
            }
        }
        return result;
    }

    /// <summary>The patch's members by the field they are about: its value and its directives together.</summary>
    private static Dictionary<string, FieldChange> Changes(JsonObject patch)
    {
        var changes = new Dictionary<string, FieldChange>(patch.Count, StringComparer.Ordinal);
        foreach (var (name, value) in patch)
        {
            if (name == RetainKeys)
            {
                continue;
            }
            var field = FieldOf(name);
            var change = changes.GetValueOrDefault(field);
            changes[field] = !IsDirective(name) ? change with { HasValue = true, Value = value }
                : name.StartsWith(SetElementOrder, StringComparison.Ordinal) ? change with { Order = ListOf(value) }
                : change with { Deletions = ScalarsOf(value) };
        }
        return changes;
    }

    /// <summary>The names that an object may keep, or null if the patch does not say; a patch that sets another one contradicts itself.</summary>
    private static HashSet<string>? Retained(JsonObject patch)
    {
        if (!patch.TryGetPropertyValue(RetainKeys, out var names))
        {
            return null;
        }
        if (names is not JsonArray list || list.Any(name => Text(name) is null))
        {
            throw new PatchRefusedException(PatchFailure.BadRequest("invalid patch format of retainKeys"));
        }
        var retained = list.Select(name => name!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, value) in patch)
        {
            if (value is not null && !IsDirective(name) && !retained.Contains(name))
            {
                throw new PatchRefusedException(PatchFailure.BadRequest("invalid patch format of retainKeys"));
            }
        }
        return retained;
    }

    private static bool IsDirective(string name) =>
        name is Marker or RetainKeys
        || name.StartsWith(SetElementOrder, StringComparison.Ordinal)
        || name.StartsWith(DeleteFromPrimitiveList, StringComparison.Ordinal);

    /// <summary>The field that a member of the patch is about: itself, or what follows the slash of a directive.</summary>
    private static string FieldOf(string name)
    {
        if (name is Marker or RetainKeys || !IsDirective(name))
        {
            return name;
        }
        var prefix = name.StartsWith(SetElementOrder, StringComparison.Ordinal) ? SetElementOrder : DeleteFromPrimitiveList;
        return name.Length > prefix.Length + 1 && name[prefix.Length] == '/'
            ? name[(prefix.Length + 1)..]
            : throw new PatchRefusedException(PatchFailure.BadRequest($"invalid patch format of {(prefix == SetElementOrder ? "setElementOrder" : "primitive")} list"));
    }

    private static JsonArray ListOf(JsonNode? value) =>
        value as JsonArray ?? throw new PatchRefusedException(PatchFailure.BadRequest("invalid patch format of setElementOrder list"));

    private static JsonArray ScalarsOf(JsonNode? value) =>
        value is JsonArray list && list.All(item => item is JsonValue)
            ? list
            : throw new PatchRefusedException(PatchFailure.BadRequest("invalid patch format of primitive list"));

    /// <summary>Everything that a patch says about one field.</summary>
    private readonly record struct FieldChange(bool HasValue, JsonNode? Value, JsonArray? Order, JsonArray? Deletions)
    {
        /// <summary>Makes the field's new value of the old one; null for a field that is not there. False if there is none: the field goes, or stays away.</summary>
        public bool ApplyTo(JsonNode? live, string name, MergeKeys keys, out JsonNode? result)
        {
            var rule = keys.Field(name, out var next);
            result = !HasValue ? live?.DeepClone()
                : Value is null ? null
                : live is JsonObject oldMap && Value is JsonObject newMap && rule.Strategy != PatchStrategy.Replace ? Merge(oldMap, newMap, next)
                : live is JsonArray oldList && Value is JsonArray newList && rule.Strategy == PatchStrategy.Merge ? new ListMerge(rule.PatchKey, next).Merge(oldList, newList)
                : live is null && Value is JsonObject created && Text(created[Marker]) == "delete" ? null
                : Clean(Value);
            if (Order is not null && result is JsonArray merged && rule.Strategy == PatchStrategy.Merge)
            {
                result = new ListMerge(rule.PatchKey, next).Reorder(merged, Value as JsonArray, Order, live as JsonArray);
            }
            if (Deletions is not null && result is JsonArray list)
            {
                result = ListMerge.Without(list, Deletions);
            }
            return result is not null;
        }
    }
}
