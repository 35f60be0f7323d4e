using System.Text.Json;
using Katabira.Model.Kinds;
using Xunit;

namespace Katabira.Tests.Kinds;

public class WorkloadEntryTests
{
    [Theory]
    [InlineData("{address: 1.2.3.4, serviceAccount: sa, network: net, labels: {app: app}, ports: {http: 1}, weight: 2, locality: a/b/c}")]
    [InlineData("{address: 'fd00::1'}")]
    [InlineData("{address: example.com, ports: {7777: 7777}}")]
    [InlineData("{address: 'unix://@name'}")]
    [InlineData("{address: 'unix:///path/to/socket'}")]
    public void Entry_Sound_IsAccepted(string spec) => Verdict.Warns(WorkloadEntry.Kind, spec);

    [Theory]
    [InlineData("{}", "spec.address: Required value: Address is required")]
    [InlineData("{address: '', network: ''}", "spec.address: Required value: Address is required")]
    [InlineData(
        "{address: 'example.com:9443'}",
        "spec.address: Invalid value: \"example.com:9443\": must be an IP address, a host name without wildcards, or unix://PATH")]
    [InlineData(
        "{address: '*.example.com'}",
        "spec.address: Invalid value: \"*.example.com\": must be an IP address, a host name without wildcards, or unix://PATH")]
    [InlineData("{address: '[::1]'}", "spec.address: Invalid value: \"[::1]\": must be an IP address, a host name without wildcards, or unix://PATH")]
    [InlineData(
        "{address: 'fe80::1%eth0'}",
        "spec.address: Invalid value: \"fe80::1%eth0\": must be an IP address, a host name without wildcards, or unix://PATH")]
    [InlineData("{address: 010.0.0.1}", "spec.address: Invalid value: \"010.0.0.1\": must be an IP address, a host name without wildcards, or unix://PATH")]
    [InlineData("{address: 'unix:///dir/'}", "spec.address: Invalid value: \"unix:///dir/\": UDS may not be a dir")]
    [InlineData("{address: 'unix:///'}", "spec.address: Invalid value: \"unix:///\": UDS may not be a dir")]
    [InlineData("{address: 'unix://relative'}", "spec.address: Invalid value: \"unix://relative\": UDS must be an absolute path or abstract socket")]
    [InlineData("{address: 'unix://'}", "spec.address: Invalid value: \"unix://\": UDS must be an absolute path or abstract socket")]
    [InlineData(
        "{address: 'unix://relative/'}",
        "spec.address: Invalid value: \"unix://relative/\": UDS must be an absolute path or abstract socket",
        "spec.address: Invalid value: \"unix://relative/\": UDS may not be a dir")]
    [InlineData("{address: 'unix://@name', ports: {}}", "spec.ports: Forbidden: UDS may not include ports")]
    [InlineData(
        "{address: 1.2.3.4, ports: {http: 0, x: 99999, '@': 80}, labels: {'': v}}",
        "spec.ports[http]: Invalid value: 0: port must be between 1-65535",
        "spec.ports[x]: Invalid value: 99999: port must be between 1-65535",
        "spec.ports: Invalid value: \"@\": port name must be valid: at most 62 letters, digits and inner hyphens",
        "spec.labels: Invalid value: \"\": label key must be a name such as app or example.com/app")]
    [InlineData("{address: 1.2.3.4, weight: -1}", "spec.weight: Invalid value: \"-1\": spec.weight in body should be greater than or equal to 0")]
    public void Entry_Unsound_NamesEveryError(string spec, params string[] expected) => Verdict.Refuses(WorkloadEntry.Kind, spec, expected);

    [Theory]
    [InlineData(62, true)]
    [InlineData(63, false)]
    public void PortName_IsJudgedByItsLength(int length, bool accepted) =>
        Assert.Equal(accepted, Verdict.Of(WorkloadEntry.Kind, $"{{address: 1.2.3.4, ports: {{{new string('a', length)}: 1}}}}").Ok);

    [Fact]
    public void Address_LeftOutWithANetwork_IsDoubted() => Verdict.Warns(
        WorkloadEntry.Kind, "{network: west}", "spec.address is unset: traffic reaches it only through its network's gateway");

    [Fact]
    public void Entry_WithoutSpecification_IsRefused()
    {
        var json = Verdict.Object(WorkloadEntry.Kind, "{}");
        json.Remove("spec");
        Assert.Equal("spec: Required value", Assert.Single(WorkloadEntry.Kind.Validate(JsonSerializer.SerializeToElement(json)).Errors).ToString());
    }

    [Fact]
    public void Read_UnknownFields_SurviveWithTheKnownOnes()
    {
        var json = Verdict.Json(WorkloadEntry.Kind, "{address: 1.2.3.4, ports: {http: 8080}, labels: {app: a}, x-new: [{y: 1}]}");
        Assert.Equal(["unknown field \"spec.x-new\""], WorkloadEntry.Kind.Read(json, out var entry).Warnings);
        Assert.Equal(8080u, entry!.Spec.Ports!["http"]);
        Assert.True(JsonElement.DeepEquals(json, WorkloadEntry.Kind.Write(entry)));
    }
}
