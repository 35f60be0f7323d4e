using System.Text.Json.Nodes;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Controllers;

/// <summary>Ends namespaces: everything in one is deleted, and when nothing is left it goes itself. Meanwhile its conditions say what is waited for.</summary>
internal sealed class NamespaceEnds(ClusterClient client, Emptying emptying)
{
    private const string Finalizer = "kubernetes";
    private static readonly GroupResource s_namespaces = new("", "namespaces");

    public Task RunAsync(CancellationToken cancel) => new Endings(client, s_namespaces, EndAsync).RunAsync(cancel);

    private async Task EndAsync(JsonObject item, CancellationToken cancel)
    {
        var name = item.NameOf();
        var key = new StoreKey("", "namespaces", "", name);
        while (true)
        {
            var places = client.State.Api.Forms.Where(f => f.Type.Namespaced).Select(f => new StoreRange(f.Home, name)).Distinct().ToList();
            var (left, seen) = await emptying.DeleteAllAsync(places, cancel);
            if (left.Count == 0)
            {
                break;
            }
            await client.TryUpdateAsync(key, Subresource.StatusName, ns => Explain(ns, left), cancel);
            await emptying.WaitAsync(left, seen, cancel);
        }
        await client.TryUpdateAsync(key, BuiltInForm.Finalize, Release, cancel);
        // what a request that began before the end has put there since
        var all = client.State.Api.Forms.Where(f => f.Type.Namespaced).Select(f => new StoreRange(f.Home, name)).Distinct().ToList();
        if (client.State.Namespace(name) is null)
        {
            await emptying.DeleteAllAsync(all, cancel);
        }
    }

    private static void Release(JsonObject ns)
    {
        if (ns.Child("spec") is { } spec)
        {
            spec["finalizers"] = spec.Texts("finalizers").Where(f => f != Finalizer).ToJson();
        }
    }

    /// <summary>May change: the conditions that <c>kubectl describe namespace</c> shows.</summary>
    private void Explain(JsonObject ns, IReadOnlyList<StoreRange> left)
    {
        if (ns.ChildOrNew("status") is not { } status)
        {
            return;
        }
        var objects = left.SelectMany(ObjectsIn).Select(StoredJson.Read).ToList();
        var finalizers = objects.SelectMany(o => o.Child("metadata").Texts("finalizers")).CountBy(f => f).OrderBy(f => f.Key, StringComparer.Ordinal).ToList();
        var content = left.Select(place => $"{place.Resource.Plural}.{place.Resource.Group} has {ObjectsIn(place).Count()} resource instances");
        var names = string.Join(", ", finalizers.Select(f => $"{f.Key} in {f.Value} resource instances"));
        var conditions = new NamespaceConditions(status, client.State.Time.Now());
        conditions.Set("NamespaceDeletionDiscoveryFailure", false, "ResourcesDiscovered", "All resources successfully discovered");
        conditions.Set("NamespaceDeletionGroupVersionParsingFailure", false, "ParsedGroupVersions", "All legacy kube types successfully parsed");
        conditions.Set("NamespaceDeletionContentFailure", false, "ContentDeleted", "All content successfully deleted, may be waiting on finalization");
        conditions.Set("NamespaceContentRemaining", objects.Count > 0, objects.Count > 0 ? "SomeResourcesRemain" : "ContentRemoved",
            objects.Count > 0 ? $"Some resources are remaining: {string.Join(", ", content)}" : "All content successfully removed");
        conditions.Set("NamespaceFinalizersRemaining", finalizers.Count > 0, finalizers.Count > 0 ? "SomeFinalizersRemain" : "ContentHasNoFinalizers",
            finalizers.Count > 0 ? $"Some content in the namespace has finalizers remaining: {names}" : "All content-preserving finalizers finished");
    }

    private IEnumerable<StoredObject> ObjectsIn(StoreRange place)
    {
        var range = client.State.Store.Current.Range(place);
        return Enumerable.Range(0, range.Count).Select(i => range[i]);
    }
}

/// <summary>The conditions of a namespace's status.</summary>
/// <param name="status">Changed by <see cref="Set"/>.</param>
/// <param name="now">The time of what changes.</param>
internal sealed class NamespaceConditions(JsonObject status, string now)
{
    public void Set(string type, bool holds, string reason, string message)
    {
        var list = status.List("conditions");
        if (list is null)
        {
            status["conditions"] = list = [];
        }
        var value = holds ? "True" : "False";
        var before = list.OfType<JsonObject>().FirstOrDefault(c => c.Text("type") == type);
        var since = before.Text("status") == value ? before.Text("lastTransitionTime") : now;
        if (before is not null)
        {
            list.Remove(before);
        }
        list.Add(new JsonObject { ["type"] = type, ["status"] = value, ["lastTransitionTime"] = since, ["reason"] = reason, ["message"] = message });
    }
}
