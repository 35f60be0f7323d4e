using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Model.Kinds;
using Xunit;

namespace Katabira.Tests.Kinds;

public class ServiceEntryTests
{
    private const string Web = "ports: [{number: 80, protocol: http, name: http}]";

    [Theory]
    [InlineData("{hosts: [example.com]}")]
    [InlineData("{hosts: [short, example.com], " + Web + ", resolution: NONE}")]
    [InlineData("{hosts: [example.com], addresses: [10.0.0.0/8, 'fd00::/8'], ports: [{number: 8080, name: a}], resolution: NONE}")]
    [InlineData("{hosts: [example.com], addresses: [1.2.3.4, '001:db8::'], exportTo: [foo, .], workloadSelector: {labels: {a: b}}, location: MESH_EXTERNAL, "
        + "ports: [{name: foo, protocol: HTTP, number: 1234, targetPort: 2345}], subjectAltNames: [sa], resolution: DNS}")]
    [InlineData("{hosts: [example.com], ports: [{number: 80, protocol: http, name: a, targetPort: 80}, {number: 81, name: b, protocol: TCP, targetPort: 80}], resolution: DNS}")]
    [InlineData("{hosts: ['*.example.com'], " + Web + ", endpoints: [{address: a.example.com, ports: {http: 8080}}, {address: 1.1.1.1}], resolution: DNS}")]
    [InlineData("{hosts: ['*.example.com'], " + Web + ", endpoints: [{address: a.example.com}], resolution: DNS_ROUND_ROBIN}")]
    [InlineData("{hosts: [example.com], " + Web + ", endpoints: [], resolution: DNS_ROUND_ROBIN}")]
    [InlineData("{hosts: [example.com], addresses: [172.1.2.16/16], " + Web + ", endpoints: [{address: 2.2.2.2, ports: {http: 9080}}], resolution: STATIC}")]
    [InlineData("{hosts: [uds.cluster.local], ports: [{number: 6553, protocol: grpc, name: grpc}], endpoints: [{address: 'unix:///path/to/socket'}], resolution: STATIC}")]
    [InlineData("{hosts: ['*.example.com', '*.example.org'], ports: [{number: 443, protocol: TLS, name: tls}], resolution: DYNAMIC_DNS, location: MESH_INTERNAL}")]
    [InlineData("{hosts: [example.com], exportTo: ['~']}")]
    public void Entry_Sound_IsAccepted(string spec) => Verdict.Warns(ServiceEntry.Kind, spec);

    [Theory]
    [InlineData("{}", "spec.hosts: Required value")]
    [InlineData("{hosts: []}", "spec.hosts: Invalid value: 0: spec.hosts in body should have at least 1 items")]
    [InlineData(
        "{hosts: ['*', 'foo*', '-', 1.2.3.4]}",
        "spec.hosts[0]: Invalid value: \"*\": hostname cannot be wildcard",
        "spec.hosts[1]: Invalid value: \"foo*\": must be a host name or a wildcard such as *.example.com",
        "spec.hosts[2]: Invalid value: \"-\": must be a host name or a wildcard such as *.example.com",
        "spec.hosts[3]: Invalid value: \"1.2.3.4\": must be a host name or a wildcard such as *.example.com")]
    [InlineData(
        "{hosts: [a.b], addresses: [1.2.3.4/99, host, '[::1]', 10.1.0.0/16, 010.1.0.0/16], resolution: DNS}",
        "spec.addresses[0]: Invalid value: \"1.2.3.4/99\": must be an IP address or a network such as 10.0.0.0/8",
        "spec.addresses[1]: Invalid value: \"host\": must be an IP address or a network such as 10.0.0.0/8",
        "spec.addresses[2]: Invalid value: \"[::1]\": must be an IP address or a network such as 10.0.0.0/8",
        "spec.addresses[4]: Invalid value: \"010.1.0.0/16\": must be an IP address or a network such as 10.0.0.0/8",
        "spec: Invalid value: \"object\": CIDR addresses are allowed only for NONE/STATIC resolution types")]
    [InlineData(
        "{hosts: [a.b], workloadSelector: {}, endpoints: [], resolution: STATIC}",
        "spec: Invalid value: \"object\": only one of WorkloadSelector or Endpoints can be set")]
    [InlineData(
        "{hosts: [a.b], workloadSelector: {labels: {'': v, 'k*': v, k: 'v*'}}, resolution: STATIC}",
        "spec.workloadSelector.labels: Invalid value: \"object\": key must not be empty",
        "spec.workloadSelector.labels: Invalid value: \"object\": wildcard is not supported in selector",
        "spec.workloadSelector.labels[k]: Invalid value: \"v*\": wildcard is not supported in selector")]
    [InlineData("{hosts: [a.b], exportTo: ['~', a]}", "spec.exportTo: Invalid value: \"object\": ~ must be the only entry")]
    [InlineData(
        "{hosts: [a.b], exportTo: ['~', '~']}",
        "spec.exportTo[1]: Duplicate value: \"~\"",
        "spec.exportTo: Invalid value: \"object\": ~ must be the only entry")]
    public void Entry_Unsound_NamesEveryError(string spec, params string[] expected) => Verdict.Refuses(ServiceEntry.Kind, spec, expected);

    [Theory]
    [InlineData("[{number: 1, name: a}, {number: 2, name: a}]", "spec.ports[1]: Duplicate value: \"{\\\"name\\\":\\\"a\\\"}\"")]
    [InlineData("[{name: a}, {number: 1}]", "spec.ports[0].number: Required value", "spec.ports[1].name: Required value")]
    [InlineData(
        "[{number: 1, name: a}, {number: 1, name: b_, protocol: kafka}, {number: 0, name: c, targetPort: 0}, {number: 65536, name: '', targetPort: 99999}]",
        "spec.ports[1].name: Invalid value: \"b_\": port name must be valid: 1 to 63 letters, digits and inner hyphens",
        "spec.ports[1].protocol: Unsupported value: \"kafka\": " + Verdict.Protocols,
        "spec.ports[1].number: Invalid value: 1: port number cannot be duplicated",
        "spec.ports[2].number: Invalid value: 0: port must be between 1-65535",
        "spec.ports[2].targetPort: Invalid value: 0: port must be between 1-65535",
        "spec.ports[3].name: Invalid value: \"\": port name must be valid: 1 to 63 letters, digits and inner hyphens",
        "spec.ports[3].number: Invalid value: 65536: port must be between 1-65535",
        "spec.ports[3].targetPort: Invalid value: 99999: port must be between 1-65535")]
    public void Ports_Unsound_NameEveryError(string ports, params string[] expected) =>
        Verdict.Refuses(ServiceEntry.Kind, $"{{hosts: [a.b], ports: {ports}}}", expected);

    /// <summary>Rows: resolution, the rest of the specification, every error.</summary>
    [Theory]
    [InlineData("NONE", "hosts: [a.b], endpoints: []", "spec: Invalid value: \"object\": NONE mode cannot set endpoints")]
    [InlineData(
        "NONE",
        "hosts: [a.b], endpoints: [{}]",
        "spec.endpoints[0].address: Required value: Address is required",
        "spec: Invalid value: \"object\": NONE mode cannot set endpoints")]
    [InlineData(
        "STATIC",
        "hosts: [a.b], " + Web + ", endpoints: [{address: a.b}, {address: 1.1.1.1, ports: {https: 1, http: 65536}}, {address: 'unix://./x'}]",
        "spec.endpoints[0].address: Invalid value: \"a.b\": must be an IP address or unix://PATH",
        "spec.endpoints[1].ports[http]: Invalid value: 65536: port must be between 1-65535",
        "spec.endpoints[1].ports: Invalid value: \"https\": must be the name of a port in spec.ports",
        "spec.endpoints[2].address: Invalid value: \"unix://./x\": UDS must be an absolute path or abstract socket")]
    [InlineData(
        "STATIC",
        "hosts: [a.b], endpoints: [{address: 'unix:///x', ports: {}}]",
        "spec.endpoints[0].ports: Forbidden: UDS may not include ports",
        "spec.endpoints[0].address: Invalid value: \"unix:///x\": exactly 1 service port required for unix endpoints")]
    [InlineData(
        "STATIC",
        "hosts: [a.b, c.d], ports: [{number: 1, name: a, protocol: TCP}, {number: 2, name: b}, {number: 3, name: c, protocol: HTTPS}]",
        "spec.ports[0].protocol: Invalid value: \"TCP\": multiple hosts provided with non-HTTP, non-TLS ports",
        "spec.ports[1].protocol: Invalid value: \"\": multiple hosts provided with non-HTTP, non-TLS ports")]
    [InlineData(
        "DNS",
        "hosts: [a.b, '*.c'], " + Web,
        "spec.hosts[1]: Invalid value: \"*.c\": DNS cannot be asked for a wildcard: list endpoints, or use DYNAMIC_DNS")]
    [InlineData(
        "DNS",
        "hosts: [a.b], " + Web + ", endpoints: [{address: '*.a.b'}, {address: 'unix:///x'}]",
        "spec.endpoints[0].address: Invalid value: \"*.a.b\": must be an IP address or a host name without wildcards",
        "spec.endpoints[1].address: Invalid value: \"unix:///x\": must be an IP address or a host name without wildcards")]
    [InlineData(
        "DNS_ROUND_ROBIN",
        "hosts: [a.b], " + Web + ", endpoints: [{address: a.a}, {address: b.b}]",
        "spec: Invalid value: \"object\": DNS_ROUND_ROBIN mode cannot have multiple endpoints")]
    [InlineData(
        "DYNAMIC_DNS",
        "hosts: [a.b], addresses: [1.1.1.1], ports: [{number: 1, name: a, protocol: HTTPS}, {number: 2, name: b}], endpoints: [{address: 2.2.2.2}]",
        "spec.hosts[0]: Invalid value: \"a.b\": host must be wildcarded for resolution mode DYNAMIC_DNS",
        "spec.addresses: Forbidden: may not be set with resolution DYNAMIC_DNS",
        "spec.endpoints: Forbidden: may not be set with resolution DYNAMIC_DNS",
        "spec.ports[0].protocol: Invalid value: \"HTTPS\": must be HTTP, HTTP2, GRPC or TLS for resolution DYNAMIC_DNS",
        "spec.ports[1].protocol: Invalid value: \"\": must be HTTP, HTTP2, GRPC or TLS for resolution DYNAMIC_DNS")]
    public void Resolution_AtOddsWithTheRest_NamesEveryError(string resolution, string rest, params string[] expected) =>
        Verdict.Refuses(ServiceEntry.Kind, $"{{{rest}, resolution: {resolution}}}", expected);

    [Theory]
    [InlineData("my-waypoint", "spec.location: Forbidden: MESH_INTERNAL does not go with DYNAMIC_DNS and a waypoint")]
    [InlineData("none", null)]
    [InlineData("", null)]
    public void DynamicDns_InsideTheMesh_ExcludesAWaypoint(string waypoint, string? expected)
    {
        var json = Verdict.Object(ServiceEntry.Kind, "{hosts: ['*.a.b'], location: MESH_INTERNAL, resolution: DYNAMIC_DNS}");
        json["metadata"]!["labels"] = new JsonObject { ["istio.io/use-waypoint"] = waypoint };
        Assert.Equal(expected, ServiceEntry.Kind.Validate(JsonSerializer.SerializeToElement(json)).Errors.Select(e => e.ToString()).SingleOrDefault());
    }

    [Theory]
    [InlineData(
        "{hosts: ['*.example.com', '*example.org'], " + Web + "}",
        "spec.hosts[1]: a * that is not a whole label matches nothing in many places")]
    [InlineData(
        "{hosts: [a.b], workloadSelector: {}, resolution: STATIC}",
        "spec.workloadSelector: workload selector specified without labels: it selects every workload of the namespace")]
    [InlineData("{hosts: [a.b], workloadSelector: {labels: {a: b}}}", "spec.workloadSelector has no effect with resolution NONE")]
    [InlineData(
        "{hosts: [a.b], ports: [{number: 80, protocol: http, name: a}, {number: 81, name: b}, {number: 82, name: c, protocol: TCP}]}",
        "spec.ports[1]: without spec.addresses, every address on this port belongs to the service",
        "spec.ports[2]: without spec.addresses, every address on this port belongs to the service")]
    [InlineData(
        "{hosts: [a.b, c.d], addresses: [1.1.1.1], ports: [{number: 443, protocol: https, name: a}], resolution: DNS}",
        "spec: several hosts share spec.addresses, so TCP connections to them cannot be told apart")]
    [InlineData(
        "{hosts: [a.b], " + Web + ", endpoints: [{network: west}], resolution: STATIC}",
        "spec.endpoints[0].address is unset: traffic reaches it only through its network's gateway")]
    public void Entry_Doubtful_IsAcceptedWithAWarning(string spec, params string[] expected) => Verdict.Warns(ServiceEntry.Kind, spec, expected);

    [Fact]
    public void Entry_WithoutSpecification_IsRefused()
    {
        var json = Verdict.Object(ServiceEntry.Kind, "{}");
        json.Remove("spec");
        Assert.Equal("spec: Required value", Assert.Single(ServiceEntry.Kind.Validate(JsonSerializer.SerializeToElement(json)).Errors).ToString());
    }

    [Fact]
    public void Read_UnknownFieldsAtEveryDepth_SurviveWithTheKnownOnes()
    {
        var json = Verdict.Json(
            ServiceEntry.Kind,
            "{hosts: [a.b], x-0: 1, ports: [{number: 80, name: http, x-1: 2}], endpoints: [{address: 1.1.1.1, ports: {http: 8080}, x-2: {y: [3]}}], resolution: STATIC}");
        var findings = ServiceEntry.Kind.Read(json, out var entry);
        Assert.Empty(findings.Errors);
        Assert.Equal(
            ["unknown field \"spec.x-0\"", "unknown field \"spec.ports[0].x-1\"", "unknown field \"spec.endpoints[0].x-2\""], findings.Warnings);
        Assert.Equal(ServiceResolution.Static, entry!.Spec.Resolution);
        Assert.True(JsonElement.DeepEquals(json, ServiceEntry.Kind.Write(entry)));
    }
}
