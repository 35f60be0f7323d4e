using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Controllers.Endpoints;

/// <summary>The two forms in which clients read which pods answer for a Service. Pure.</summary>
internal static class EndpointObjects
{
    public const string ServiceLabel = "kubernetes.io/service-name";
    public const string ManagedLabel = "endpointslice.kubernetes.io/managed-by";
    public const string ManagedBy = "endpointslice-controller.k8s.io";

    /// <summary>The <c>subsets</c> of the Endpoints object.</summary>
    public static JsonArray Subsets(ImmutableArray<EndpointSubset> plan)
    {
        var subsets = new JsonArray();
        foreach (var subset in plan)
        {
            var json = new JsonObject();
            SetAny(json, "addresses", subset.Addresses.Where(a => a.IsReady).Select(Address));
            SetAny(json, "notReadyAddresses", subset.Addresses.Where(a => !a.IsReady && !a.IsEnding).Select(Address));
            if (json.Count > 0)
            {
                SetAny(json, "ports", subset.Ports.Select(p => Port(p, withEmptyName: false)));
                subsets.Add((JsonNode)json);
            }
        }
        return subsets;
    }

    /// <summary>A slice, without its name.</summary>
    public static JsonObject Slice(JsonObject service, EndpointSubset subset) => new()
    {
        ["apiVersion"] = "discovery.k8s.io/v1",
        ["kind"] = "EndpointSlice",
        ["metadata"] = new JsonObject
        {
            ["generateName"] = $"{service.NameOf()}-",
            ["labels"] = Labels(service),
            ["ownerReferences"] = Owned.By(service),
        },
        ["addressType"] = "IPv4",
        ["endpoints"] = new JsonArray([.. subset.Addresses.Select(Endpoint)]),
        ["ports"] = new JsonArray([.. subset.Ports.Select(p => (JsonNode)Port(p, withEmptyName: true))]),
    };

    private static JsonObject Labels(JsonObject service)
    {
        var labels = new JsonObject();
        foreach (var (name, value) in service.Labels())
        {
            labels[name] = value;
        }
        (labels[ManagedLabel], labels[ServiceLabel]) = (ManagedBy, service.NameOf());
        if (service.Child("spec").Text("clusterIP") == "None")
        {
            labels["service.kubernetes.io/headless"] = "";
        }
        return labels;
    }

    private static JsonNode Endpoint(EndpointAddress address)
    {
        var json = new JsonObject
        {
            ["addresses"] = new JsonArray(address.Address),
            ["conditions"] = new JsonObject { ["ready"] = address.IsReady, ["serving"] = address.IsServing, ["terminating"] = address.IsEnding },
        };
        ApiFailure.Set(json, "hostname", address.Pod.Child("spec").Text("hostname"));
        json["targetRef"] = EndpointPlan.TargetOf(address.Pod);
        ApiFailure.Set(json, "nodeName", address.Pod.Child("spec").Text("nodeName"));
        return json;
    }

    private static JsonNode Address(EndpointAddress address)
    {
        var json = new JsonObject { ["ip"] = address.Address };
        ApiFailure.Set(json, "hostname", address.Pod.Child("spec").Text("hostname"));
        ApiFailure.Set(json, "nodeName", address.Pod.Child("spec").Text("nodeName"));
        json["targetRef"] = EndpointPlan.TargetOf(address.Pod);
        return json;
    }

    private static JsonObject Port(EndpointPort port, bool withEmptyName)
    {
        var json = new JsonObject();
        if (port.Name.Length > 0 || withEmptyName)
        {
            json["name"] = port.Name;
        }
        (json["port"], json["protocol"]) = (port.Number, port.Protocol);
        ApiFailure.Set(json, "appProtocol", port.AppProtocol);
        return json;
    }

    private static void SetAny(JsonObject json, string field, IEnumerable<JsonNode> items)
    {
        JsonNode[] all = [.. items];
        if (all.Length > 0)
        {
            json[field] = new JsonArray(all);
        }
    }
}
