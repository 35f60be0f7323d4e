using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Controllers;

/// <summary>
/// Lets objects go with their owners: after them (background), before them (foreground), or not at all (orphan). Every decision looks at the store as
/// it is now; the changes only say where to look. One owner runs it.
/// </summary>
/// <remarks>Behaviour: kubernetes/kubernetes pkg/controller/garbagecollector.</remarks>
internal sealed class GarbageCollector(ClusterClient client)
{
    public Task RunAsync(CancellationToken cancel)
    {
        var index = new OwnerIndex();
        return new EveryChange(client).ReadAsync(change => TakeAsync(index, change, cancel), cancel);
    }

    private async Task TakeAsync(OwnerIndex index, Change change, CancellationToken cancel)
    {
        var (key, item) = (change.Object.Key, StoredJson.Read(change.Object));
        var uid = item.Child("metadata").Text("uid");
        if (change.Type == ChangeType.Deleted)
        {
            index.Set(key, []);
            foreach (var dependent in index.DependentsOf(uid))
            {
                await JudgeAsync(dependent, cancel);
            }
            await ReleaseOwnersAsync(index, item, cancel);
            return;
        }
        var owners = OwnerReference.Of(item);
        index.Set(key, [.. owners.Select(o => o.Uid)]);
        if (item.Child("metadata").Has("deletionTimestamp"))
        {
            await EndAsync(index, key, cancel);
        }
        else if (!owners.IsEmpty)
        {
            await JudgeAsync(key, cancel);
        }
    }

    /// <summary>Deletes an object whose owners are all gone or waiting for it; takes out references to those that are gone if others are not.</summary>
    private async Task JudgeAsync(StoreKey key, CancellationToken cancel)
    {
        if (client.State.Store.Get(key) is not { } stored)
        {
            return;
        }
        var item = StoredJson.Read(stored);
        var owners = OwnerReference.Of(item).Select(o => (Reference: o, Owner: FindOwner(o, key.Namespace))).ToList();
        if (owners.Count == 0 || item.Child("metadata").Has("deletionTimestamp"))
        {
            return;
        }
        if (owners.Any(o => KeyOf(o.Reference, key.Namespace) is null))
        {
            // whether an owner of a kind that is not served is gone, nobody knows
            return;
        }
        var uid = item.Child("metadata").Text("uid");
        if (owners.Any(o => o.Owner is not null && !WaitsForDependents(o.Owner)))
        {
            HashSet<string> gone = [.. owners.Where(o => o.Owner is null || WaitsForDependents(o.Owner)).Select(o => o.Reference.Uid)];
            if (gone.Count > 0)
            {
                await client.TryUpdateAsync(key, "", live => Forget(live, gone), cancel);
            }
            return;
        }
        var isForeground = owners.Any(o => o.Owner is not null);
        await client.TryDeleteAsync(key, uid, isForeground ? Propagation.Foreground : Propagation.Background, cancel);
    }

    /// <summary>An object that waits: for its dependents to forget it, or to go before it.</summary>
    private async Task EndAsync(OwnerIndex index, StoreKey key, CancellationToken cancel)
    {
        if (client.State.Store.Get(key) is not { } stored)
        {
            return;
        }
        var metadata = StoredJson.Read(stored).Child("metadata");
        var (uid, finalizers) = (metadata.Text("uid"), metadata.Texts("finalizers"));
        if (finalizers.Contains(ObjectDeleter.OrphanFinalizer))
        {
            foreach (var dependent in index.DependentsOf(uid))
            {
                await client.TryUpdateAsync(dependent, "", live => Forget(live, [uid]), cancel);
            }
            await client.TryUpdateAsync(key, "", live => Release(live, ObjectDeleter.OrphanFinalizer), cancel);
        }
        else if (finalizers.Contains(ObjectDeleter.ForegroundFinalizer))
        {
            foreach (var dependent in index.DependentsOf(uid))
            {
                await JudgeAsync(dependent, cancel);
            }
            if (!index.DependentsOf(uid).Any(d => Blocks(d, uid)))
            {
                await client.TryUpdateAsync(key, "", live => Release(live, ObjectDeleter.ForegroundFinalizer), cancel);
            }
        }
    }

    /// <summary>Looks again at those who waited for an object that is gone now.</summary>
    private async Task ReleaseOwnersAsync(OwnerIndex index, JsonObject gone, CancellationToken cancel)
    {
        foreach (var reference in OwnerReference.Of(gone))
        {
            if (KeyOf(reference, gone.NamespaceOf()) is { } key)
            {
                await EndAsync(index, key, cancel);
            }
        }
    }

    private bool Blocks(StoreKey dependent, string owner) =>
        client.State.Store.Get(dependent) is { } stored && OwnerReference.Of(StoredJson.Read(stored)).Any(o => o.Uid == owner && o.Blocks);

    private JsonObject? FindOwner(OwnerReference reference, string ns) =>
        KeyOf(reference, ns) is { } key && client.State.Store.Get(key) is { } stored && StoredJson.Read(stored) is var owner && owner.Child("metadata").Text("uid") == reference.Uid
            ? owner
            : null;

    /// <summary>Where an owner lies: in the dependent's namespace, or in none. Null for a kind that is not served, or that cannot own something in no namespace.</summary>
    private StoreKey? KeyOf(OwnerReference reference, string ns) =>
        client.State.Api.FormOf(reference.Kind) is { } form && (!form.Type.Namespaced || ns.Length > 0) && form.KeyOf(form.Type.Namespaced ? ns : "", reference.Name) is { IsStorable: true } key ? key : null;

    private static bool WaitsForDependents(JsonObject owner) =>
        owner.Child("metadata").Has("deletionTimestamp") && owner.Child("metadata").Texts("finalizers").Contains(ObjectDeleter.ForegroundFinalizer);

    private static void Forget(JsonObject item, IReadOnlyCollection<string> uids)
    {
        if (item.Child("metadata") is not { } metadata || metadata.List("ownerReferences") is not { } references)
        {
            return;
        }
        references.RemoveAll(r => r is JsonObject reference && uids.Contains(reference.Text("uid")));
        if (references.Count == 0)
        {
            metadata.Remove("ownerReferences");
        }
    }

    private static void Release(JsonObject item, string finalizer)
    {
        if (item.Child("metadata") is not { } metadata)
        {
            return;
        }
        var left = metadata.Texts("finalizers").Remove(finalizer);
        metadata["finalizers"] = left.ToJson();
        if (left.IsEmpty)
        {
            metadata.Remove("finalizers");
        }
    }
}
