using System.Text.Json;
using Katabira.Model.Destinations;
using Katabira.Model.Kinds;
using Katabira.Model.Mesh;
using Katabira.Model.Resources;
using Katabira.Tests.Mtls;
using Xunit;

namespace Katabira.Tests.Destinations;

/// <summary>Short forms for DestinationRules in tables.</summary>
internal static class Rules
{
    /// <summary>A rule from the JSON of its specification, single quotes allowed.</summary>
    public static Resource<DestinationRule> FromJson(string key, string spec, int age = 0)
    {
        var parts = key.Split('/');
        using var json = JsonDocument.Parse($$"""
            {"apiVersion":"networking.istio.io/v1","kind":"DestinationRule",
             "metadata":{"namespace":"{{parts[0]}}","name":"{{parts[1]}}","creationTimestamp":"{{Given.Now.AddSeconds(-age):yyyy-MM-ddTHH:mm:ssZ}}"},
             "spec":{{spec.Replace('\'', '"')}}}
            """);
        DestinationRule.Kind.Read(json.RootElement, out var rule);
        return Assert.IsType<Resource<DestinationRule>>(rule);
    }

    /// <summary>A rule with one TLS mode, or with a traffic policy that says nothing of TLS.</summary>
    public static Resource<DestinationRule> Rule(string key, string host, string? tls, int age = 0, string more = "") =>
        FromJson(key, tls is null
            ? $"{{'host':'{host}','trafficPolicy':{{'loadBalancer':{{'simple':'PASSTHROUGH'}}}}{more}}}"
            : $"{{'host':'{host}','trafficPolicy':{{'tls':{{'mode':'{tls}'}}}}{more}}}", age);

    public static DestinationAnswer Ask(
        this IEnumerable<Resource<DestinationRule>> rules, string client = "client", string labels = "", uint port = 80, string? subset = null, bool gateway = false) =>
        DestinationRules.Of(new MeshSettings(), rules).Find(
            new DestinationClient(client, Given.Labels(labels), gateway),
            new DialledService("example.ns.svc.cluster.local", "ns", port, subset));
}
