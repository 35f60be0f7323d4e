using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Api;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Resources;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Controllers;

/// <summary>
/// The cluster as its own controllers see it: the same rules as for everybody else (validation, admission, conflicts), without the wire. Thread-safe.
/// </summary>
/// <param name="manager">Under which name it owns the fields that it writes.</param>
internal sealed class ClusterClient(ClusterState state, ObjectWriter writer, ObjectDeleter deleter, string manager = "kube-controller-manager")
{
    private static readonly UserInfo s_user = new("system:kube-controller-manager", [UserInfo.Masters, UserInfo.Authenticated]);

    public ClusterState State => state;

    /// <summary>An object in its preferred version, a tree of the caller's own; null if there is none.</summary>
    public JsonObject? Find(GroupResource resource, string ns, string name)
    {
        var form = FormOf(resource);
        return state.Store.Get(form.KeyOf(ns, name)) is { } stored ? form.Read(stored) : null;
    }

    /// <summary>Adds an object, and gives it back as it is stored.</summary>
    /// <exception cref="ApiException">It cannot be created.</exception>
    public async Task<JsonObject> CreateAsync(GroupResource resource, string ns, JsonObject item, CancellationToken cancel)
    {
        var request = new WriteRequest(s_user, FormOf(resource), ns) { Manager = manager };
        return (await writer.CreateAsync(request, item, ownsFields: false, cancel)).Read();
    }

    /// <summary>Adds an object; false if it is there already.</summary>
    public async Task<bool> TryCreateAsync(GroupResource resource, string ns, JsonObject item, CancellationToken cancel)
    {
        try
        {
            await CreateAsync(resource, ns, item, cancel);
            return true;
        }
        catch (ApiException refused) when (refused.Failure.Reason == "AlreadyExists")
        {
            return false;
        }
    }

    /// <summary>Changes an object, again if somebody else was faster; false if it is gone.</summary>
    /// <param name="change">May change the tree it is given; called for each attempt.</param>
    public async Task<bool> TryUpdateAsync(StoreKey key, string subresource, Action<JsonObject> change, CancellationToken cancel)
    {
        try
        {
            var request = new WriteRequest(s_user, FormOf(key.Resource), key.Namespace) { Name = key.Name, Subresource = subresource, Manager = manager };
            await writer.UpdateAsync(request, live => Changed(live, change), ownsFields: false, cancel);
            return true;
        }
        catch (ApiException refused) when (refused.Failure.Code == 404)
        {
            return false;
        }
    }

    /// <summary>Deletes an object, as somebody would who asks for nothing special; false if it is gone.</summary>
    /// <param name="uid">Only this one; empty for whichever has the name.</param>
    public async Task<bool> TryDeleteAsync(StoreKey key, string uid, Propagation? propagation, CancellationToken cancel)
    {
        try
        {
            var request = new WriteRequest(s_user, FormOf(key.Resource), key.Namespace) { Name = key.Name, Manager = manager };
            await deleter.DeleteAsync(request, new DeleteOptions { Propagation = propagation, Uid = uid }, cancel);
            return true;
        }
        catch (ApiException refused) when (refused.Failure.Code is 404 or 409)
        {
            return false;
        }
    }

    /// <summary>Removes a pod whose processes have ended: nobody is waited for any more but its finalizers. False if it is gone.</summary>
    public async Task<bool> TryFinishAsync(StoreKey key, string uid, CancellationToken cancel)
    {
        try
        {
            var request = new WriteRequest(s_user, FormOf(key.Resource), key.Namespace) { Name = key.Name, Manager = manager };
            await deleter.DeleteAsync(request, new DeleteOptions { GracePeriodSeconds = 0, Uid = uid }, cancel);
            return true;
        }
        catch (ApiException refused) when (refused.Failure.Code is 404 or 409)
        {
            return false;
        }
    }

    private ObjectForm FormOf(GroupResource resource) =>
        state.Api.Catalog.FindType(resource.Group, resource.Plural) is { } type && state.Api.FormOf(new ServedResource(type, type.Versions[0])) is { } form
            ? form
            : throw new ApiException(ApiFailure.NotFound(resource.Group, resource.Plural, ""));

    private static JsonObject Changed(JsonObject live, Action<JsonObject> change)
    {
        var item = live.DeepClone().AsObject();
        change(item);
        return item;
    }
}
