using System.Text.Json.Nodes;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Api;

/// <summary>Answers <c>namespaces/NAME/finalize</c>: those who clean up in a namespace say that they are done. Thread-safe.</summary>
internal sealed class NamespaceRequests(ObjectWriter writer, ResourceWrites writes)
{
    public async Task FinalizeAsync(ApiCall call, ObjectForm form, string name)
    {
        var request = WriteParameters.Read(call, "UpdateOptions").For(call, form, "", name, BuiltInForm.Finalize);
        var body = await RequestBody.ReadAsync(call.Http, form.Resource.Kind, isBuiltIn: true);
        call.Warnings.AddRange(form.Decode(body.Item, body.Duplicates, request.Validation));
        var outcome = await ResourceWrites.Told(call, request, () => writer.UpdateAsync(request, live => Finalized(live, body.Item), ownsFields: false, call.Cancelled));
        await writes.SendAsync(call, form, outcome);
    }

    /// <summary>The stored namespace with the finalizers of another.</summary>
    private static JsonObject Finalized(JsonObject live, JsonObject sent)
    {
        var item = live.DeepClone().AsObject();
        item.ChildOrNew("spec")!["finalizers"] = sent.Child("spec").Texts("finalizers").ToJson(); // not null: a stored namespace has a spec
        if (sent.Child("metadata").Text("resourceVersion") is { Length: > 0 } version)
        {
            ObjectNames.MetadataOf(item)["resourceVersion"] = version;
        }
        return item;
    }
}
