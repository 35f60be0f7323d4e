using System.Text.Json.Nodes;

namespace Katabira.Tests.Cluster.Network;

/// <summary>Services and EndpointSlices as the API server stores them, as short as tests can have them.</summary>
internal static class ServiceObjects
{
    public static JsonObject Service(string name, string address, params JsonObject[] ports) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "shop" },
        ["spec"] = new JsonObject
        {
            ["type"] = "ClusterIP",
            ["clusterIP"] = address,
            ["clusterIPs"] = new JsonArray(address),
            ["ports"] = new JsonArray([.. ports]),
        },
    };

    public static JsonObject Port(int port, string name = "", string protocol = "TCP", int nodePort = 0)
    {
        var json = new JsonObject { ["port"] = port, ["protocol"] = protocol };
        if (name.Length > 0)
        {
            json["name"] = name;
        }
        if (nodePort > 0)
        {
            json["nodePort"] = nodePort;
        }
        return json;
    }

    public static JsonObject OfType(this JsonObject service, string type)
    {
        service["spec"]!["type"] = type;
        return service;
    }

    public static JsonObject Balanced(this JsonObject service, string address)
    {
        service["status"] = new JsonObject { ["loadBalancer"] = new JsonObject { ["ingress"] = new JsonArray(new JsonObject { ["ip"] = address }) } };
        return service.OfType("LoadBalancer");
    }

    public static JsonObject Slice(string service, JsonObject[] ports, params JsonObject[] endpoints) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = service + "-1",
            ["namespace"] = "shop",
            ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = service },
        },
        ["addressType"] = "IPv4",
        ["ports"] = new JsonArray([.. ports]),
        ["endpoints"] = new JsonArray([.. endpoints]),
    };

    public static JsonObject Endpoint(string address, bool isReady = true, bool isEnding = false, string hostname = "")
    {
        var json = new JsonObject
        {
            ["addresses"] = new JsonArray(address),
            ["conditions"] = new JsonObject { ["ready"] = isReady, ["serving"] = isReady || isEnding, ["terminating"] = isEnding },
        };
        if (hostname.Length > 0)
        {
            json["hostname"] = hostname;
        }
        return json;
    }
}
