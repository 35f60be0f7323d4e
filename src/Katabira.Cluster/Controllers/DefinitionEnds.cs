using System.Text.Json.Nodes;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Resources;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Controllers;

/// <summary>Ends CustomResourceDefinitions: first all their objects are deleted, then they go themselves.</summary>
internal sealed class DefinitionEnds(ClusterClient client, Emptying emptying)
{
    public Task RunAsync(CancellationToken cancel) => new Endings(client, CustomResources.Definitions, EndAsync).RunAsync(cancel);

    private async Task EndAsync(JsonObject item, CancellationToken cancel)
    {
        var spec = item.Child("spec");
        var place = new StoreRange(new(spec.Text("group"), spec.Child("names").Text("plural")));
        while (client.State.Api.Catalog.FindType(place.Resource.Group, place.Resource.Plural) is { IsCustom: true })
        {
            var (left, seen) = await emptying.DeleteAllAsync([place], cancel);
            if (left.Count == 0)
            {
                break;
            }
            await emptying.WaitAsync(left, seen, cancel);
        }
        var key = new StoreKey(CustomResources.Definitions.Group, CustomResources.Definitions.Plural, "", item.NameOf());
        await client.TryUpdateAsync(key, "", Release, cancel);
    }

    private static void Release(JsonObject crd)
    {
        if (crd.Child("metadata") is { } metadata)
        {
            metadata["finalizers"] = metadata.Texts("finalizers").Where(f => f != DefinitionForm.Finalizer).ToJson();
        }
    }
}
