using System.Text.Json;
using Katabira.Model.Kinds;
using Xunit;

namespace Katabira.Tests.Kinds;

public class GatewayTests
{
    private const string Http = "port: {number: 80, name: http, protocol: HTTP}";
    private const string Https = "port: {number: 443, name: https, protocol: HTTPS}";

    /// <summary>Rows: the servers of a gateway that selects some proxies.</summary>
    [Theory]
    [InlineData("[{hosts: [foo.bar.com, '*.example.com', 1.1.1.1, 'fd00::1', '*'], " + Http + "}]")]
    [InlineData("[{hosts: [ns1/foo.bar.com, '*/foo.bar.com', ./foo.bar.com, ns1/*], " + Http + "}]")]
    [InlineData("[{hosts: ['*'], port: {number: 7, name: Henry, protocol: http}, bind: 127.0.0.1}]")]
    [InlineData("[{hosts: ['*'], port: {number: 0, name: a, protocol: http}, bind: 'unix://@foobar'}]")]
    [InlineData("[{hosts: ['*'], port: {number: 7, name: a, protocol: GRPC-Web}, bind: '', tls: {httpsRedirect: true}}]")]
    [InlineData("[{hosts: ['*'], " + Http + "}, {hosts: ['*'], " + Https + ", tls: {mode: SIMPLE, credentialName: c}}]")]
    [InlineData("[{hosts: [a.b], port: {number: 15443, name: tls, protocol: TLS}, tls: {mode: AUTO_PASSTHROUGH}}]")]
    public void Servers_Sound_AreAccepted(string servers) => Verdict.Warns(Gateway.Kind, Spec(servers));

    [Theory]
    [InlineData("[]", "spec.servers: Required value: gateway must have at least one server")]
    [InlineData("[{}]", "spec.servers[0].port: Required value", "spec.servers[0].hosts: Required value")]
    [InlineData(
        "[{hosts: ['*'], port: {}}]",
        "spec.servers[0].port.number: Required value",
        "spec.servers[0].port.protocol: Required value",
        "spec.servers[0].port.name: Required value")]
    [InlineData(
        "[{hosts: [], port: {number: 66000, name: '', protocol: kafka, targetPort: 1}}, {hosts: [a.b], port: {number: 0, name: a, protocol: ''}}]",
        "spec.servers[0].hosts: Required value: server config must contain at least one host",
        "spec.servers[0].port.number: Invalid value: 66000: port must be between 1-65535",
        "spec.servers[0].port.protocol: Unsupported value: \"kafka\": " + Verdict.Protocols,
        "spec.servers[0].port.name: Required value: port name must be set",
        "spec.servers[0].port.targetPort: Forbidden: targetPort has no impact on Gateways",
        "spec.servers[1].port.number: Invalid value: 0: port must be between 1-65535",
        "spec.servers[1].port.protocol: Required value")]
    [InlineData(
        "[{hosts: [foo, foo.*.com, '*bar.com', ~/a.b, Ns_/a.b, /a.b, ns/, ns/foo, ns/a/b.c], " + Http + "}]",
        "spec.servers[0].hosts[0]: Invalid value: \"foo\": short names (non FQDN) are not allowed",
        "spec.servers[0].hosts[1]: Invalid value: \"foo.*.com\": must name a host, * or a wildcard such as *.example.com",
        "spec.servers[0].hosts[2]: Invalid value: \"*bar.com\": must name a host, * or a wildcard such as *.example.com",
        "spec.servers[0].hosts[3]: Invalid value: \"~/a.b\": namespace must be *, . or a DNS label",
        "spec.servers[0].hosts[4]: Invalid value: \"Ns_/a.b\": namespace must be *, . or a DNS label",
        "spec.servers[0].hosts[5]: Invalid value: \"/a.b\": namespace must be *, . or a DNS label",
        "spec.servers[0].hosts[6]: Invalid value: \"ns/\": short names (non FQDN) are not allowed",
        "spec.servers[0].hosts[7]: Invalid value: \"ns/foo\": short names (non FQDN) are not allowed",
        "spec.servers[0].hosts[8]: Invalid value: \"ns/a/b.c\": must name a host, * or a wildcard such as *.example.com")]
    [InlineData(
        "[{hosts: ['*'], " + Http + "}, {hosts: ['*'], port: {number: 8080, name: http, protocol: HTTP}}]",
        "spec.servers[1].port.name: Duplicate value: \"http\"")]
    [InlineData(
        "[{hosts: ['*'], port: {number: 7, name: a, protocol: http}, bind: 'unix://relative'}, {hosts: ['*'], port: {number: 7, name: b, protocol: http}, bind: foo.bar}]",
        "spec.servers[0].port.number: Invalid value: 7: port number must be 0 for unix domain socket",
        "spec.servers[0].bind: Invalid value: \"unix://relative\": UDS must be an absolute path or abstract socket",
        "spec.servers[1].bind: Invalid value: \"foo.bar\": must be an IP address")]
    [InlineData(
        "[{hosts: ['*'], " + Https + "}, {hosts: ['*'], port: {number: 1, name: tls, protocol: tls}}]",
        "spec.servers[0].tls: Required value: server must have TLS settings for HTTPS/TLS protocols",
        "spec.servers[1].tls: Required value: server must have TLS settings for HTTPS/TLS protocols")]
    [InlineData(
        "[{hosts: ['*'], " + Http + ", tls: {mode: SIMPLE, credentialName: c}}]",
        "spec.servers[0].tls: Forbidden: server cannot have TLS settings for plain text HTTP ports, except httpsRedirect")]
    [InlineData(
        "[{hosts: ['*'], port: {number: 1, name: tcp, protocol: TCP}, tls: {httpsRedirect: true}}]",
        "spec.servers[0].tls: Forbidden: server cannot have TLS settings for non HTTPS/TLS ports")]
    public void Servers_Unsound_NameEveryError(string servers, params string[] expected) => Verdict.Refuses(Gateway.Kind, Spec(servers), expected);

    private const string Tls = "spec.servers[0].tls";

    [Theory]
    [InlineData("{}")]
    [InlineData("{mode: SIMPLE, serverCertificate: /c, privateKey: /k}")]
    [InlineData("{mode: SIMPLE, serverCertificate: /c, privateKey: /k, caCertificates: /ca}")]
    [InlineData("{mode: SIMPLE, serverCertificate: /c, privateKey: /k, credentialName: ''}")]
    [InlineData("{mode: SIMPLE, tlsCertificates: [{serverCertificate: /c, privateKey: /k}], credentialName: ''}")]
    [InlineData("{mode: SIMPLE, privateKey: /k, credentialName: c}")]
    [InlineData("{mode: MUTUAL, serverCertificate: /c, privateKey: /k, caCertificates: /ca, caCrl: /crl, subjectAltNames: [a]}")]
    [InlineData("{mode: MUTUAL, credentialNames: [rsa, ecdsa], caCertCredentialName: ca}")]
    [InlineData("{mode: OPTIONAL_MUTUAL, tlsCertificates: [{serverCertificate: /c, privateKey: /k}], caCertificates: /ca}")]
    [InlineData("{mode: ISTIO_MUTUAL}")]
    [InlineData("{mode: SIMPLE, credentialName: c, minProtocolVersion: TLSV1_3, cipherSuites: [ECDHE-ECDSA-AES128-SHA, '-AES128-SHA', ALL, '']}")]
    [InlineData("{mode: SIMPLE, credentialName: c, minProtocolVersion: TLSV1_0, maxProtocolVersion: TLS_AUTO, cipherSuites: [AES128-SHA]}")]
    public void Tls_Sound_IsAccepted(string tls) => Verdict.Warns(Gateway.Kind, Spec($"[{{hosts: ['*'], {Https}, tls: {tls}}}]"));

    [Theory]
    [InlineData(
        "{mode: SIMPLE}",
        Tls + ".serverCertificate: Required value: SIMPLE requires a server certificate",
        Tls + ".privateKey: Required value: SIMPLE requires a private key")]
    [InlineData("{mode: SIMPLE, serverCertificate: /c, privateKey: ''}", Tls + ".privateKey: Required value: SIMPLE requires a private key")]
    [InlineData(
        "{mode: MUTUAL}",
        Tls + ".caCertificates: Required value: MUTUAL needs the authorities of the clients' certificates",
        Tls + ".serverCertificate: Required value: MUTUAL requires a server certificate",
        Tls + ".privateKey: Required value: MUTUAL requires a private key")]
    [InlineData(
        "{mode: OPTIONAL_MUTUAL, tlsCertificates: [{serverCertificate: /c, privateKey: /k}, {}]}",
        Tls + ".caCertificates: Required value: OPTIONAL_MUTUAL needs the authorities of the clients' certificates",
        Tls + ".tlsCertificates[1].serverCertificate: Required value: OPTIONAL_MUTUAL requires a server certificate",
        Tls + ".tlsCertificates[1].privateKey: Required value: OPTIONAL_MUTUAL requires a private key")]
    [InlineData(
        "{mode: SIMPLE, serverCertificate: /c, privateKey: /k, credentialName: c}",
        Tls + ": Invalid value: \"object\": only one of credentialName, serverCertificate can be set")]
    [InlineData(
        "{mode: SIMPLE, credentialName: '', credentialNames: [a], tlsCertificates: [{}]}",
        Tls + ": Invalid value: \"object\": only one of credentialName, credentialNames, tlsCertificates can be set")]
    [InlineData(
        "{mode: SIMPLE, credentialName: c, tlsCertificates: [{serverCertificate: /c, privateKey: /k}]}",
        Tls + ": Invalid value: \"object\": only one of credentialName, tlsCertificates can be set")]
    [InlineData("{credentialName: '', credentialNames: [a]}", Tls + ": Invalid value: \"object\": only one of credentialName, credentialNames can be set")]
    [InlineData(
        "{mode: SIMPLE, credentialNames: [a, b, c]}",
        Tls + ".credentialNames: Too many: 3: must have at most 2 items")]
    [InlineData(
        "{mode: SIMPLE, tlsCertificates: []}",
        Tls + ".tlsCertificates: Invalid value: 0: " + Tls + ".tlsCertificates in body should have at least 1 items")]
    [InlineData(
        "{mode: SIMPLE, serverCertificate: /c, privateKey: /k, caCrl: /crl}",
        Tls + ".caCrl: Forbidden: SIMPLE asks clients for no certificate")]
    [InlineData(
        "{mode: ISTIO_MUTUAL, serverCertificate: /c, privateKey: /k, caCertificates: /ca, credentialName: c}",
        Tls + ".serverCertificate: Forbidden: ISTIO_MUTUAL uses the mesh's certificates",
        Tls + ".privateKey: Forbidden: ISTIO_MUTUAL uses the mesh's certificates",
        Tls + ".caCertificates: Forbidden: ISTIO_MUTUAL uses the mesh's certificates",
        Tls + ".credentialName: Forbidden: ISTIO_MUTUAL uses the mesh's certificates")]
    [InlineData(
        "{mode: PASSTHROUGH, minProtocolVersion: TLSV1_4}",
        Tls + ".minProtocolVersion: Unsupported value: \"TLSV1_4\": supported values: \"TLS_AUTO\", \"TLSV1_0\", \"TLSV1_1\", \"TLSV1_2\", \"TLSV1_3\"")]
    public void Tls_Unsound_NamesEveryError(string tls, params string[] expected) =>
        Verdict.Refuses(Gateway.Kind, Spec($"[{{hosts: ['*'], {Https}, tls: {tls}}}]"), expected);

    [Theory]
    [InlineData("{httpsRedirect: true}", Tls + ".httpsRedirect should only be used with http servers")]
    [InlineData(
        "{credentialName: c, caCrl: /crl}",
        Tls + ".caCrl is ignored: PASSTHROUGH mode does not use certificates",
        Tls + ".credentialName is ignored: PASSTHROUGH mode does not use certificates")]
    [InlineData("{mode: MUTUAL, credentialName: c, caCrl: /crl}", Tls + ".caCrl is ignored: it must be in the credential")]
    [InlineData("{mode: MUTUAL, credentialName: c, insecureSkipVerify: true}", Tls + ".insecureSkipVerify: any client is let in")]
    [InlineData(
        "{mode: SIMPLE, credentialName: c, minProtocolVersion: TLSV1_1}",
        Tls + ".minProtocolVersion: versions below TLSV1_2 need cipherSuites, for the default ones do not go with them")]
    [InlineData(
        "{mode: SIMPLE, credentialName: c, minProtocolVersion: TLSV1_3, maxProtocolVersion: TLSV1_2}",
        Tls + ".maxProtocolVersion is older than minProtocolVersion: nobody can connect")]
    [InlineData(
        "{mode: SIMPLE, credentialName: c, cipherSuites: [no-suite, AES128-SHA, AES128-SHA]}",
        Tls + ".cipherSuites[0] is ignored: it is no cipher suite we know",
        Tls + ".cipherSuites[2] is ignored: it stands there already")]
    public void Tls_Doubtful_IsAcceptedWithAWarning(string tls, params string[] expected) =>
        Verdict.Warns(Gateway.Kind, Spec($"[{{hosts: ['*'], {Https}, tls: {tls}}}]"), expected);

    [Fact]
    public void Selector_LeftOut_IsDoubted() => Verdict.Warns(
        Gateway.Kind, $"{{servers: [{{hosts: ['*'], {Http}}}]}}", "spec.selector: without labels, it is for every gateway of the mesh");

    [Fact]
    public void Gateway_EmptyWithADottedName_NamesBothErrors()
    {
        var json = Verdict.Object(Gateway.Kind, "{}");
        json["metadata"]!["name"] = "a.b";
        Assert.Equal(
            [
                "metadata.name: Invalid value: \"a.b\": a gateway's name must be a DNS label, for routes name it with its namespace",
                "spec.servers: Required value: gateway must have at least one server",
            ],
            Gateway.Kind.Validate(JsonSerializer.SerializeToElement(json)).Errors.Select(e => e.ToString()));
    }

    [Fact]
    public void Gateway_WithoutAName_IsRefused()
    {
        var json = Verdict.Object(Gateway.Kind, Spec($"[{{hosts: ['*'], {Http}}}]"));
        json["metadata"]!.AsObject().Clear();
        Assert.Equal("metadata.name", Assert.Single(Gateway.Kind.Validate(JsonSerializer.SerializeToElement(json)).Errors).Path);
    }

    [Fact]
    public void Read_UnknownFieldsAtEveryDepth_SurviveWithTheKnownOnes()
    {
        var json = Verdict.Json(
            Gateway.Kind,
            "{x-0: 0, selector: {istio: ingressgateway}, servers: [{hosts: ['*'], x-1: [1], port: {number: 443, name: a, protocol: TLS, x-2: {}}, "
            + "tls: {mode: SIMPLE, tlsCertificates: [{serverCertificate: /c, privateKey: /k, x-3: null}], x-4: y}}]}");
        var findings = Gateway.Kind.Read(json, out var gateway);
        Assert.Empty(findings.Errors);
        Assert.Equal(5, findings.Warnings.Length);
        Assert.Equal("/c", gateway!.Spec.Servers![0].Tls!.TlsCertificates![0].Certificate);
        Assert.True(JsonElement.DeepEquals(json, Gateway.Kind.Write(gateway)));
    }

    [Fact]
    public void Tls_WithoutMode_PassesThrough() => Assert.Equal(ServerTlsMode.Passthrough, new ServerTlsSettings().EffectiveMode);

    private static string Spec(string servers) => $"{{selector: {{istio: ingressgateway}}, servers: {servers}}}";
}
