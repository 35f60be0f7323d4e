using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Model.Kinds;
using Katabira.Model.Validation;
using Xunit;

namespace Katabira.Tests.Kinds;

public class AuthorizationPolicyTests
{
    private const string Everything = """
        {
          "selector": {"matchLabels": {"app": "httpbin"}},
          "rules": [{
            "from": [{"source": {
              "principals": ["principal", "prefix-*", "*-suffix", "*"], "notPrincipals": ["principal", "prefix-*", "*-suffix", "*"],
              "requestPrincipals": ["issuer/subject", "*"], "notRequestPrincipals": ["issuer/subject", "*"],
              "namespaces": ["ns", "a-*-b", "*-ns", "*"], "notNamespaces": ["ns", "a-*-b", "*"],
              "trustDomains": ["cluster.local", "prefix-*", "*-suffix", "*"], "notTrustDomains": ["cluster.local", "*"],
              "ipBlocks": ["1.2.3.4", "5.6.0.0/16", "::1", "fd00::/8"], "notIpBlocks": ["9.0.0.1"],
              "remoteIpBlocks": ["1.2.3.4"], "notRemoteIpBlocks": ["9.2.0.0/16"]
            }}, {"source": {"serviceAccounts": ["ns/sa", "sa"], "notServiceAccounts": ["ns/other"]}}],
            "to": [{"operation": {
              "hosts": ["exact.com", "*.suffix.com", "prefix.*", "*"], "notHosts": ["no.com"],
              "ports": ["80", "65535"], "notPorts": ["1"],
              "methods": ["GET", "PO*", "*T", "*"], "notMethods": ["PUT"],
              "paths": ["/exact", "/prefix/*", "*/suffix", "*", "/a/{*}/b", "/{**}/a/b", "/{*}/{**}"], "notPaths": ["/no"]
            }}],
            "when": [
              {"key": "source.ip", "values": ["10.0.0.0/8"], "notValues": ["10.1.0.0/16"]},
              {"key": "remote.ip", "values": ["10.10.10.10"]},
              {"key": "source.namespace", "values": ["ns-*"]},
              {"key": "source.principal", "values": ["*-suffix"]},
              {"key": "source.serviceAccount", "notValues": ["ns/sa"]},
              {"key": "source.trustDomain", "values": ["td-*"]},
              {"key": "destination.ip", "values": ["192.168.10.0/24"]},
              {"key": "destination.port", "notValues": ["9001"]},
              {"key": "connection.sni", "values": ["*.suffix.com"]},
              {"key": "request.headers[X-header]", "values": ["*"]},
              {"key": "request.auth.principal", "values": ["https://example.com/*"]},
              {"key": "request.auth.audiences", "values": ["aud"]},
              {"key": "request.auth.presenter", "values": ["azp"]},
              {"key": "request.auth.claims[iss]", "values": ["iss"]},
              {"key": "request.auth.claims[a][b]", "values": ["c"]},
              {"key": "experimental.envoy.filters.a.b[c]", "values": ["d"]}
            ]
          }, {}]
        }
        """;

    [Theory]
    [InlineData(Everything)]
    [InlineData("{}")]
    [InlineData("""{"rules": []}""")]
    [InlineData("""{"action": "DENY"}""")]
    [InlineData("""{"action": "CUSTOM", "provider": {"name": "opa"}, "rules": [{}]}""")]
    [InlineData("""{"selector": {"matchLabels": {}}, "rules": [{}]}""")]
    [InlineData("""{"targetRefs": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "gw"}, {"kind": "Service", "name": "s"}]}""")]
    public void Validate_WhatIstioAccepts_HasNoErrors(string spec) => Assert.Empty(Validate(spec).Lines());

    public static TheoryData<string, string[]> Refused => new()
    {
        { """{"action": "CUSTOM", "rules": [{}]}""", ["spec.provider.name: Required value: action CUSTOM asks a provider"] },
        { """{"action": "CUSTOM", "provider": {"name": ""}, "rules": [{}]}""", ["spec.provider.name: Required value: action CUSTOM asks a provider"] },
        {
            """{"action": "CUSTOM"}""",
            [
                "spec.provider.name: Required value: action CUSTOM asks a provider",
                "spec.rules: Required value: action CUSTOM without rules never asks; an empty rule {} asks always",
            ]
        },
        { """{"action": "DENY", "provider": {"name": "opa"}, "rules": [{}]}""", ["spec.provider: Forbidden: may only be set with action CUSTOM"] },
        { """{"action": "BLOCK"}""", ["""spec.action: Unsupported value: "BLOCK": supported values: "ALLOW", "DENY", "AUDIT", "CUSTOM" """.TrimEnd()] },
        {
            """{"selector": {"matchLabels": {"a": "b"}}, "targetRef": {"kind": "Service", "name": "s"}}""",
            ["""spec: Invalid value: "object": only one of targetRefs or selector can be set"""]
        },
        {
            """{"targetRefs": [{"kind": "Service", "name": "s"}, {"kind": "Pod", "name": "p"}]}""",
            [
                """spec.targetRefs[1]: Unsupported value: "/Pod": supported values: """
                + "\"gateway.networking.k8s.io/Gateway\", \"gateway.networking.k8s.io/GatewayClass\", \"/Service\", \"networking.istio.io/ServiceEntry\"",
            ]
        },
        {
            """{"rules": [{"from": [], "to": []}]}""",
            [
                "spec.rules[0].from: Required value: must not be empty; left out, it means anybody",
                "spec.rules[0].to: Required value: must not be empty; left out, it means anything",
            ]
        },
        {
            """{"rules": [{}, {"from": [{}, {"source": {}}, {"source": {"principals": []}}], "to": [{}, {"operation": {}}]}]}""",
            [
                "spec.rules[1].from[0].source: Required value: at least one of its fields must be set",
                "spec.rules[1].from[1].source: Required value: at least one of its fields must be set",
                "spec.rules[1].from[2].source: Required value: at least one of its fields must be set",
                "spec.rules[1].to[0].operation: Required value: at least one of its fields must be set",
                "spec.rules[1].to[1].operation: Required value: at least one of its fields must be set",
            ]
        },
        {
            """{"rules": [{"from": [{"source": {"principals": ["a"]}}, {"source": {"principals": ["", "a"], "notRequestPrincipals": ["a", ""]}}]}]}""",
            [
                """spec.rules[0].from[1].source.principals[0]: Invalid value: "": empty value not allowed""",
                """spec.rules[0].from[1].source.notRequestPrincipals[1]: Invalid value: "": empty value not allowed""",
            ]
        },
        {
            """{"rules": [{"to": [{"operation": {"hosts": [""], "notMethods": [""], "paths": [""], "ports": ["80", ""]}}]}]}""",
            [
                """spec.rules[0].to[0].operation.hosts[0]: Invalid value: "": empty value not allowed""",
                """spec.rules[0].to[0].operation.ports[1]: Invalid value: "": empty value not allowed""",
                """spec.rules[0].to[0].operation.notMethods[0]: Invalid value: "": empty value not allowed""",
                """spec.rules[0].to[0].operation.paths[0]: Invalid value: "": empty value not allowed""",
            ]
        },
        {
            """{"rules": [{"to": [{"operation": {"ports": ["0", "65536", "http", "-1", "+1", "080"]}}], "when": [{"key": "destination.port", "values": ["70000"]}]}]}""",
            [
                """spec.rules[0].to[0].operation.ports[0]: Invalid value: "0": port must be between 1-65535""",
                """spec.rules[0].to[0].operation.ports[1]: Invalid value: "65536": port must be between 1-65535""",
                """spec.rules[0].to[0].operation.ports[2]: Invalid value: "http": port must be between 1-65535""",
                """spec.rules[0].to[0].operation.ports[3]: Invalid value: "-1": port must be between 1-65535""",
                """spec.rules[0].to[0].operation.ports[4]: Invalid value: "+1": port must be between 1-65535""",
                """spec.rules[0].when[0].values[0]: Invalid value: "70000": port must be between 1-65535""",
            ]
        },
        {
            """
            {"rules": [{"from": [{"source": {"ipBlocks": ["10.0.0.0/33", "10.1"], "notRemoteIpBlocks": ["fd00::/129"]}}],
              "when": [{"key": "destination.ip", "notValues": ["host"]}]}]}
            """,
            [
                """spec.rules[0].from[0].source.ipBlocks[0]: Invalid value: "10.0.0.0/33": must be an IP address or a network in CIDR notation""",
                """spec.rules[0].from[0].source.ipBlocks[1]: Invalid value: "10.1": must be an IP address or a network in CIDR notation""",
                """spec.rules[0].from[0].source.notRemoteIpBlocks[0]: Invalid value: "fd00::/129": must be an IP address or a network in CIDR notation""",
                """spec.rules[0].when[0].notValues[0]: Invalid value: "host": must be an IP address or a network in CIDR notation""",
            ]
        },
        {
            """{"rules": [{"from": [{"source": {"serviceAccounts": ["ns/*", "a/b/c", "/sa", "ns/"]}}]}]}""",
            [
                """spec.rules[0].from[0].source.serviceAccounts[0]: Invalid value: "ns/*": wildcard not allowed""",
                """spec.rules[0].from[0].source.serviceAccounts[1]: Invalid value: "a/b/c": must be ACCOUNT or NAMESPACE/ACCOUNT""",
                """spec.rules[0].from[0].source.serviceAccounts[2]: Invalid value: "/sa": must be ACCOUNT or NAMESPACE/ACCOUNT""",
                """spec.rules[0].from[0].source.serviceAccounts[3]: Invalid value: "ns/": must be ACCOUNT or NAMESPACE/ACCOUNT""",
            ]
        },
        {
            """{"rules": [{"from": [{"source": {"serviceAccounts": ["sa"], "notNamespaces": ["ns"]}}, {"source": {"notServiceAccounts": ["sa"], "principals": ["p"]}}]}]}""",
            [
                """spec.rules[0].from[0].source: Invalid value: "object": Cannot set serviceAccounts with namespaces or principals""",
                """spec.rules[0].from[1].source: Invalid value: "object": Cannot set serviceAccounts with namespaces or principals""",
            ]
        },
        {
            """{"rules": [{"from": [{"source": {"trustDomains": ["a/b", "a*b", "*a*", "**"]}}], "when": [{"key": "source.trustDomain", "values": ["a*b"]}]}]}""",
            [
                """spec.rules[0].from[0].source.trustDomains[0]: Invalid value: "a/b": must be a trust domain, without a path""",
                """spec.rules[0].from[0].source.trustDomains[1]: Invalid value: "a*b": only one * at the beginning or at the end is allowed""",
                """spec.rules[0].from[0].source.trustDomains[2]: Invalid value: "*a*": only one * at the beginning or at the end is allowed""",
                """spec.rules[0].from[0].source.trustDomains[3]: Invalid value: "**": only one * at the beginning or at the end is allowed""",
                """spec.rules[0].when[0].values[0]: Invalid value: "a*b": only one * at the beginning or at the end is allowed""",
            ]
        },
        {
            """{"rules": [{"to": [{"operation": {"methods": ["GET POST"], "paths": ["/{**}/a/{*}", "/a{*}", "/{name}", "/{*}/b*", "/{*}//b", "/{**}/{**}"]}}]}]}""",
            [
                """spec.rules[0].to[0].operation.methods[0]: Invalid value: "GET POST": must be the name of an HTTP method""",
                """spec.rules[0].to[0].operation.paths[0]: Invalid value: "/{**}/a/{*}": {**} must be the last template of the path""",
                """spec.rules[0].to[0].operation.paths[1]: Invalid value: "/a{*}": braces are only allowed as {*} or {**}, each a whole segment of the path""",
                """spec.rules[0].to[0].operation.paths[2]: Invalid value: "/{name}": braces are only allowed as {*} or {**}, each a whole segment of the path""",
                """spec.rules[0].to[0].operation.paths[3]: Invalid value: "/{*}/b*": beside templates, segments must be plain: not empty, and without wildcards""",
                """spec.rules[0].to[0].operation.paths[4]: Invalid value: "/{*}//b": beside templates, segments must be plain: not empty, and without wildcards""",
                """spec.rules[0].to[0].operation.paths[5]: Invalid value: "/{**}/{**}": {**} must be the last template of the path""",
            ]
        },
        {
            """{"rules": [{"when": [{"values": ["a"]}, {"key": "source.ip"}, {"key": "source.ip", "values": []}, {"key": "", "values": ["a"]}]}]}""",
            ["spec.rules[0].when[0].key: Required value"]
        },
        {
            """{"rules": [{"when": [{"key": "source.ip"}, {"key": "source.ip", "values": []}, {"key": "", "values": ["a"]}, {"key": "source.ip", "values": [""]}]}]}""",
            [
                "spec.rules[0].when[0]: Required value: at least one of values or notValues must be set",
                "spec.rules[0].when[1]: Required value: at least one of values or notValues must be set",
                "spec.rules[0].when[2].key: Required value: must not be empty",
                """spec.rules[0].when[3].values[0]: Invalid value: "": empty value not allowed""",
            ]
        },
    };

    [Theory, MemberData(nameof(Refused))]
    public void Validate_WrongObject_SaysEverythingThatIsWrong(string spec, string[] errors) => Assert.Equal(errors, Validate(spec).Lines());

    [Theory]
    [InlineData("source.port", "unknown attribute")]
    [InlineData("request.headers", "must name one in brackets: request.headers[name]")]
    [InlineData("request.headers[]", "unknown attribute")]
    [InlineData("request.headersX[a]", "unknown attribute")]
    [InlineData("request.auth.claims", "must name one in brackets: request.auth.claims[name]")]
    [InlineData("request.auth.claims[a][]", "unknown attribute")]
    [InlineData("experimental.envoy.filters.a", "unknown attribute")]
    [InlineData("destination.namespace", "unknown attribute: the policy's own namespace decides")]
    [InlineData("destination.labels[version]", "unknown attribute: the policy's selector decides")]
    [InlineData("destination.user", "unknown attribute: the policy's selector decides")]
    public void Validate_ConditionOnUnknownKey_IsRefused(string key, string detail) =>
        Assert.Equal(
            [$"spec.rules[0].when[0].key: Invalid value: \"{key}\": {detail}"],
            Validate($$"""{"rules": [{"when": [{"key": "{{key}}", "values": ["a"]}]}]}""").Lines());

    [Fact]
    public void Validate_TooManyOrTooLongServiceAccounts_IsRefused()
    {
        var accounts = string.Join(',', Enumerable.Range(0, 17).Select(i => $"\"sa{i}\""));
        var name = new string('a', 321);
        Assert.Equal(
            [
                "spec.rules[0].from[0].source.serviceAccounts: Too many: 17: must have at most 16 items",
                "spec.rules[0].from[1].source.notServiceAccounts[0]: Too long: may not be more than 320 bytes",
            ],
            Validate(
                $$$"""{"rules": [{"from": [{"source": {"serviceAccounts": [{{{accounts}}}]}}, {"source": {"notServiceAccounts": ["{{{name}}}"]}}]}]}""")
                .Lines());
    }

    [Theory]
    [InlineData("ALLOW", "true", null)]
    [InlineData("DENY", "False", null)]
    [InlineData("ALLOW", "yes", "Invalid value: \"yes\": must be true or false")]
    [InlineData("AUDIT", "true", "Forbidden: may only be set with action ALLOW or DENY")]
    public void Validate_DryRunAnnotation_IsABooleanOnWhatDecides(string action, string value, string? error)
    {
        var json = Verdict.Object(AuthorizationPolicy.Kind, $$"""{"action": "{{action}}", "rules": [{}]}""");
        json["metadata"]!["annotations"] = new JsonObject { ["istio.io/dry-run"] = value };
        var findings = AuthorizationPolicy.Kind.Validate(JsonSerializer.SerializeToElement(json));
        Assert.Equal(error is null ? [] : [$"metadata.annotations[istio.io/dry-run]: {error}"], findings.Lines());
    }

    [Theory]
    [InlineData("{}", "spec.rules: an ALLOW policy without rules admits nobody: everything that no other ALLOW policy admits is denied")]
    [InlineData("""{"action": "DENY"}""", "spec.rules: a DENY policy without rules denies nothing; an empty rule {} denies everything")]
    [InlineData("""{"action": "AUDIT", "rules": []}""", "spec.rules: an AUDIT policy without rules notes nothing; an empty rule {} notes everything")]
    [InlineData(
        """{"rules": [{"from": [{"source": {"principals": ["spiffe://td/ns/a/sa/b"]}}]}]}""",
        "spec.rules[0].from[0].source.principals[0]: matches nobody: principals are written without spiffe://")]
    [InlineData(
        """{"rules": [{"from": [{"source": {"principals": ["td/ns/*/sa/b"]}}]}]}""",
        "spec.rules[0].from[0].source.principals[0]: only a * at the beginning or at the end is a wildcard")]
    [InlineData(
        """{"rules": [{"from": [{"source": {"principals": ["a"], "namespaces": []}}]}]}""",
        "spec.rules[0].from[0].source.namespaces: an empty list restricts nothing")]
    [InlineData(
        """{"rules": [{}, {"from": [{"source": {"requestPrincipals": ["*"]}}], "to": [{"operation": {"methods": ["GET"], "ports": ["80"]}}]}]}""",
        "spec.rules[1]: methods, requestPrincipals can be judged only where requests are read (HTTP); for connections that are not, the rule admits nothing")]
    [InlineData(
        """{"action": "DENY", "rules": [{"to": [{"operation": {"notPaths": ["/healthz"]}}], "when": [{"key": "request.headers[a]", "values": ["b"]}]}]}""",
        "spec.rules[0]: notPaths, request.headers[a] can be judged only where requests are read (HTTP); for connections that are not, the rule denies without them, which is more")]
    [InlineData(
        """{"action": "CUSTOM", "provider": {"name": "opa"}, "rules": [{"to": [{"operation": {"hosts": ["a"]}}]}]}""",
        "spec.rules[0]: hosts can be judged only where requests are read (HTTP); for connections that are not, the rule asks without them, which is more")]
    public void Validate_DoubtfulObject_IsAcceptedWithAWarning(string spec, string warning)
    {
        var findings = Validate(spec);
        Assert.Empty(findings.Lines());
        Assert.Equal([warning], findings.Warnings);
    }

    [Fact]
    public void Validate_LowerCaseMethod_IsDoubted() =>
        Assert.Contains(
            "spec.rules[0].to[0].operation.methods[0]: methods are compared in their exact case, and those of HTTP are in capitals",
            Validate("""{"rules": [{"to": [{"operation": {"methods": ["get"]}}]}]}""").Warnings);

    [Fact]
    public void Validate_OrdinaryPolicy_WarnsOfNothing() =>
        Assert.Empty(Validate(
            """
            {"selector": {"matchLabels": {"app": "cart"}}, "action": "ALLOW", "rules": [{
              "from": [{"source": {"principals": ["cluster.local/ns/demo/sa/frontend", "*/ns/demo/sa/checkout"]}}, {"source": {"namespaces": ["a-*-b"]}}],
              "to": [{"operation": {"ports": ["7070"]}}], "when": [{"key": "source.ip", "values": ["10.0.0.0/8"]}]}]}
            """).Warnings);

    private static Findings Validate(string spec) => Verdict.Of(AuthorizationPolicy.Kind, spec);
}
