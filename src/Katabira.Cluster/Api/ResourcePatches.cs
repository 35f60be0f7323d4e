using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Patching;
using Katabira.Cluster.Resources;
using Katabira.Cluster.State;

namespace Katabira.Cluster.Api;

/// <summary>Answers PATCH, in all four of its languages. Thread-safe.</summary>
internal sealed class ResourcePatches(ClusterState state, ObjectWriter writer, ResourceWrites writes, TimeProvider time)
{
    private const string JsonPatchType = "application/json-patch+json";
    private const string MergePatchType = "application/merge-patch+json";
    private const string StrategicType = "application/strategic-merge-patch+json";
    private const string ApplyType = "application/apply-patch+yaml";

    /// <summary>Changes an object, or with an apply makes it.</summary>
    /// <param name="subresource"><c>status</c>, or empty.</param>
    public async Task PatchAsync(ApiCall call, ObjectForm form, string ns, string name, string subresource)
    {
        var type = MediaType.Parse(call.Http.Request.ContentType ?? "").Type;
        var body = await RequestBody.ReadBytesAsync(call.Http);
        if (type == ApplyType)
        {
            await ApplyAsync(call, form, ns, name, subresource, body);
            return;
        }
        var parameters = WriteParameters.Read(call, "PatchOptions");
        var patch = Parse(body, form);
        var apply = Patcher(type, patch.Node, form.Type.IsCustom, form.Resource.Kind);
        var request = parameters.For(call, form, ns, name, subresource);
        var outcome = await ResourceWrites.Told(call, request, () => writer.UpdateAsync(request, live => Decode(call, request, Take(apply(live), form, name), body), ownsFields: false, call.Cancelled));
        await writes.SendAsync(call, form, outcome);
    }

    /// <summary>A change of a tree in the language of a content type.</summary>
    /// <param name="isCustom">Strategic merge is for built-in kinds only.</param>
    /// <exception cref="ApiException">415: the language is not known, or not for this kind.</exception>
    public static Func<JsonObject, PatchResult> Patcher(string type, JsonNode? patch, bool isCustom, GroupVersionKind kind) => type switch
    {
        JsonPatchType => live => JsonPatch.Apply(live, patch),
        MergePatchType => live => MergePatch.Apply(live, patch),
        StrategicType when !isCustom => live => StrategicMergePatch.Apply(live, patch, MergeKeys.Of(kind.ApiVersion, kind.Kind)),
        _ => throw new ApiException(ApiFailure.UnsupportedMediaType(string.Join(", ",
            isCustom ? [JsonPatchType, MergePatchType, ApplyType] : [JsonPatchType, MergePatchType, StrategicType, ApplyType]))),
    };

    /// <summary>The tree that a patch has made, or its refusal.</summary>
    public static JsonObject Take(PatchResult result, ObjectForm form, string name)
    {
        if (result.Node is { } node)
        {
            return node;
        }
        var failure = result.Failure!; // exactly one of the two is set
        // kubectl prints the causes of an invalid object, and the message only of an invalid request
        throw new ApiException(failure is { Code: 422, Causes.IsEmpty: true }
            ? PatchFailures.Of(failure, "", "", "")
            : PatchFailures.Of(failure, form.Type.Group, form.Type.Kind, name));
    }

    private async Task ApplyAsync(ApiCall call, ObjectForm form, string ns, string name, string subresource, byte[] body)
    {
        var parameters = WriteParameters.Read(call, "PatchOptions", isApply: true);
        var request = parameters.For(call, form, ns, name, subresource);
        var parsed = YamlJson.Read(body);
        if (parsed.Failure is { } failure)
        {
            throw new ApiException(PatchFailures.Of(failure, form.Type.Group, form.Type.Kind, name));
        }
        var wish = parsed.Node as JsonObject ?? throw new ApiException(ApiFailure.BadRequest("error decoding YAML: the body is not an object"));
        // what the kind does not have is found here, and not in the merged object, which has only what it has
        call.Warnings.AddRange(form.CheckApplied(wish, parsed.DuplicateFields, parameters.Validation));
        var metadata = ObjectNames.MetadataOf(wish);
        if (metadata.Text("name") is var own && own != name)
        {
            throw new ApiException(ApiFailure.BadRequest(own.Length == 0 ? "name must be provided" : $"the name of the object ({own}) does not match the name on the URL ({name})"));
        }
        ObjectNames.AgreeOnNamespace(metadata, ns);
        var context = new ApplyContext(request.Ownership(time), form.Type.Kind, parameters.Force) { Ignored = Ignored(form, subresource) };
        var outcome = await ResourceWrites.Told(call, request, () => ApplyAsync(call, request, wish, context));
        await writes.SendAsync(call, form, outcome);
    }

    private async Task<WriteOutcome> ApplyAsync(ApiCall call, WriteRequest request, JsonObject wish, ApplyContext context)
    {
        var form = request.Form;
        while (true)
        {
            if (state.Store.Get(request.Key) is not null || request.Subresource.Length > 0)
            {
                return await writer.UpdateAsync(request, live => Decode(call, request, Take(ApplyPatch.Apply(live, wish, context), form, request.Name)), ownsFields: true, call.Cancelled);
            }
            if (wish.Child("metadata").Text("uid").Length > 0)
            {
                throw new ApiException(ApiFailure.NotFound(form.Type.Group, form.Type.Plural, request.Name));
            }
            try
            {
                var item = Decode(call, request, Take(ApplyPatch.Apply(null, wish, context), form, request.Name));
                return await writer.CreateAsync(request with { Name = "" }, item, ownsFields: true, call.Cancelled);
            }
            catch (ApiException failed) when (failed.Failure.Reason == "AlreadyExists")
            {
                // somebody made it just now: apply to that one
            }
        }
    }

    private static ParsedBody Parse(byte[] body, ObjectForm form)
    {
        var parsed = StrictJson.Read(body);
        return parsed.Failure is { } failure ? throw new ApiException(PatchFailures.Of(failure, form.Type.Group, form.Type.Kind, "")) : parsed;
    }

    /// <param name="patch">The text of the patch that has made the object; null for an apply, whose own fields were checked before.</param>
    private static JsonObject Decode(ApiCall call, WriteRequest request, JsonObject item, byte[]? patch = null)
    {
        RequestBody.Agree(item, request.Form.Resource.Kind);
        var isStrict = request.Validation == FieldValidation.Strict && patch is not null;
        var unknown = request.Form.Decode(item, [], isStrict ? FieldValidation.Warn : request.Validation);
        if (isStrict && !unknown.IsEmpty)
        {
            // the object's fields are those of its kind: what is too much came with the patch
            var text = GoText.Quoted(GoText.Shown(Encoding.UTF8.GetString(patch!))); // not null: it is strict
            throw new ApiException(ApiFailure.Invalid("", "", "", [new("FieldValueInvalid", $"Invalid value: {text}: strict decoding error: {string.Join(", ", unknown)}", "patch")]));
        }
        foreach (var warning in unknown)
        {
            if (!call.Warnings.Contains(warning))
            {
                call.Warnings.Add(warning);
            }
        }
        return item;
    }

    /// <summary>What an apply through this endpoint does not write, and so does not come to own.</summary>
    private static System.Collections.Immutable.ImmutableArray<string> Ignored(ObjectForm form, string subresource) =>
        subresource == Subresource.StatusName ? ["spec"] : form.Version.Subresource(Subresource.StatusName) is not null ? ["status"] : [];
}
