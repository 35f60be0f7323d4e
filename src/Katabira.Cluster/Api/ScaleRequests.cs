using System.Text.Json.Nodes;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Patching;
using Katabira.Cluster.Schemas;
using Katabira.Cluster.Storage;
using Microsoft.AspNetCore.Http;

namespace Katabira.Cluster.Api;

/// <summary>Answers requests for the subresource <c>scale</c>: the number of replicas, whatever the kind. Thread-safe.</summary>
internal sealed class ScaleRequests(Store store, ObjectWriter writer)
{
    public async Task HandleAsync(ApiCall call, ObjectForm form, string ns, string name)
    {
        var paths = form.ScalePaths ?? throw new ApiException(ApiFailure.NotFound(form.Type.Group, form.Type.Plural, name));
        if (call.Method is "GET" or "HEAD")
        {
            var stored = store.Get(form.KeyOf(ns, name)) ?? throw new ApiException(ApiFailure.NotFound(form.Type.Group, form.Type.Plural, name));
            await Answers.SendAsync(call.Http, StatusCodes.Status200OK, ScaleView.Of(form.Read(stored), paths));
            return;
        }
        var isPatch = call.Method == "PATCH";
        var request = WriteParameters.Read(call, isPatch ? "PatchOptions" : "UpdateOptions").For(call, form, ns, name, "scale");
        var change = isPatch ? await PatchAsync(call, form, paths, name) : await ReplaceAsync(call, paths);
        var outcome = await ResourceWrites.Told(call, request, () => writer.UpdateAsync(request, change, ownsFields: false, call.Cancelled));
        Answers.Warn(call.Http, call.Warnings);
        await Answers.SendAsync(call.Http, StatusCodes.Status200OK, ScaleView.Of(outcome.Read(), paths));
    }

    private static async Task<Func<JsonObject, JsonObject>> ReplaceAsync(ApiCall call, ScalePaths paths)
    {
        var body = await RequestBody.ReadAsync(call.Http, ScaleView.Kind, isBuiltIn: true);
        return live => Scaled(live, body.Item, paths);
    }

    private static async Task<Func<JsonObject, JsonObject>> PatchAsync(ApiCall call, ObjectForm form, ScalePaths paths, string name)
    {
        var parsed = StrictJson.Read(await RequestBody.ReadBytesAsync(call.Http));
        if (parsed.Failure is { } failure)
        {
            throw new ApiException(PatchFailures.Of(failure, ScaleView.Kind.Group, ScaleView.Kind.Kind, name));
        }
        var patch = ResourcePatches.Patcher(MediaType.Parse(call.Http.Request.ContentType ?? "").Type, parsed.Node, isCustom: false, ScaleView.Kind);
        return live => Scaled(live, ResourcePatches.Take(patch(ScaleView.Of(live, paths)), form, name), paths);
    }

    private static JsonObject Scaled(JsonObject live, JsonObject scale, ScalePaths paths)
    {
        var item = live.DeepClone().AsObject();
        ScaleView.Apply(item, scale, paths);
        return item;
    }
}
