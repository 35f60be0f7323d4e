using System.Text.Json;
using Katabira.Model.Kinds;
using Xunit;

namespace Katabira.Tests.Kinds;

public class DestinationRuleTests
{
    private const string System = "spec.trafficPolicy.tls: without caCertificates or credentialName, every authority of the operating system may vouch for the server";

    [Theory]
    [InlineData("{host: reviews}")]
    [InlineData("{host: '*'}")]
    [InlineData("{host: '*.example.com'}")]
    [InlineData("{host: '*example.com'}")]
    [InlineData("{host: reviews.prod.svc.cluster.local, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {example.com/track: ''}}]}")]
    [InlineData("{host: a, exportTo: [., team-a]}")]
    [InlineData("{host: a, exportTo: ['*']}")]
    [InlineData("{host: a, workloadSelector: {matchLabels: {app: a}}, exportTo: [.]}")]
    [InlineData("{host: a, workloadSelector: {matchLabels: {app: a}}, exportTo: [shop]}")]
    public void Rule_Sound_IsAccepted(string spec) => Verdict.Warns(DestinationRule.Kind, spec);

    [Theory]
    [InlineData("{}", "spec.host: Required value")]
    [InlineData("{host: ''}", "spec.host: Required value")]
    [InlineData("{host: 7}", "spec.host: Invalid value: \"integer\": spec.host in body must be of type string: \"integer\"")]
    [InlineData("{host: a_b}", "spec.host: Invalid value: \"a_b\": must be a host name or a wildcard such as *.example.com")]
    [InlineData("{host: 'a.*.com'}", "spec.host: Invalid value: \"a.*.com\": must be a host name or a wildcard such as *.example.com")]
    [InlineData("{host: 10.0.0.1}", "spec.host: Invalid value: \"10.0.0.1\": must be a host name or a wildcard such as *.example.com")]
    [InlineData("{host: a, subsets: [{name: ''}, {}]}", "spec.subsets[1].name: Required value")]
    [InlineData(
        "{host: a, subsets: [{name: v1}, {name: ''}, {name: v_2}, {name: v1}]}",
        "spec.subsets[1].name: Required value",
        "spec.subsets[2].name: Invalid value: \"v_2\": subset name must be a DNS label",
        "spec.subsets[3].name: Duplicate value: \"v1\"")]
    [InlineData(
        "{host: a, subsets: [{name: v1, labels: {'/x': '', a b: '', app: '-'}}]}",
        "spec.subsets[0].labels: Invalid value: \"/x\": label key must be a name such as app or example.com/app",
        "spec.subsets[0].labels: Invalid value: \"a b\": label key must be a name such as app or example.com/app",
        "spec.subsets[0].labels[app]: Invalid value: \"-\": label value must be at most 63 letters, digits, - _ . and must begin and end with a letter or digit")]
    [InlineData(
        "{host: a, trafficPolicy: {}, subsets: [{name: v1, trafficPolicy: {x-other: 1}}]}",
        "spec.trafficPolicy: Invalid value: \"object\": traffic policy must have at least one field",
        "spec.subsets[0].trafficPolicy: Invalid value: \"object\": traffic policy must have at least one field")]
    [InlineData(
        "{host: a, exportTo: ['*', a, a, ., shop, '~', B_]}",
        "spec.exportTo[2]: Duplicate value: \"a\"",
        "spec.exportTo[4]: Duplicate value: \"shop\"",
        "spec.exportTo[5]: Invalid value: \"~\": ~ (none) is only allowed for services",
        "spec.exportTo[6]: Invalid value: \"B_\": only ., *, or a valid DNS 1123 label is allowed as exportTo entry",
        "spec.exportTo: Invalid value: \"object\": * must be the only entry")]
    [InlineData(
        "{host: a, workloadSelector: {matchLabels: {app: a}}, exportTo: [., other]}",
        "spec.exportTo[1]: Forbidden: a rule with a workloadSelector stays in its own namespace")]
    [InlineData(
        "{host: a, workloadSelector: {matchLabels: {'a*': 'b*'}}}",
        "spec.workloadSelector.matchLabels: Invalid value: \"object\": wildcard not allowed in label key match",
        "spec.workloadSelector.matchLabels[a*]: Invalid value: \"b*\": wildcard not allowed in label value match")]
    public void Rule_Unsound_NamesEveryError(string spec, params string[] expected) => Verdict.Refuses(DestinationRule.Kind, spec, expected);

    [Fact]
    public void Rule_WithoutSpecification_NeedsAHost()
    {
        var json = Verdict.Object(DestinationRule.Kind, "{}");
        json.Remove("spec");
        Assert.Equal("spec.host: Required value", Assert.Single(DestinationRule.Kind.Validate(JsonSerializer.SerializeToElement(json)).Errors).ToString());
    }

    [Fact]
    public void Selector_WithoutLabels_IsDoubted() => Verdict.Warns(
        DestinationRule.Kind,
        "{host: a, workloadSelector: {}}",
        "spec.workloadSelector: workload selector specified without labels: it selects every workload in scope");

    [Theory]
    [InlineData("{mode: ISTIO_MUTUAL}")]
    [InlineData("{mode: ISTIO_MUTUAL, sni: a.example.com, subjectAltNames: [spiffe://cluster.local/ns/a/sa/b]}")]
    [InlineData("{mode: DISABLE}")]
    [InlineData("{mode: SIMPLE, caCertificates: /ca.pem, subjectAltNames: [a]}")]
    [InlineData("{mode: SIMPLE, caCertificates: /ca.pem, insecureSkipVerify: false}")]
    [InlineData("{mode: SIMPLE, caCertificates: /ca.pem, insecureSkipVerify: null}")]
    [InlineData("{mode: SIMPLE, credentialName: 'configmap://shop/ca'}")]
    [InlineData("{mode: MUTUAL, clientCertificate: /c.pem, privateKey: /k.pem, caCertificates: /ca.pem, caCrl: /crl.pem}")]
    public void Tls_Sound_IsAccepted(string tls) => Verdict.Warns(DestinationRule.Kind, $"{{host: a, trafficPolicy: {{tls: {tls}}}}}");

    [Theory]
    [InlineData("{mode: mutual}", "spec.trafficPolicy.tls.mode: Unsupported value: \"mutual\": supported values: \"DISABLE\", \"SIMPLE\", \"MUTUAL\", \"ISTIO_MUTUAL\"")]
    [InlineData(
        "{mode: MUTUAL}",
        "spec.trafficPolicy.tls.clientCertificate: Required value: client certificate required for mutual tls",
        "spec.trafficPolicy.tls.privateKey: Required value: private key required for mutual tls")]
    [InlineData("{mode: MUTUAL, clientCertificate: /c.pem}", "spec.trafficPolicy.tls.privateKey: Required value: private key required for mutual tls")]
    [InlineData(
        "{mode: MUTUAL, credentialName: c, clientCertificate: /c.pem, privateKey: /k.pem, caCertificates: /ca.pem, caCrl: /crl.pem}",
        "spec.trafficPolicy.tls.clientCertificate: Forbidden: may not be set beside credentialName",
        "spec.trafficPolicy.tls.privateKey: Forbidden: may not be set beside credentialName",
        "spec.trafficPolicy.tls.caCertificates: Forbidden: may not be set beside credentialName",
        "spec.trafficPolicy.tls.caCrl: Forbidden: may not be set beside credentialName")]
    [InlineData(
        "{mode: SIMPLE, insecureSkipVerify: true, caCertificates: /ca.pem, subjectAltNames: [a]}",
        "spec.trafficPolicy.tls.caCertificates: Forbidden: may not be set beside insecureSkipVerify: true",
        "spec.trafficPolicy.tls.subjectAltNames: Forbidden: may not be set beside insecureSkipVerify: true")]
    [InlineData(
        "{mode: SIMPLE, insecureSkipVerify: true, credentialName: c}",
        "spec.trafficPolicy.tls.credentialName: Forbidden: may not be set beside insecureSkipVerify: true")]
    [InlineData(
        "{mode: MUTUAL, insecureSkipVerify: true, clientCertificate: /c.pem, privateKey: /k.pem, caCertificates: /ca.pem}",
        "spec.trafficPolicy.tls.caCertificates: Forbidden: may not be set beside insecureSkipVerify: true")]
    [InlineData(
        "{mode: SIMPLE, credentialName: 'configmap://other/ca'}",
        "spec.trafficPolicy.tls.credentialName: Invalid value: \"configmap://other/ca\": namespace must be the rule's own")]
    [InlineData(
        "{mode: SIMPLE, credentialName: 'configmap://ca'}",
        "spec.trafficPolicy.tls.credentialName: Invalid value: \"configmap://ca\": must be of the form configmap://namespace/name")]
    public void Tls_Unsound_NamesEveryError(string tls, params string[] expected) =>
        Verdict.Refuses(DestinationRule.Kind, $"{{host: a, trafficPolicy: {{tls: {tls}}}}}", expected);

    [Theory]
    [InlineData("{}", "spec.trafficPolicy.tls: without a mode it says nothing: mutual TLS is used wherever the other end can do it")]
    [InlineData("{mode: SIMPLE}", System)]
    [InlineData("{mode: SIMPLE, caCertificates: ''}", System)]
    [InlineData("{mode: SIMPLE, insecureSkipVerify: true}", "spec.trafficPolicy.tls.insecureSkipVerify: any server is trusted")]
    [InlineData("{mode: SIMPLE, credentialName: c}", "spec.trafficPolicy.tls.credentialName: only gateways may use it, because the rule has no workloadSelector: connections of sidecars are refused")]
    [InlineData(
        "{mode: ISTIO_MUTUAL, clientCertificate: /c.pem, credentialName: c, insecureSkipVerify: true}",
        "spec.trafficPolicy.tls.clientCertificate is ignored in mode ISTIO_MUTUAL",
        "spec.trafficPolicy.tls.credentialName is ignored in mode ISTIO_MUTUAL",
        "spec.trafficPolicy.tls.insecureSkipVerify is ignored in mode ISTIO_MUTUAL")]
    [InlineData("{mode: DISABLE, caCertificates: /ca.pem}", "spec.trafficPolicy.tls.caCertificates is ignored in mode DISABLE")]
    public void Tls_Doubtful_IsAcceptedWithAWarning(string tls, params string[] expected) =>
        Verdict.Warns(DestinationRule.Kind, $"{{host: a, trafficPolicy: {{tls: {tls}}}}}", expected);

    [Fact]
    public void Tls_CredentialOfARuleForSomeWorkloads_IsNotDoubted() => Verdict.Warns(
        DestinationRule.Kind,
        "{host: a, workloadSelector: {matchLabels: {app: a}}, trafficPolicy: {tls: {mode: SIMPLE, credentialName: c}}}");

    [Theory]
    [InlineData(
        "{portLevelSettings: [{port: {number: 80}, tls: {mode: MUTUAL, credentialName: 'configmap://x'}}]}",
        "spec.trafficPolicy.portLevelSettings[0].tls.credentialName: Invalid value: \"configmap://x\": must be of the form configmap://namespace/name")]
    [InlineData(
        "{portLevelSettings: [{tls: {mode: DISABLE}}, {port: {}, tls: {mode: DISABLE}}, {port: {number: 0}}, {port: {number: 65536}, connectionPool: {}}]}",
        "spec.trafficPolicy.portLevelSettings[0].port: Required value",
        "spec.trafficPolicy.portLevelSettings[1].port.number: Required value",
        "spec.trafficPolicy.portLevelSettings[2].port.number: Invalid value: 0: port must be between 1-65535",
        "spec.trafficPolicy.portLevelSettings[2]: Invalid value: \"object\": port traffic policy must have at least one field",
        "spec.trafficPolicy.portLevelSettings[3].port.number: Invalid value: 65536: port must be between 1-65535",
        "spec.trafficPolicy.portLevelSettings[3].connectionPool: Invalid value: \"object\": connection pool must have at least one field")]
    [InlineData(
        "{tunnel: {targetHost: a, targetPort: 1}, proxyProtocol: {version: V2}}",
        "spec.trafficPolicy: Invalid value: \"object\": tunnel and proxyProtocol must not be set together")]
    [InlineData(
        "{tunnel: {protocol: GET, targetHost: '*.a', targetPort: 70000}}",
        "spec.trafficPolicy.tunnel.protocol: Unsupported value: \"GET\": supported values: \"CONNECT\", \"POST\"",
        "spec.trafficPolicy.tunnel.targetHost: Invalid value: \"*.a\": must be a host name or an IP address",
        "spec.trafficPolicy.tunnel.targetPort: Invalid value: 70000: port must be between 1-65535")]
    [InlineData("{tunnel: {}}", "spec.trafficPolicy.tunnel.targetHost: Required value", "spec.trafficPolicy.tunnel.targetPort: Required value")]
    [InlineData(
        "{retryBudget: {percent: 101}}",
        "spec.trafficPolicy.retryBudget.percent: Invalid value: \"101\": spec.trafficPolicy.retryBudget.percent in body should be less than or equal to 100")]
    [InlineData("{retryBudget: {budgetInterval: soon}}", "spec.trafficPolicy.retryBudget.budgetInterval: Invalid value: \"soon\": must be a valid duration")]
    public void Policy_Unsound_NamesEveryError(string policy, params string[] expected) =>
        Verdict.Refuses(DestinationRule.Kind, $"{{host: a, trafficPolicy: {policy}}}", expected);

    [Fact]
    public void Port_SetTwice_IsDoubted() => Verdict.Warns(
        DestinationRule.Kind,
        "{host: a, trafficPolicy: {portLevelSettings: [{port: {number: 80}, tls: {mode: DISABLE}}, {port: {number: 80}, tls: {mode: ISTIO_MUTUAL}}]}}",
        "spec.trafficPolicy.portLevelSettings[1] has no effect: port 80 is set above");

    [Fact]
    public void EveryLevel_WithAnError_IsReportedInOrder() => Verdict.Refuses(
        DestinationRule.Kind,
        """
        host: '-'
        trafficPolicy:
          outlierDetection: {maxEjectionPercent: 101}
          tls: {mode: MUTUAL, credentialName: c, privateKey: /k.pem}
          portLevelSettings:
          - port: {number: 443}
            connectionPool: {tcp: {maxConnections: -1}}
        subsets:
        - name: v1
          trafficPolicy:
            portLevelSettings:
            - tls: {mode: SIMPLE, insecureSkipVerify: true, subjectAltNames: [x]}
        exportTo: ['~']
        """,
        "spec.host: Invalid value: \"-\": must be a host name or a wildcard such as *.example.com",
        "spec.trafficPolicy.outlierDetection.maxEjectionPercent: Invalid value: 101: must be between 0 and 100",
        "spec.trafficPolicy.tls.privateKey: Forbidden: may not be set beside credentialName",
        "spec.trafficPolicy.portLevelSettings[0].connectionPool.tcp.maxConnections: Invalid value: -1: must not be negative",
        "spec.subsets[0].trafficPolicy.portLevelSettings[0].port: Required value",
        "spec.subsets[0].trafficPolicy.portLevelSettings[0].tls.subjectAltNames: Forbidden: may not be set beside insecureSkipVerify: true",
        "spec.exportTo[0]: Invalid value: \"~\": ~ (none) is only allowed for services");

    [Fact]
    public void Read_UnknownFieldsAtEveryDepth_SurviveWithTheKnownOnes()
    {
        var json = Verdict.Json(
            DestinationRule.Kind,
            """
            x-0: {a: [1, null]}
            host: reviews
            trafficPolicy:
              x-1: 1.5
              tls: {mode: ISTIO_MUTUAL, x-2: true}
              portLevelSettings: [{port: {number: 9080, x-3: s}, x-4: [], loadBalancer: {simple: LEAST_REQUEST, x-5: {}}}]
            subsets: [{name: v1, labels: {version: v1}, x-6: v}]
            """);
        var findings = DestinationRule.Kind.Read(json, out var rule);
        Assert.Empty(findings.Errors);
        Assert.Equal(7, findings.Warnings.Length);
        Assert.Equal("unknown field \"spec.trafficPolicy.portLevelSettings[0].port.x-3\"", findings.Warnings.Single(w => w.Contains("x-3", StringComparison.Ordinal)));
        Assert.Equal(ClientTlsMode.IstioMutual, rule!.Spec.TrafficPolicy!.Tls!.Mode);
        Assert.Equal(9080u, rule.Spec.TrafficPolicy.PortLevelSettings![0].Port!.Number);
        Assert.True(JsonElement.DeepEquals(json, DestinationRule.Kind.Write(rule)));
    }
}
