using System.Text.Json;
using Katabira.Model.Kinds;
using Xunit;

namespace Katabira.Tests.Kinds;

public class SidecarTests
{
    [Theory]
    [InlineData("{egress: [{hosts: ['*/*']}]}")]
    [InlineData("{workloadSelector: {labels: {app: a}}, egress: [{hosts: [./*, istio-system/*]}]}")]
    [InlineData("{egress: [{hosts: [./foo.com]}]}")]
    [InlineData("{egress: [{hosts: [~/*]}]}")]
    [InlineData("{egress: [{hosts: ['*/*', ~ns1/*, ~/foo.com, ~./a.b, '~*/a.b']}]}")]
    [InlineData("{egress: [{hosts: ['*/b.com', test/a.com, 'test/*.c']}]}")]
    [InlineData("{egress: [{port: {number: 8080, protocol: http}, hosts: [ns1/bar.com]}, {port: {number: 90, name: foo}, bind: 127.0.0.1, captureMode: NONE, hosts: [ns1/c.d]}, {hosts: [./*]}]}")]
    [InlineData("{egress: [{port: {number: 0, protocol: http, name: uds}, bind: 'unix:///@foo/bar/com', captureMode: DEFAULT, hosts: [ns1/bar.com]}]}")]
    [InlineData("{ingress: [{port: {number: 90, protocol: http, name: foo}, defaultEndpoint: '127.0.0.1:9999'}, {port: {number: 91}, defaultEndpoint: '[::1]:110'}]}")]
    [InlineData("{ingress: [{port: {number: 1}, defaultEndpoint: ':1'}, {port: {number: 2}, defaultEndpoint: '0.0.0.0:1'}, {port: {number: 3}, defaultEndpoint: '[::]:65535'}]}")]
    [InlineData("{ingress: [{port: {number: 90}, bind: 172.16.1.32, defaultEndpoint: 'unix:///a', captureMode: IPTABLES}]}")]
    [InlineData("{ingress: [{port: {number: 90, protocol: HTTPS}, tls: {mode: SIMPLE, serverCertificate: /c, privateKey: /k}}]}")]
    [InlineData("{outboundTrafficPolicy: {mode: ALLOW_ANY}}")]
    [InlineData("{outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: foo.bar, subset: shiny, port: {number: 5000}}}}")]
    [InlineData("{inboundConnectionPool: {http: {maxRetries: 1024}}}")]
    [InlineData("{ingress: [{port: {number: 90, protocol: http}, connectionPool: {http: {maxRetries: 1}}}], inboundConnectionPool: {tcp: {maxConnections: 1}}}")]
    public void Sidecar_Sound_IsAccepted(string spec) => Verdict.Warns(Sidecar.Kind, spec);

    [Theory]
    [InlineData("{}", "spec: Invalid value: \"object\": empty configuration provided: set ingress, egress, outboundTrafficPolicy or inboundConnectionPool")]
    [InlineData(
        "{workloadSelector: {labels: {'': a, b: '*'}}, ingress: [], egress: []}",
        "spec.workloadSelector.labels: Invalid value: \"object\": key must not be empty",
        "spec.workloadSelector.labels[b]: Invalid value: \"*\": wildcard is not supported in selector",
        "spec: Invalid value: \"object\": empty configuration provided: set ingress, egress, outboundTrafficPolicy or inboundConnectionPool")]
    [InlineData("{inboundConnectionPool: {}}", "spec.inboundConnectionPool: Invalid value: \"object\": connection pool must have at least one field")]
    [InlineData(
        "{outboundTrafficPolicy: {mode: ALLOW_ANY_DYNAMIC_DNS}}",
        "spec.outboundTrafficPolicy.mode: Unsupported value: \"ALLOW_ANY_DYNAMIC_DNS\": supported values: \"REGISTRY_ONLY\", \"ALLOW_ANY\"")]
    [InlineData(
        "{outboundTrafficPolicy: {egressProxy: {host: 'foobar*123', subset: '-', port: {number: 0}}}}",
        "spec.outboundTrafficPolicy.egressProxy: Forbidden: may be set only with mode ALLOW_ANY",
        "spec.outboundTrafficPolicy.egressProxy.host: Invalid value: \"foobar*123\": must be a host name without wildcards",
        "spec.outboundTrafficPolicy.egressProxy.subset: Invalid value: \"-\": subset name must be a DNS label",
        "spec.outboundTrafficPolicy.egressProxy.port.number: Invalid value: 0: port must be between 1-65535")]
    [InlineData(
        "{outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: foo.bar}}}", "spec.outboundTrafficPolicy.egressProxy.port: Required value")]
    [InlineData(
        "{outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: foo.bar, port: {}}}}",
        "spec.outboundTrafficPolicy.egressProxy.port.number: Required value")]
    public void Sidecar_Unsound_NamesEveryError(string spec, params string[] expected) => Verdict.Refuses(Sidecar.Kind, spec, expected);

    [Theory]
    [InlineData("[{defaultEndpoint: '127.0.0.1:110'}]", "spec.ingress[0].port: Required value")]
    [InlineData(
        "[{port: {protocol: http1, name: a_b, targetPort: 1}}, {port: {number: 0}, bind: 'unix:///a'}, {port: {number: 1000000}}]",
        "spec.ingress[0].port.name: Invalid value: \"a_b\": port name must be valid: 1 to 63 letters, digits and inner hyphens",
        "spec.ingress[0].port.protocol: Unsupported value: \"http1\": " + Verdict.Protocols,
        "spec.ingress[0].port.targetPort: Forbidden: targetPort has no impact on Sidecars",
        "spec.ingress[0].port.number: Required value",
        "spec.ingress[1].port.number: Invalid value: 0: port must be between 1-65535",
        "spec.ingress[1].bind: Invalid value: \"unix:///a\": must be an IP address",
        "spec.ingress[2].port.number: Invalid value: 1000000: port must be between 1-65535")]
    [InlineData("[{port: {number: 90}}, {port: {number: 90}}]", "spec.ingress[1].port.number: Invalid value: 90: ports on IP bound listeners must be unique")]
    [InlineData(
        "[{port: {number: 90, protocol: tcp}, connectionPool: {}}]",
        "spec.ingress[0].connectionPool: Invalid value: \"object\": connection pool must have at least one field")]
    [InlineData(
        "[{port: {number: 90, protocol: tcp}, tls: {mode: SIMPLE, httpsRedirect: true, subjectAltNames: [a], credentialName: c}}]",
        "spec.ingress[0].tls.subjectAltNames: Forbidden: is not supported in sidecar ingress tls",
        "spec.ingress[0].tls.httpsRedirect: Forbidden: is not supported in sidecar ingress tls",
        "spec.ingress[0].tls.credentialName: Forbidden: is not supported in sidecar ingress tls",
        "spec.ingress[0].tls: Forbidden: server cannot have TLS settings for non HTTPS/TLS ports")]
    [InlineData(
        "[{port: {number: 90, protocol: TLS}, tls: {mode: SIMPLE, tlsCertificates: [{serverCertificate: /c, privateKey: /k}]}}]",
        "spec.ingress[0].tls.tlsCertificates: Forbidden: is not supported in sidecar ingress tls")]
    [InlineData(
        "[{port: {number: 90, protocol: TLS}, tls: {mode: ISTIO_MUTUAL}}, {port: {number: 91, protocol: TLS}, tls: {mode: AUTO_PASSTHROUGH}}]",
        "spec.ingress[0].tls.mode: Invalid value: \"ISTIO_MUTUAL\": is not supported in sidecar ingress tls",
        "spec.ingress[1].tls.mode: Invalid value: \"AUTO_PASSTHROUGH\": is not supported in sidecar ingress tls")]
    [InlineData(
        "[{port: {number: 90, protocol: TLS}, tls: {mode: MUTUAL, serverCertificate: /c}}]",
        "spec.ingress[0].tls.caCertificates: Required value: MUTUAL needs the authorities of the clients' certificates",
        "spec.ingress[0].tls.privateKey: Required value: MUTUAL requires a private key")]
    public void Ingress_Unsound_NamesEveryError(string ingress, params string[] expected) => Verdict.Refuses(Sidecar.Kind, $"{{ingress: {ingress}}}", expected);

    [Theory]
    [InlineData("1.1.1.1:90")]
    [InlineData("[1:1:1:1:1:1:1:1]:90")]
    [InlineData("127.0.0.1:hi")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:+1")]
    [InlineData("127.0.0.1")]
    [InlineData("::1:80")]
    [InlineData("localhost:80")]
    public void DefaultEndpoint_ThatIsNotLocal_IsRefused(string endpoint) => Verdict.Refuses(
        Sidecar.Kind,
        $"{{ingress: [{{port: {{number: 90}}, defaultEndpoint: '{endpoint}'}}]}}",
        $"spec.ingress[0].defaultEndpoint: Invalid value: \"{endpoint}\": must be of the form 127.0.0.1:PORT, 0.0.0.0:PORT, [::1]:PORT, [::]:PORT, :PORT or unix://PATH");

    [Fact]
    public void DefaultEndpoint_OnADirectory_IsRefused() => Verdict.Refuses(
        Sidecar.Kind,
        "{ingress: [{port: {number: 90}, defaultEndpoint: 'unix:///'}]}",
        "spec.ingress[0].defaultEndpoint: Invalid value: \"unix:///\": UDS may not be a dir");

    [Theory]
    [InlineData("[{}]", "spec.egress[0].hosts: Required value")]
    [InlineData("[{hosts: []}]", "spec.egress[0].hosts: Required value: egress listener must contain at least one host")]
    [InlineData(
        "[{hosts: ['*', /, ns1/foo, test/*a.com, ~Invalid_NS/*, '~~/*', ns1/1.2.3.4, Ns_/a.b]}]",
        "spec.egress[0].hosts[0]: Invalid value: \"*\": must be of the form namespace/dnsName",
        "spec.egress[0].hosts[1]: Invalid value: \"/\": namespace must be *, ., ~ or a DNS label, which ~ may precede",
        "spec.egress[0].hosts[1]: Invalid value: \"/\": short names (non FQDN) are not allowed",
        "spec.egress[0].hosts[2]: Invalid value: \"ns1/foo\": short names (non FQDN) are not allowed",
        "spec.egress[0].hosts[3]: Invalid value: \"test/*a.com\": must name a host, * or a wildcard such as *.example.com",
        "spec.egress[0].hosts[4]: Invalid value: \"~Invalid_NS/*\": namespace must be *, ., ~ or a DNS label, which ~ may precede",
        "spec.egress[0].hosts[5]: Invalid value: \"~~/*\": namespace must be *, ., ~ or a DNS label, which ~ may precede",
        "spec.egress[0].hosts[6]: Invalid value: \"ns1/1.2.3.4\": must name a host, * or a wildcard such as *.example.com",
        "spec.egress[0].hosts[7]: Invalid value: \"Ns_/a.b\": namespace must be *, ., ~ or a DNS label, which ~ may precede")]
    [InlineData(
        "[{hosts: [a/b.c]}, {port: {number: 8080}, hosts: [a/b.c]}, {hosts: [a/b.c]}]",
        "spec.egress[0].port: Required value: only the last egress listener may leave it out")]
    [InlineData(
        "[{port: {number: 90, protocol: http1, targetPort: 2}, hosts: [a/b.c]}, {port: {number: 90}, bind: host, hosts: [a/b.c]}, {port: {number: 70000}, bind: 'unix:///a', hosts: [a/b.c]}]",
        "spec.egress[0].port.protocol: Unsupported value: \"http1\": " + Verdict.Protocols,
        "spec.egress[0].port.targetPort: Forbidden: targetPort has no impact on Sidecars",
        "spec.egress[1].port.number: Invalid value: 90: ports on IP bound listeners must be unique",
        "spec.egress[1].bind: Invalid value: \"host\": must be an IP address",
        "spec.egress[2].port.number: Invalid value: 70000: port must be between 1-65535",
        "spec.egress[2].bind: Invalid value: \"unix:///a\": must be an IP address")]
    [InlineData(
        "[{port: {number: 0}, bind: 'foobar:///a', hosts: [a/b.c]}, {port: {}, hosts: [a/b.c]}, {port: {number: 0}, bind: 'unix:///a', captureMode: IPTABLES, hosts: [a/b.c]}, "
        + "{port: {number: 0}, bind: 'unix:///a', hosts: [a/b.c]}, {port: {number: 0}, bind: 'unix://b', hosts: [a/b.c]}]",
        "spec.egress[0].bind: Invalid value: \"foobar:///a\": ports with 0 value must have a unix domain socket bind address",
        "spec.egress[1].bind: Invalid value: \"\": ports with 0 value must have a unix domain socket bind address",
        "spec.egress[2].captureMode: Unsupported value: \"IPTABLES\": supported values: \"DEFAULT\", \"NONE\"",
        "spec.egress[3].bind: Duplicate value: \"unix:///a\"",
        "spec.egress[4].bind: Invalid value: \"unix://b\": UDS must be an absolute path or abstract socket")]
    public void Egress_Unsound_NamesEveryError(string egress, params string[] expected) => Verdict.Refuses(Sidecar.Kind, $"{{egress: {egress}}}", expected);

    [Theory]
    [InlineData(
        "{workloadSelector: {}, egress: [{hosts: ['*/*']}]}",
        "spec.workloadSelector: workload selector specified without labels: it selects every workload of the namespace")]
    [InlineData("{egress: [{hosts: ['*/*', test/a.com]}]}", "spec.egress[0].hosts: */* imports every service, so the other hosts add nothing")]
    [InlineData("{egress: [{hosts: [test/*, test/a.com]}]}", "spec.egress[0].hosts[1]: duplicated egress host")]
    [InlineData("{egress: [{hosts: [test/a.com, test/*]}]}", "spec.egress[0].hosts[1]: duplicated egress host")]
    [InlineData("{egress: [{hosts: [test/a.com, test/a.com]}]}", "spec.egress[0].hosts[1]: duplicated egress host")]
    [InlineData("{egress: [{hosts: [./*, shop/a.com]}]}", "spec.egress[0].hosts[1]: duplicated egress host")]
    [InlineData(
        "{ingress: [{port: {number: 90, protocol: tcp}, connectionPool: {http: {maxRetries: 1}}}]}",
        "spec.ingress[0].connectionPool.http has no effect: the port's protocol is not HTTP")]
    [InlineData(
        "{outboundTrafficPolicy: {}}",
        "spec.outboundTrafficPolicy: without a mode, REGISTRY_ONLY holds: traffic for unknown services does not leave")]
    public void Sidecar_Doubtful_IsAcceptedWithAWarning(string spec, params string[] expected) => Verdict.Warns(Sidecar.Kind, spec, expected);

    [Fact]
    public void Read_UnknownFieldsAtEveryDepth_SurviveWithTheKnownOnes()
    {
        var json = Verdict.Json(
            Sidecar.Kind,
            "{x-0: 0, workloadSelector: {labels: {a: b}, x-1: 1}, egress: [{hosts: [./*], x-2: 2}], "
            + "ingress: [{port: {number: 90, x-3: 3}, connectionPool: {tcp: {tcpKeepalive: {probes: 1, x-4: 4}}}}], outboundTrafficPolicy: {mode: ALLOW_ANY, x-5: 5}}");
        var findings = Sidecar.Kind.Read(json, out var sidecar);
        Assert.Empty(findings.Errors);
        Assert.Equal(6, findings.Warnings.Length);
        Assert.True(sidecar!.Spec.WorkloadSelector!.Selector.Matches(new Dictionary<string, string> { ["a"] = "b" }));
        Assert.False(sidecar.Spec.WorkloadSelector.Selector.Matches(new Dictionary<string, string> { ["a"] = "c" }));
        Assert.True(JsonElement.DeepEquals(json, Sidecar.Kind.Write(sidecar)));
    }
}
