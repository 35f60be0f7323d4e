using System.Text.Json.Nodes;
using Katabira.Cluster.Node.Containers;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Containers;

public class ServiceVariablesTests
{
    private static readonly JsonObject[] s_services =
    [
        Service("default", "kubernetes", "clusterIP: 10.96.0.1, ports: [{ name: https, port: 443, protocol: TCP }]"),
        Service("shop", "redis-cart", "clusterIP: 10.96.0.5, ports: [{ name: tls-redis, port: 6379 }, { port: 53, protocol: UDP }]"),
        Service("shop", "headless", "clusterIP: None, ports: [{ port: 80 }]"),
        Service("other", "away", "clusterIP: 10.96.0.9, ports: [{ port: 80 }]"),
    ];

    [Fact]
    public void Of_Services_AreThoseOfThePodsNamespaceAndTheApi()
    {
        var variables = ServiceVariables.Of(Requests.Pod("{}"), s_services);

        Assert.Equal(
            [
                "KUBERNETES_PORT=tcp://10.96.0.1:443", "KUBERNETES_PORT_443_TCP=tcp://10.96.0.1:443", "KUBERNETES_PORT_443_TCP_ADDR=10.96.0.1",
                "KUBERNETES_PORT_443_TCP_PORT=443", "KUBERNETES_PORT_443_TCP_PROTO=tcp", "KUBERNETES_SERVICE_HOST=10.96.0.1",
                "KUBERNETES_SERVICE_PORT=443", "KUBERNETES_SERVICE_PORT_HTTPS=443",
                "REDIS_CART_PORT=tcp://10.96.0.5:6379", "REDIS_CART_PORT_53_UDP=udp://10.96.0.5:53", "REDIS_CART_PORT_53_UDP_ADDR=10.96.0.5",
                "REDIS_CART_PORT_53_UDP_PORT=53", "REDIS_CART_PORT_53_UDP_PROTO=udp", "REDIS_CART_PORT_6379_TCP=tcp://10.96.0.5:6379",
                "REDIS_CART_PORT_6379_TCP_ADDR=10.96.0.5", "REDIS_CART_PORT_6379_TCP_PORT=6379", "REDIS_CART_PORT_6379_TCP_PROTO=tcp",
                "REDIS_CART_SERVICE_HOST=10.96.0.5", "REDIS_CART_SERVICE_PORT=6379", "REDIS_CART_SERVICE_PORT_TLS_REDIS=6379",
            ],
            variables.Select(v => $"{v.Key}={v.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_PodWithoutLinks_KnowsTheApiOnly() =>
        Assert.All(ServiceVariables.Of(Requests.Pod("enableServiceLinks: false"), s_services).Keys, name => Assert.StartsWith("KUBERNETES_", name, StringComparison.Ordinal));

    [Fact]
    public void Of_OwnServiceOfTheApisName_Counts()
    {
        var own = Service("shop", "kubernetes", "clusterIP: 10.96.7.7, ports: [{ port: 1 }]");

        Assert.Equal("10.96.7.7", ServiceVariables.Of(Requests.Pod("{}"), [own, .. s_services])["KUBERNETES_SERVICE_HOST"]);
    }

    private static JsonObject Service(string ns, string name, string spec) =>
        YamlJson.Node($"{{ metadata: {{ namespace: {ns}, name: {name} }}, spec: {{ {spec} }} }}")!.AsObject();
}
