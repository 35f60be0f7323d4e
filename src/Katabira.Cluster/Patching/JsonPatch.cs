using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Patching;

/// <summary>A JSON patch, RFC 6902 (<c>application/json-patch+json</c>; also what mutating webhooks answer).</summary>
/// <remarks>
/// All or nothing, and neither argument is changed. Bounded in operations, in what its copies may add, in depth and in work.
/// The texts are those of the library that Kubernetes uses (evanphx/json-patch). One leniency is shared with it: <c>test</c> of a missing member
/// against null passes, which is how people ask whether a map is there at all.
/// </remarks>
internal static class JsonPatch
{
    /// <summary>Most operations in one patch.</summary>
    public const int MaxOperations = 10_000;

    /// <summary>Applies <paramref name="patch"/>, an array of operations, to <paramref name="live"/>.</summary>
    /// <returns>The new object; 400 for what is no patch, 413 for too many operations, 422 for an operation that does not fit.</returns>
    public static PatchResult Apply(JsonObject live, JsonNode? patch)
    {
        if (patch is not JsonArray operations)
        {
            return PatchFailure.BadRequest("error decoding patch: a JSON patch is an array of operations");
        }
        if (operations.Count > MaxOperations)
        {
            return PatchFailure.TooLarge($"The allowed maximum operations in a JSON patch is {MaxOperations}, got {operations.Count}");
        }
        if (JsonBounds.IsTooDeep(live) || JsonBounds.IsTooDeep(patch))
        {
            return PatchFailure.BadRequest($"error decoding patch: {JsonBounds.TooDeep}");
        }
        var document = new PatchedDocument(live.DeepClone());
        foreach (var operation in operations)
        {
            if (operation is not JsonObject step || !IsText(step["op"]) || !IsText(step["path"]) || !IsText(step["from"]))
            {
                return PatchFailure.BadRequest("error decoding patch: an operation is an object with the texts op, path and from");
            }
            if (Run(document, step) is { } problem)
            {
                return PatchFailure.Invalid(problem);
            }
        }
        return document.Root is JsonObject result ? result : PatchFailure.Invalid("the patch leaves no object");
    }

    /// <summary>Runs one operation; the text of the problem, or null.</summary>
    private static string? Run(PatchedDocument document, JsonObject step)
    {
        var name = step["op"]?.GetValue<string>() ?? "unknown";
        if (name is not ("add" or "remove" or "replace" or "move" or "copy" or "test"))
        {
            return $"Unexpected kind: {GoText.Plain(name)}";
        }
        if (step["path"] is null)
        {
            return $"{name} operation failed to decode path: missing value";
        }
        if (!JsonPointer.TryParse(step["path"]!.GetValue<string>(), out var path))
        {
            return $"{name} operation failed to decode path: invalid JSON pointer";
        }
        return name switch
        {
            "remove" => document.Remove(path),
            "move" or "copy" => RunFrom(document, step, name, path),
            _ when !step.ContainsKey("value") => $"{name} operation, missing value field: missing value",
            "add" => document.Add(path, step["value"]?.DeepClone()),
            "replace" => document.Replace(path, step["value"]?.DeepClone()),
            _ => document.Test(path, step["value"]),
        };
    }

    private static string? RunFrom(PatchedDocument document, JsonObject step, string name, JsonPointer path)
    {
        if (step["from"] is null || !JsonPointer.TryParse(step["from"]!.GetValue<string>(), out var from))
        {
            return $"{name} operation failed to decode from: {(step["from"] is null ? "missing value" : "invalid JSON pointer")}";
        }
        return name == "move" ? document.Move(from, path) : document.Copy(from, path);
    }

    private static bool IsText(JsonNode? node) => node is null || node.GetValueKind() == JsonValueKind.String;
}
