using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching;

/// <summary>A JSON merge patch, RFC 7386 (<c>application/merge-patch+json</c>): members replace members, null takes away, lists are replaced whole.</summary>
internal static class MergePatch
{
    /// <summary>Applies <paramref name="patch"/>, which must be an object, to <paramref name="live"/>. Neither is changed; members keep their order, new ones follow.</summary>
    /// <returns>The new object; 400 for what is no patch.</returns>
    public static PatchResult Apply(JsonObject live, JsonNode? patch)
    {
        if (patch is not JsonObject)
        {
            return PatchFailure.BadRequest("error decoding patch: a merge patch is an object");
        }
        if (JsonBounds.IsTooDeep(live) || JsonBounds.IsTooDeep(patch))
        {
            return PatchFailure.BadRequest($"error decoding patch: {JsonBounds.TooDeep}");
        }
        return Merge(live, patch)!.AsObject();
    }

    /// <summary>The function of RFC 7386 section 2, for any two values.</summary>
    /// <returns>A tree of its own. Its depth is at most the deeper one's of the two.</returns>
    public static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }
        var result = new JsonObject();
        var before = target as JsonObject;
        foreach (var (name, value) in before ?? [])
        {
            if (!changes.TryGetPropertyValue(name, out var change))
            {
                result.Add(name, value?.DeepClone());
            }
            else if (change is not null)
            {
                result.Add(name, Merge(value, change));
            }
        }
        foreach (var (name, change) in changes)
        {
            if (change is not null && before?.ContainsKey(name) != true)
            {
                result.Add(name, Merge(null, change));
            }
        }
        return result;
    }
}
