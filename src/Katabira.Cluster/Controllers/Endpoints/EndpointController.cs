using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Objects;
using Katabira.Cluster.Resources;
using Katabira.Cluster.State;
using Katabira.Cluster.Storage;
using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Controllers.Endpoints;

/// <summary>Keeps, for each Service with a selector, the Endpoints and the EndpointSlices that say which pods answer. Those of other Services are their makers'.</summary>
internal sealed class EndpointController(ClusterClient client, ILogger logger)
{
    private static readonly GroupResource s_services = new("", "services");
    private static readonly GroupResource s_pods = new("", "pods");
    private static readonly GroupResource s_endpoints = new("", "endpoints");
    private static readonly GroupResource s_slices = new("discovery.k8s.io", "endpointslices");

    public Task RunAsync(CancellationToken cancel) => new Reconciler(client,
    [
        new(s_services, change => [change.Object.Key]),
        new(s_pods, change => ServicesOf(change)),
    ], ReconcileAsync, (e, key) => ControllerLog.Stumbled(logger, e, "endpoints", key)).RunAsync(cancel);

    private async Task<TimeSpan?> ReconcileAsync(StoreKey key, CancellationToken cancel)
    {
        var service = client.Find(s_services, key.Namespace, key.Name);
        if (service is null)
        {
            // the slices go with their owner; Endpoints have none, as upstream
            if (client.Find(s_endpoints, key.Namespace, key.Name) is { } left && left.Child("metadata").Child("labels")?.ContainsKey(EndpointObjects.ManagedLabel) == true)
            {
                await client.TryDeleteAsync(KeyOf(s_endpoints, left), left.Child("metadata").Text("uid"), Propagation.Background, cancel);
            }
            return null;
        }
        if (service.Child("spec").Child("selector") is not { Count: > 0 } || service.Child("spec").Text("type") == "ExternalName" || service.Child("metadata").Has("deletionTimestamp"))
        {
            return null;
        }
        var plan = EndpointPlan.Of(service, ClusterState.In(client.State.Store.Current, s_pods, key.Namespace));
        try
        {
            await SetEndpointsAsync(service, plan, cancel);
            await SetSlicesAsync(service, plan.IsEmpty ? [new EndpointSubset([], [])] : plan, cancel);
        }
        catch (ApiException refused) when (refused.Failure.Causes.Any(c => c.Reason == "NamespaceTerminating"))
        {
            // everything here goes anyway
        }
        return null;
    }

    private async Task SetEndpointsAsync(JsonObject service, ImmutableArray<EndpointSubset> plan, CancellationToken cancel)
    {
        var subsets = EndpointObjects.Subsets(plan);
        var key = KeyOf(s_endpoints, service);
        if (await client.TryUpdateAsync(key, "", live => Replace(live, "subsets", subsets), cancel))
        {
            return;
        }
        var labels = new JsonObject { [EndpointObjects.ManagedLabel] = "endpoint-controller" };
        foreach (var (name, value) in service.Labels())
        {
            labels[name] = value;
        }
        var made = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Endpoints", ["metadata"] = new JsonObject { ["name"] = service.NameOf(), ["labels"] = labels } };
        Replace(made, "subsets", subsets);
        await client.TryCreateAsync(s_endpoints, service.NamespaceOf(), made, cancel);
    }

    private async Task SetSlicesAsync(JsonObject service, ImmutableArray<EndpointSubset> plan, CancellationToken cancel)
    {
        var there = ClusterState.In(client.State.Store.Current, s_slices, service.NamespaceOf())
            .Where(s => s.Labels() is var l && l.GetValueOrDefault(EndpointObjects.ServiceLabel) == service.NameOf() && l.GetValueOrDefault(EndpointObjects.ManagedLabel) == EndpointObjects.ManagedBy)
            .ToList();
        foreach (var subset in plan)
        {
            var wanted = EndpointObjects.Slice(service, subset);
            // the slice with the same ports goes on; its name is what others may have written down
            var known = there.FirstOrDefault(s => JsonNode.DeepEquals(s["ports"], wanted["ports"])) ?? there.FirstOrDefault();
            if (known is null)
            {
                await client.CreateAsync(s_slices, service.NamespaceOf(), wanted, cancel);
                continue;
            }
            there.Remove(known);
            await client.TryUpdateAsync(KeyOf(s_slices, known), "", live =>
            {
                Replace(live, "endpoints", wanted["endpoints"]!.AsArray()); // not null: it was just made
                Replace(live, "ports", wanted["ports"]!.AsArray()); // as above
            }, cancel);
        }
        foreach (var surplus in there)
        {
            await client.TryDeleteAsync(KeyOf(s_slices, surplus), surplus.Child("metadata").Text("uid"), Propagation.Background, cancel);
        }
    }

    /// <summary>The Services that select a pod, as it is or as it was.</summary>
    private IEnumerable<StoreKey> ServicesOf(Change change)
    {
        var labels = new[] { change.Object, change.Previous }.OfType<StoredObject>().Select(s => StoredJson.Read(s).Labels()).ToList();
        foreach (var service in ClusterState.In(client.State.Store.Current, s_services, change.Object.Key.Namespace))
        {
            var selector = service.Child("spec").Pairs("selector").ToList();
            if (selector.Count > 0 && labels.Any(l => selector.All(s => l.GetValueOrDefault(s.Key) == s.Value)))
            {
                yield return KeyOf(s_services, service);
            }
        }
    }

    private static void Replace(JsonObject item, string field, JsonArray value)
    {
        if (value.Count == 0)
        {
            item.Remove(field);
        }
        else
        {
            item[field] = value.DeepClone();
        }
        if (field == "endpoints" && value.Count == 0)
        {
            item[field] = new JsonArray(); // a slice must say that it has none
        }
    }

    private static StoreKey KeyOf(GroupResource resource, JsonObject item) => new(resource.Group, resource.Plural, item.NamespaceOf(), item.NameOf());
}
