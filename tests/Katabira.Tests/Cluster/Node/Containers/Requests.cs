using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Node.Containers;
using Katabira.Cluster.Node.Images;
using Katabira.Cluster.Resources;
using Katabira.Tests.Support;

namespace Katabira.Tests.Cluster.Node.Containers;

/// <summary>Containers of one small pod, with a ConfigMap and a Secret beside it.</summary>
internal static class Requests
{
    public static CatalogImage Image { get; } = new()
    {
        Name = "shop:1",
        Description = "",
        Command = ["/bin/shop"],
        Arguments = ["serve"],
        Environment = ["PATH=/usr/bin:/bin", "KIND=image"],
        User = new(1000, 2000),
        WorkingFolder = "/shop",
    };

    public static PodAddresses Addresses { get; } = new("node-1", IPAddress.Parse("10.244.0.1"), [IPAddress.Parse("10.244.0.7")]);

    public static NodeCapacity Capacity { get; } = new(4, 8L << 30, 100L << 30);

    public static FindInNamespace Find { get; } = (plural, name) => (plural, name) switch
    {
        ("configmaps", "settings") => new JsonObject { ["data"] = new JsonObject { ["COLOR"] = "blue", ["SIZE"] = "xl", ["a=b"] = "no name" } },
        ("secrets", "keys") => new JsonObject { ["data"] = new JsonObject { ["TOKEN"] = Convert.ToBase64String(Encoding.UTF8.GetBytes("s3cret")) } },
        _ => null,
    };

    /// <summary>A pod whose spec is given in YAML, with the metadata that every test expects.</summary>
    public static JsonObject Pod(string spec)
    {
        var pod = YamlJson.Node("""
            apiVersion: v1
            kind: Pod
            metadata:
              name: cart-5
              namespace: shop
              uid: 11-22
              labels: { app: cart, tier: back }
              annotations: { note: "two\nlines" }
            """)!.AsObject();
        pod["spec"] = YamlJson.Node(spec)!.AsObject();
        return pod;
    }

    /// <summary>The first container of a pod, from the YAML of the container.</summary>
    public static ContainerRequest Of(string container, string pod = "nodeName: node-1")
    {
        var made = Pod(pod);
        var first = YamlJson.Node(container)!.AsObject();
        first["name"] = "server";
        made["spec"]!["containers"] = new JsonArray(first);
        return new()
        {
            Pod = made,
            Container = made.Child("spec").Items("containers").First(),
            Image = Image,
            Find = Find,
            Addresses = Addresses,
            Capacity = Capacity,
            LogFile = "/logs/0.log",
        };
    }
}
