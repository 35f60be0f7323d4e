using System.Text.Json.Nodes;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Storage;
using Microsoft.AspNetCore.Http;

namespace Katabira.Cluster.Api;

/// <summary>Answers POST, PUT and DELETE of objects: reads what the client sent, hands it to those who keep objects, and sends what came of it. Thread-safe.</summary>
internal sealed class ResourceWrites(Store store, ObjectWriter writer, ObjectDeleter deleter, ResourceReads reads)
{
    public async Task CreateAsync(ApiCall call, ObjectForm form, string ns)
    {
        var request = WriteParameters.Read(call, "CreateOptions").For(call, form, ns, "");
        var body = await RequestBody.ReadAsync(call.Http, form.Resource.Kind, !form.Type.IsCustom);
        call.Warnings.AddRange(form.Decode(body.Item, body.Duplicates, request.Validation));
        await SendAsync(call, form, await Told(call, request, () => writer.CreateAsync(request, body.Item, ownsFields: false, call.Cancelled)));
    }

    /// <param name="subresource"><c>status</c>, or empty.</param>
    public async Task ReplaceAsync(ApiCall call, ObjectForm form, string ns, string name, string subresource)
    {
        var request = WriteParameters.Read(call, "UpdateOptions").For(call, form, ns, name, subresource);
        var body = await RequestBody.ReadAsync(call.Http, form.Resource.Kind, !form.Type.IsCustom);
        call.Warnings.AddRange(form.Decode(body.Item, body.Duplicates, request.Validation));
        RequireName(body.Item, ns, name);
        await SendAsync(call, form, await Told(call, request, () => writer.UpdateAsync(request, _ => body.Item.DeepClone().AsObject(), ownsFields: false, call.Cancelled)));
    }

    public async Task DeleteAsync(ApiCall call, ObjectForm form, string ns, string name)
    {
        var options = DeleteOptions.Read(await RequestBody.ReadOptionsAsync(call.Http), call.Query);
        var request = RequestFor(call, form, ns, name, options);
        var outcome = await Told(call, request, () => deleter.DeleteAsync(request, options, call.Cancelled));
        if (!outcome.IsGone || IsShownOnce(form.Type))
        {
            await reads.SendAsync(call, StatusCodes.Status200OK, form, options.IsDryRun ? StoredJson.Write(outcome.Item) : form.Text(outcome.Stored));
            return;
        }
        Answers.Warn(call.Http, call.Warnings);
        await Answers.SendAsync(call.Http, StatusCodes.Status200OK, Success(form.Type, name, outcome.Item.Child("metadata").Text("uid")));
    }

    /// <summary>Deletes what selectors choose, one after the other, and sends what was there.</summary>
    public async Task DeleteAllAsync(ApiCall call, ObjectForm form, string? ns)
    {
        var options = DeleteOptions.Read(await RequestBody.ReadOptionsAsync(call.Http), call.Query);
        var list = ListOptions.Read(call, form, "", isWatch: false);
        var page = (ListResult.Page)store.List(new ListQuery(new StoreRange(form.Home, form.Type.Namespaced ? ns : ""))
        {
            Where = list.Filter.IsEverything ? null : list.Filter.Matches, // a list of now, without a token, has no other end
        });
        foreach (var stored in page.Items)
        {
            var request = RequestFor(call, form, stored.Key.Namespace, stored.Key.Name, options);
            try
            {
                await Told(call, request, () => deleter.DeleteAsync(request, options, call.Cancelled));
            }
            catch (ApiException refused) when (refused.Failure.Code == StatusCodes.Status404NotFound)
            {
                // somebody else was faster, and it is as we want it
            }
        }
        var wire = new ObjectWire(new ResponseShape(ObjectShape.Whole, ""), form.Resource, null, TimeProvider.System);
        Answers.Warn(call.Http, call.Warnings);
        call.Http.Response.ContentType = "application/json";
        await ListWriter.WriteAsync(call.Http.Response.BodyWriter, wire, form, new(store.Revision.ToString()), page.Items, call.Cancelled);
    }

    /// <summary>Sends what became of a write.</summary>
    public Task SendAsync(ApiCall call, ObjectForm form, WriteOutcome outcome) =>
        reads.SendAsync(call, outcome.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK, form, outcome.Text);

    /// <summary>Does a write, and keeps its warnings for the answer, whichever it is.</summary>
    public static async Task<T> Told<T>(ApiCall call, WriteRequest request, Func<Task<T>> write)
    {
        try
        {
            return await write();
        }
        finally
        {
            call.Warnings.AddRange(request.Warnings);
        }
    }

    /// <summary>The Status of a deletion that is done.</summary>
    public static JsonObject Success(ResourceType type, string name, string uid)
    {
        var details = new JsonObject { ["name"] = name };
        ApiFailure.Set(details, "group", type.Group);
        (details["kind"], details["uid"]) = (type.Plural, uid);
        return new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["details"] = details };
    }

    private static WriteRequest RequestFor(ApiCall call, ObjectForm form, string ns, string name, DeleteOptions options) => new(call.User, form, ns)
    {
        Name = name,
        Manager = "",
        IsDryRun = options.IsDryRun,
        Options = new JsonObject { ["kind"] = "DeleteOptions", ["apiVersion"] = "meta.k8s.io/v1" },
    };

    /// <summary>The body is about the object that the URL names.</summary>
    private static void RequireName(JsonObject item, string ns, string name)
    {
        var metadata = ObjectNames.MetadataOf(item);
        var own = metadata.Text("name");
        if (own.Length > 0 && own != name)
        {
            throw new ApiException(ApiFailure.BadRequest($"the name of the object ({own}) does not match the name on the URL ({name})"));
        }
        if (own.Length == 0)
        {
            metadata["name"] = name;
        }
        ObjectNames.AgreeOnNamespace(metadata, ns);
    }

    /// <summary>Resources whose deletion answers with the object and not with a Status.</summary>
    private static bool IsShownOnce(ResourceType type) =>
        type is { Group: "", Plural: "pods" or "namespaces" or "services" or "serviceaccounts" or "podtemplates" or "persistentvolumes" or "persistentvolumeclaims" or "resourcequotas" };
}
