using System.Text.Json.Nodes;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Resources;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;
using Microsoft.AspNetCore.Http;

namespace Katabira.Cluster.Api;

/// <summary>Answers the subresources of pods: those that end or place one, and those that a node answers. Thread-safe.</summary>
internal sealed class PodRequests(ClusterState state, ObjectWriter writer, ObjectDeleter deleter, PodStreams? streams)
{
    private static readonly GroupVersionKind s_eviction = new("policy", "v1", "Eviction");
    private static readonly GroupVersionKind s_binding = new("", "v1", "Binding");

    /// <summary>A deletion that somebody who empties a node asks for.</summary>
    public async Task EvictAsync(ApiCall call, ObjectForm form, string ns, string name)
    {
        var body = await RequestBody.ReadAsync(call.Http, s_eviction, isBuiltIn: true, older: "policy/v1beta1");
        if (body.Item.NameOf() is { Length: > 0 } named && named != name)
        {
            throw new ApiException(ApiFailure.BadRequest("name in URL does not match name in Eviction object"));
        }
        var options = DeleteOptions.Read(body.Item.Child("deleteOptions"), call.Query);
        var request = new WriteRequest(call.User, form, ns) { Name = name, Manager = "", IsDryRun = options.IsDryRun };
        await ResourceWrites.Told(call, request, () => deleter.DeleteAsync(request, options, call.Cancelled));
        Answers.Warn(call.Http, call.Warnings);
        await Answers.SendAsync(call.Http, StatusCodes.Status201Created,
            new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = StatusCodes.Status201Created });
    }

    /// <summary>A scheduler's word on which node a pod is to run.</summary>
    public async Task BindAsync(ApiCall call, ObjectForm form, string ns, string name)
    {
        var parameters = WriteParameters.Read(call, "CreateOptions");
        var body = await RequestBody.ReadAsync(call.Http, s_binding, isBuiltIn: true);
        var target = body.Item.Child("target");
        var node = target.Text("name");
        if (node.Length == 0 || target.Text("kind") is not ("" or "Node"))
        {
            var cause = node.Length == 0
                ? new StatusCause("FieldValueRequired", "Required value", "target.name")
                : new StatusCause("FieldValueNotSupported", $"Unsupported value: \"{target.Text("kind")}\": supported values: \"Node\", \"\"", "target.kind");
            throw new ApiException(ApiFailure.Invalid("", "Binding", name, [cause]));
        }
        var request = parameters.For(call, form, ns, name, "binding");
        await ResourceWrites.Told(call, request, () => writer.UpdateAsync(request, pod => Bound(pod, name, node), ownsFields: false, call.Cancelled));
        await Answers.SendAsync(call.Http, StatusCodes.Status201Created,
            new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = StatusCodes.Status201Created });
    }

    /// <summary>What only the node can answer: logs, and the streams into a container.</summary>
    /// <exception cref="ApiException">There is no such pod, or nobody runs it.</exception>
    public Task ConnectAsync(ApiCall call, ObjectForm form, string ns, string name, string what)
    {
        var stored = state.Store.Get(form.KeyOf(ns, name)) ?? throw new ApiException(ApiFailure.NotFound("", "pods", name));
        var pod = StoredJson.Read(stored);
        var node = pod.Child("spec").Text("nodeName");
        if (node.Length == 0)
        {
            throw new ApiException(ApiFailure.BadRequest($"pod {name} does not have a host assigned"));
        }
        return streams?.HandleAsync(call, what, pod) ?? throw new ApiException(ApiFailure.Internal($"error dialing backend: nobody answers for the node \"{node}\""));
    }

    private static JsonObject Bound(JsonObject pod, string name, string node)
    {
        if (pod.Child("spec").Text("nodeName") is { Length: > 0 } other)
        {
            throw new ApiException(ApiFailure.Conflict("", "pods/binding", name, $"pod {name} is already assigned to node \"{other}\""));
        }
        var bound = pod.DeepClone().AsObject();
        bound.ChildOrNew("spec")!["nodeName"] = node; // not null: a stored pod has a spec
        return bound;
    }
}
