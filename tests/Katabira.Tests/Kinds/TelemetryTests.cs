using System.Text.Json;
using Katabira.Model.Kinds;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Kinds;

public class TelemetryTests
{
    private const string MustBeDuration = "must be a valid duration greater than 1ms";

    [Theory]
    [InlineData("""{ }""")]
    [InlineData("""{ "selector": { "matchLabels": { "app": "web" } }, "metrics": [{ "providers": [{ "name": "prometheus" }], "reportingInterval": "5s" }] }""")]
    [InlineData("""{ "targetRef": { "kind": "Service", "name": "web" } }""")]
    [InlineData("""{ "targetRefs": [{ "group": "core", "kind": "Service", "name": "web" }, { "group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "gw", "namespace": "" }] }""")]
    [InlineData("""{ "metrics": [{ "overrides": [{ "tagOverrides": { "a": { "operation": "UPSERT", "value": "request.method" }, "b": { "value": "'x'" }, "c": { "operation": "REMOVE" } } }] }] }""")]
    [InlineData("""{ "tracing": [{ "randomSamplingPercentage": null, "disableSpanReporting": null, "customTags": { "a": { "header": { "name": ":path" } } } }] }""")]
    [InlineData("""{ "accessLogging": [{ "filter": { "expression": "connection.mtls && request.url_path.contains('v1(beta')" } }] }""")]
    public void Spec_Right_IsSilentlyAccepted(string spec) =>
        Verdict.Warns(Telemetry.Kind, spec);

    [Theory]
    [InlineData("""{ "selector": { "matchLabels": { "a*": "b*", "": "" } }, "targetRefs": [] }""",
        "spec: Invalid value: \"object\": only one of targetRefs or selector can be set",
        "spec.selector.matchLabels: Invalid value: \"object\": wildcard not allowed in label key match",
        "spec.selector.matchLabels[a*]: Invalid value: \"b*\": wildcard not allowed in label value match",
        "spec.selector.matchLabels: Invalid value: \"object\": key must not be empty")]
    [InlineData("""{ "targetRef": { "kind": "Pod", "name": "a", "namespace": "b" }, "targetRefs": [{ "group": "networking.istio.io", "kind": "Service", "name": "a" }] }""",
        "spec: Invalid value: \"object\": only one of targetRefs or selector can be set",
        "spec.targetRef.namespace: Invalid value: \"b\": cross namespace referencing is not currently supported",
        "spec.targetRef: Unsupported value: \"/Pod\": supported values: \"gateway.networking.k8s.io/Gateway\", \"gateway.networking.k8s.io/GatewayClass\", \"/Service\", \"networking.istio.io/ServiceEntry\"",
        "spec.targetRefs[0]: Unsupported value: \"networking.istio.io/Service\": supported values: \"gateway.networking.k8s.io/Gateway\", \"gateway.networking.k8s.io/GatewayClass\", \"/Service\", \"networking.istio.io/ServiceEntry\"")]
    [InlineData("""{ "targetRef": { } }""", "spec.targetRef.kind: Required value", "spec.targetRef.name: Required value")]
    [InlineData("""{ "tracing": [{ "randomSamplingPercentage": 100.5, "providers": [{ "name": "" }, { }] }] }""",
        "spec.tracing[0].randomSamplingPercentage: Invalid value: \"100.5\": spec.tracing[0].randomSamplingPercentage in body should be less than or equal to 100",
        "spec.tracing[0].providers[0].name: Invalid value: \"\": spec.tracing[0].providers[0].name in body should be at least 1 chars long",
        "spec.tracing[0].providers[1].name: Required value")]
    [InlineData("""{ "tracing": [{ "customTags": { "": { "literal": { "value": "a" } }, "b": { "header": { "name": "b c" } }, "d": { "formatter": { "value": "%" } } } }] }""",
        "spec.tracing[0].customTags: Invalid value: \"object\": tag name may not be empty",
        "spec.tracing[0].customTags[b].header.name: Invalid value: \"b c\": must be the name of an HTTP header",
        "spec.tracing[0].customTags[d].formatter.value: Invalid value: \"%\": unpaired '%': a command is %NAME% or %NAME(ARGUMENTS)%, a percent sign is %%")]
    [InlineData("""{ "tracing": [{ "customTags": { "a": { "literal": { "value": "a" }, "header": { "name": "b" } }, "c": { "environment": { } } } }] }""",
        "spec.tracing[0].customTags[a]: Invalid value: \"object\": only one of literal, header can be set",
        "spec.tracing[0].customTags[c].environment.name: Required value")]
    [InlineData("""{ "metrics": [{ "reportingInterval": "0s" }, { "reportingInterval": "soon" }] }""",
        "spec.metrics[0].reportingInterval: Invalid value: \"0s\": " + MustBeDuration,
        "spec.metrics[1].reportingInterval: Invalid value: \"soon\": " + MustBeDuration)]
    [InlineData("""{ "metrics": [{ "overrides": [{ "tagOverrides": { "a": { "operation": "UPSERT" }, "b": { }, "c": { "value": "" }, "d": { "operation": "REMOVE", "value": "" }, "e": { "value": "(" } } }] }] }""",
        "spec.metrics[0].overrides[0].tagOverrides[a].value: Required value: value must be set when operation is UPSERT",
        "spec.metrics[0].overrides[0].tagOverrides[b].value: Required value: value must be set when operation is UPSERT",
        "spec.metrics[0].overrides[0].tagOverrides[c].value: Required value: value must be set when operation is UPSERT",
        "spec.metrics[0].overrides[0].tagOverrides[d].value: Forbidden: value must not be set when operation is REMOVE",
        "spec.metrics[0].overrides[0].tagOverrides[e].value: Invalid value: \"(\": not an expression: brackets or quotes do not pair")]
    [InlineData("""{ "metrics": [{ "overrides": [{ "match": { "metric": "REQUEST_COUNT", "customMetric": "x" } }, { "match": { "customMetric": "" } }] }] }""",
        "spec.metrics[0].overrides[0].match: Invalid value: \"object\": only one of metric, customMetric can be set",
        "spec.metrics[0].overrides[1].match.customMetric: Invalid value: \"\": spec.metrics[0].overrides[1].match.customMetric in body should be at least 1 chars long")]
    [InlineData("""{ "accessLogging": [{ "filter": { "expression": ")++++" } }, { "filter": { } }, { "match": { "mode": "BOTH" } }] }""",
        "spec.accessLogging[2].match.mode: Unsupported value: \"BOTH\": supported values: \"CLIENT_AND_SERVER\", \"CLIENT\", \"SERVER\"")]
    [InlineData("""{ "accessLogging": [{ "filter": { "expression": ")++++" } }, { "filter": { } }] }""",
        "spec.accessLogging[0].filter.expression: Invalid value: \")++++\": not an expression: brackets or quotes do not pair",
        "spec.accessLogging[1].filter.expression: Required value")]
    public void Spec_Wrong_EveryMistakeIsNamed(string spec, params string[] expected) => Verdict.Refuses(Telemetry.Kind, spec, expected);

    [Theory]
    [InlineData("""{ "selector": { } }""", "spec.selector: workload selector specified without labels: it selects every workload in scope")]
    [InlineData("""{ "tracing": [{ "providers": [{ "name": "a" }, { "name": "a" }], "customTags": { "t": { } } }, { }] }""",
        "spec.tracing: multiple tracing is not currently supported, only the first has effect",
        "spec.tracing[0].providers: multiple providers is not currently supported, only the first has effect",
        "spec.tracing[0].providers[1]: provider \"a\" stands there already",
        "spec.tracing[0].customTags[t]: the tag has no value, for there is no literal, environment, header or formatter")]
    [InlineData("""{ "metrics": [{ "overrides": [{ "tagOverrides": { "": { "operation": "REMOVE" } } }] }] }""",
        "spec.metrics[0].overrides[0].tagOverrides: the name of a tag may not be empty")]
    public void Spec_Doubtful_IsAcceptedWithWarning(string spec, params string[] expected) => Verdict.Warns(Telemetry.Kind, spec, expected);

    [Fact]
    public void RoundTrip_EveryFieldAndUnknownOnes_AreKept()
    {
        var json = Verdict.Json(Telemetry.Kind, Repository.Read("tests/Katabira.Tests/Kinds/telemetry.json"));
        var findings = Telemetry.Kind.Read(json, out var resource);

        Assert.Empty(findings.Errors);
        Assert.Equal(
            ["unknown field \"spec.tracing[0].customTags[env].environment.future\"", "unknown field \"spec.metrics[0].overrides[0].match.future\"", "unknown field \"spec.future\""],
            findings.Warnings);
        Assert.True(JsonElement.DeepEquals(json, Telemetry.Kind.Write(resource!)));
    }
}
