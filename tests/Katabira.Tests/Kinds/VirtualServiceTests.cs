using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Model.Kinds;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Kinds;

/// <summary>Hosts, gateways, delegates, visibility, and the routes of connections. Routes of requests have tests of their own.</summary>
public class VirtualServiceTests
{
    private const string AnyHttp = """ "http": [{ "route": [{ "destination": { "host": "reviews" } }] }] """;

    [Theory]
    [InlineData("""{ "hosts": ["reviews"], HTTP }""")]
    [InlineData("""{ "hosts": ["reviews.shop.svc.cluster.local", "*.example.com", "*-eu.example.org", "*foo.bar", "10.0.0.1", "fd00::1"], HTTP }""")]
    [InlineData("""{ "hosts": ["*"], "gateways": ["istio-system/public"], HTTP }""")]
    [InlineData("""{ "hosts": ["reviews"], "gateways": ["mesh", "public", "istio-system/public"], HTTP }""")]
    [InlineData("""{ HTTP }""")]
    [InlineData("""{ "hosts": ["reviews"], "exportTo": [".", "billing"], HTTP }""")]
    [InlineData("""{ "hosts": ["reviews"], "exportTo": ["*"], HTTP }""")]
    [InlineData("""{ "hosts": ["reviews"], "http": [{ "delegate": { "name": "reviews", "namespace": "billing" } }] }""")]
    [InlineData("""{ "hosts": ["db"], "tcp": [{ "match": [{ "port": 5432, "destinationSubnets": ["10.0.0.0/8", "fd00::1"], "sourceLabels": { "app": "web" }, "sourceNamespace": "shop" }], ROUTE }] }""")]
    [InlineData("""{ "hosts": ["*.example.com"], "tls": [{ "match": [{ "sniHosts": ["a.example.com", "*.b.example.com", "*c.example.com"], "port": 443 }], ROUTE }] }""")]
    [InlineData("""{ "hosts": ["outbound_.80_.v1_.reviews.shop.mesh"], "gateways": ["public"], "tls": [{ "match": [{ "sniHosts": ["outbound_.80_.v1_.reviews.shop.mesh"] }], ROUTE }] }""")]
    public void Spec_Right_IsSilentlyAccepted(string spec) =>
        Verdict.Warns(VirtualService.Kind, Full(spec));

    [Theory]
    [InlineData("""{ "hosts": ["foo.ba!r", "a.*.com", "", "default/b"], HTTP }""",
        "spec.hosts[0]: Invalid value: \"foo.ba!r\": must be a host name, a wildcard host or an IP address",
        "spec.hosts[1]: Invalid value: \"a.*.com\": must be a host name, a wildcard host or an IP address",
        "spec.hosts[2]: Invalid value: \"\": must be a host name, a wildcard host or an IP address",
        "spec.hosts[3]: Invalid value: \"default/b\": must be a host name, a wildcard host or an IP address")]
    [InlineData("""{ "hosts": ["a.com", "b.com", "A.com"], HTTP }""", "spec.hosts[2]: Duplicate value: \"A.com\"")]
    [InlineData("""{ "hosts": ["*.foo.bar", "*.bar"], HTTP }""", "spec.hosts[0]: Invalid value: \"*.foo.bar\": duplicate hosts in virtual service: \"*.bar\" includes it")]
    [InlineData("""{ "hosts": ["*-x.bar", "a-x.bar"], HTTP }""", "spec.hosts[1]: Invalid value: \"a-x.bar\": duplicate hosts in virtual service: \"*-x.bar\" includes it")]
    [InlineData("""{ "hosts": ["*foo.bar", "xfoo.bar", "foo.bar", "o.bar", "*.foo.bar"], HTTP }""",
        "spec.hosts[1]: Invalid value: \"xfoo.bar\": duplicate hosts in virtual service: \"*foo.bar\" includes it",
        "spec.hosts[2]: Invalid value: \"foo.bar\": duplicate hosts in virtual service: \"*foo.bar\" includes it",
        "spec.hosts[4]: Invalid value: \"*.foo.bar\": duplicate hosts in virtual service: \"*foo.bar\" includes it")]
    [InlineData("""{ "hosts": ["[::1]", "010.0.0.1", "fe80::1%eth0"], HTTP }""",
        "spec.hosts[0]: Invalid value: \"[::1]\": must be a host name, a wildcard host or an IP address",
        "spec.hosts[1]: Invalid value: \"010.0.0.1\": must be a host name, a wildcard host or an IP address",
        "spec.hosts[2]: Invalid value: \"fe80::1%eth0\": must be a host name, a wildcard host or an IP address")]
    [InlineData("""{ "hosts": ["*"], HTTP }""", "spec.hosts[0]: Invalid value: \"*\": wildcard host * is not allowed for virtual services bound to the mesh gateway")]
    [InlineData("""{ "hosts": ["*"], "gateways": ["public", "mesh"], HTTP }""", "spec.hosts[0]: Invalid value: \"*\": wildcard host * is not allowed for virtual services bound to the mesh gateway")]
    [InlineData("""{ "hosts": ["outbound_.80_._.a.b"], HTTP }""", "spec.hosts[0]: Invalid value: \"outbound_.80_._.a.b\": must be a host name, a wildcard host or an IP address")]
    [InlineData("""{ "hosts": ["a"], "gateways": ["b@d", "ns1/*", "*/gw", "/gw", "ns/", "a/b/c"], HTTP }""",
        "spec.gateways[0]: Invalid value: \"b@d\": must be mesh, the name of a gateway, or namespace/name",
        "spec.gateways[1]: Invalid value: \"ns1/*\": namespace and name of a gateway must be DNS labels",
        "spec.gateways[2]: Invalid value: \"*/gw\": namespace and name of a gateway must be DNS labels",
        "spec.gateways[3]: Invalid value: \"/gw\": namespace and name of a gateway must be DNS labels",
        "spec.gateways[4]: Invalid value: \"ns/\": namespace and name of a gateway must be DNS labels",
        "spec.gateways[5]: Invalid value: \"a/b/c\": namespace and name of a gateway must be DNS labels")]
    [InlineData("""{ "hosts": ["a"] }""", "spec: Invalid value: \"object\": http, tcp or tls must be provided in virtual service")]
    [InlineData("""{ "hosts": ["a"], "http": [], "tcp": [] }""", "spec: Invalid value: \"object\": http, tcp or tls must be provided in virtual service")]
    [InlineData("""{ "hosts": ["a"], "exportTo": [".", "shop", "~", "no.label"], HTTP }""",
        "spec.exportTo[1]: Duplicate value: \"shop\"",
        "spec.exportTo[2]: Invalid value: \"~\": ~ (none) is only allowed for services",
        "spec.exportTo[3]: Invalid value: \"no.label\": only ., *, or a valid DNS 1123 label is allowed as exportTo entry")]
    [InlineData("""{ "hosts": ["a"], "exportTo": ["*", "billing"], HTTP }""", "spec.exportTo: Invalid value: \"object\": * must be the only entry")]
    public void Spec_Wrong_EveryMistakeIsNamed(string spec, params string[] expected) =>
        Verdict.Refuses(VirtualService.Kind, Full(spec), expected);

    [Fact]
    public void Delegate_WithWhatBelongsToItsCaller_IsRefused() =>
        Assert.Equal(
            [
                "spec.gateways: Forbidden: a virtual service without hosts is a delegate, which has http routes only",
                "spec.tls: Forbidden: a virtual service without hosts is a delegate, which has http routes only",
                "spec.tcp: Forbidden: a virtual service without hosts is a delegate, which has http routes only",
                "spec.http[0].delegate: Forbidden: delegate HTTP route cannot contain delegate",
            ],
            Verdict.Errors(VirtualService.Kind, Full("""
                {
                  "gateways": ["public"],
                  "http": [{ "delegate": { "name": "another" } }],
                  "tls": [{ "match": [{ "sniHosts": ["a"] }], ROUTE }],
                  "tcp": [{ ROUTE }]
                }
                """)));

    [Theory]
    [InlineData("""{ "match": [{ "port": 999 }] }""", "spec.tcp[0].route: Required value")]
    [InlineData("""{ ROUTE, "match": [{ "port": 65536, "destinationSubnets": ["10.0.0.0/33", "x"], "sourceSubnet": "10.0", "sourceNamespace": "-", "gateways": ["*"], "sourceLabels": { "-a": "ok", "b": "not ok" } }] }""",
        "spec.tcp[0].match[0].destinationSubnets[0]: Invalid value: \"10.0.0.0/33\": must be an IP address or a network such as 10.0.0.0/8",
        "spec.tcp[0].match[0].destinationSubnets[1]: Invalid value: \"x\": must be an IP address or a network such as 10.0.0.0/8",
        "spec.tcp[0].match[0].sourceSubnet: Invalid value: \"10.0\": must be an IP address or a network such as 10.0.0.0/8",
        "spec.tcp[0].match[0].port: Invalid value: 65536: port must be between 1-65535",
        "spec.tcp[0].match[0].sourceLabels: Invalid value: \"-a\": label key must be a name such as app or example.com/app",
        "spec.tcp[0].match[0].sourceLabels[b]: Invalid value: \"not ok\": label value must be at most 63 letters, digits, - _ . and must begin and end with a letter or digit",
        "spec.tcp[0].match[0].gateways[0]: Invalid value: \"*\": must be mesh, the name of a gateway, or namespace/name",
        "spec.tcp[0].match[0].sourceNamespace: Invalid value: \"-\": must be a DNS label: letters, digits and inner hyphens, at most 63")]
    public void TcpRoute_Wrong_EveryMistakeIsNamed(string route, params string[] expected) =>
        Verdict.Refuses(VirtualService.Kind, Full($$"""{ "hosts": ["db"], "tcp": [{{route}}] }"""), expected);

    [Theory]
    [InlineData("""{ ROUTE }""", "spec.tls[0].match: Required value")]
    [InlineData("""{ ROUTE, "match": [] }""", "spec.tls[0].match: Required value: TLS route must have at least one match condition")]
    [InlineData("""{ ROUTE, "match": [{ "port": 443 }] }""", "spec.tls[0].match[0].sniHosts: Required value")]
    [InlineData("""{ "match": [{ "sniHosts": [] }] }""",
        "spec.tls[0].match[0].sniHosts: Required value: TLS match must have at least one SNI host",
        "spec.tls[0].route: Required value")]
    [InlineData("""{ ROUTE, "match": [{ "sniHosts": ["foo.bar", "foo.*.com", "other.org", "*", "*.bar"] }] }""",
        "spec.tls[0].match[0].sniHosts[1]: Invalid value: \"foo.*.com\": must be a host name or a wildcard host",
        "spec.tls[0].match[0].sniHosts[2]: Invalid value: \"other.org\": SNI host is not a compatible subset of any of the virtual service hosts",
        "spec.tls[0].match[0].sniHosts[3]: Invalid value: \"*\": SNI host is not a compatible subset of any of the virtual service hosts",
        "spec.tls[0].match[0].sniHosts[4]: Invalid value: \"*.bar\": SNI host is not a compatible subset of any of the virtual service hosts")]
    public void TlsRoute_Wrong_EveryMistakeIsNamed(string route, params string[] expected) =>
        Verdict.Refuses(VirtualService.Kind, Full($$"""{ "hosts": ["foo.bar", "*.example.com"], "tls": [{{route}}] }"""), expected);

    [Theory]
    [InlineData("""[{ "destination": { "host": "*" } }, { "destination": { "host": "a/b", "subset": "v 1", "port": { "number": 0 } }, "weight": 1 }, { "destination": { "host": "foo.*", "port": {} } }]""",
        "spec.tcp[0].route[0].destination.host: Invalid value: \"*\": must be the name of a service",
        "spec.tcp[0].route[1].destination.host: Invalid value: \"a/b\": must be a host name or a wildcard such as *.example.com",
        "spec.tcp[0].route[1].destination.subset: Invalid value: \"v 1\": subset name must be a DNS label",
        "spec.tcp[0].route[1].destination.port.number: Invalid value: 0: port must be between 1-65535",
        "spec.tcp[0].route[2].destination.host: Invalid value: \"foo.*\": must be a host name or a wildcard such as *.example.com",
        "spec.tcp[0].route[2].destination.port.number: Required value")]
    [InlineData("""[{}, { "destination": {} }]""",
        "spec.tcp[0].route[0].destination: Required value",
        "spec.tcp[0].route[1].destination.host: Required value")]
    [InlineData("""[{ "destination": { "host": "a" }, "weight": 5 }, { "destination": { "host": "b" }, "weight": -1 }]""",
        "spec.tcp[0].route[1].weight: Invalid value: -1: must not be negative")]
    [InlineData("""[{ "destination": { "host": "a" }, "weight": 0 }, { "destination": { "host": "b" } }]""",
        "spec.tcp[0].route: Invalid value: \"object\": total destination weight = 0")]
    [InlineData("""[{ "destination": { "host": "a" }, "weight": 2147483647 }, { "destination": { "host": "b" }, "weight": 2147483647 }, { "destination": { "host": "c" }, "weight": 2 }]""",
        "spec.tcp[0].route: Invalid value: \"object\": total destination weight must not exceed 4294967295")]
    [InlineData("""[{ "destination": { "host": "a" }, "weight": 0 }]""")]
    [InlineData("""[{ "destination": { "host": "a", "subset": "v1", "port": { "number": 80 } }, "weight": 550 }, { "destination": { "host": "*-b.c" }, "weight": 500 }, { "destination": { "host": "*foo.bar" } }]""")]
    public void Destinations_AreJudgedOneByOneAndTogether(string destinations, params string[] expected) =>
        Verdict.Refuses(VirtualService.Kind, $$"""{ "hosts": ["db"], "tcp": [{ "route": {{destinations}} }] }""", expected);

    [Theory]
    [InlineData("""{ "hosts": ["a"], "gateways": ["public.istio-system.svc.cluster.local"], HTTP }""",
        "spec.gateways[0]: using legacy gateway name format \"public.istio-system.svc.cluster.local\", prefer namespace/name")]
    [InlineData("""{ "hosts": ["a"], "tls": [{ "match": [{ "sniHosts": ["1.1.1.1"] }], ROUTE }] }""",
        "spec.tls[0].match[0].sniHosts[0]: clients send no server name for an IP address")]
    public void Spec_Doubtful_IsAcceptedWithWarning(string spec, params string[] expected) =>
        Verdict.Warns(VirtualService.Kind, Full(spec), expected);

    [Fact]
    public void RoundTrip_EveryFieldAndUnknownOnes_AreKept()
    {
        var json = Verdict.Json(VirtualService.Kind, Repository.Read("tests/Katabira.Tests/Kinds/virtual-service.json"));
        var findings = VirtualService.Kind.Read(json, out var resource);

        Assert.Empty(findings.Errors);
        Assert.Equal(
            [
                "unknown field \"spec.http[0].match[0].future\"",
                "unknown field \"spec.http[0].route[0].destination.future\"",
                "unknown field \"spec.http[0].retries.future\"",
                "unknown field \"spec.future\"",
            ],
            findings.Warnings.Where(w => w.StartsWith("unknown", StringComparison.Ordinal)));
        Assert.True(JsonElement.DeepEquals(json, VirtualService.Kind.Write(resource!)));
    }

    [Fact]
    public void Validate_ManyHostsAndNames_TakesTimeInProportion()
    {
        // quadratic work on 50,000 hosts and as many server names would not end within the patience of anybody who runs tests
        var hosts = string.Join(',', Enumerable.Range(0, 50_000).Select(i => $"\"a-b-c.{i}.example.com\""));
        var json = Verdict.Object(VirtualService.Kind, "{}");
        // reading so much as YAML would take longer than judging it
        json["spec"] = JsonNode.Parse(Full($$"""{ "hosts": [{{hosts}}], "tls": [{ "match": [{ "sniHosts": [{{hosts}}] }], ROUTE }] }"""));
        Assert.Empty(VirtualService.Kind.Validate(JsonSerializer.SerializeToElement(json)).Errors);
    }

    private static string Full(string spec) => spec
        .Replace("HTTP", AnyHttp, StringComparison.Ordinal)
        .Replace("ROUTE", """ "route": [{ "destination": { "host": "reviews" } }] """, StringComparison.Ordinal);
}
