using Katabira.Cluster.Node.Containers;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Containers;

public class ContainerEnvironmentTests
{
    [Fact]
    public void Build_NothingAsked_IsTheImagesAndWhatEveryContainerHas() =>
        Assert.Equal(["HOME=/", "HOSTNAME=cart-5", "KIND=image", "PATH=/usr/bin:/bin"], Environment("{}"));

    [Theory]
    [InlineData("env: [{ name: A, value: x }]", "A=x")]
    [InlineData("env: [{ name: A, value: '' }]", "A=")]
    [InlineData("env: [{ name: A }]", "A=")]
    [InlineData("env: [{ name: KIND, value: pod }]", "KIND=pod")]
    [InlineData("env: [{ name: A, value: x }, { name: B, value: $(A)-$(COLOR) }]", "B=x-$(COLOR)")]
    [InlineData("env: [{ name: B, value: $(A) }, { name: A, value: x }]", "B=$(A)")]
    [InlineData("env: [{ name: A, value: x }, { name: A, value: y$(A) }]", "A=yx")]
    [InlineData("env: [{ name: B, value: $(COLOR) }], envFrom: [{ configMapRef: { name: settings } }]", "B=blue")]
    [InlineData("env: [{ name: B, value: $(REDIS_SERVICE_HOST) }]", "B=10.96.0.5")]
    [InlineData("env: [{ name: REDIS_SERVICE_HOST, value: mine }]", "REDIS_SERVICE_HOST=mine")]
    [InlineData("envFrom: [{ configMapRef: { name: settings } }]", "SIZE=xl")]
    [InlineData("envFrom: [{ prefix: P_, configMapRef: { name: settings } }]", "P_SIZE=xl")]
    [InlineData("envFrom: [{ secretRef: { name: keys } }]", "TOKEN=s3cret")]
    [InlineData("env: [{ name: A, valueFrom: { configMapKeyRef: { name: settings, key: COLOR } } }]", "A=blue")]
    [InlineData("env: [{ name: A, valueFrom: { secretKeyRef: { name: keys, key: TOKEN } } }]", "A=s3cret")]
    [InlineData("env: [{ name: A, valueFrom: { fieldRef: { fieldPath: metadata.name } } }]", "A=cart-5")]
    [InlineData("env: [{ name: A, valueFrom: { fieldRef: { fieldPath: metadata.namespace } } }]", "A=shop")]
    [InlineData("env: [{ name: A, valueFrom: { fieldRef: { fieldPath: metadata.uid } } }]", "A=11-22")]
    [InlineData("env: [{ name: A, valueFrom: { fieldRef: { fieldPath: \"metadata.labels['tier']\" } } }]", "A=back")]
    [InlineData("env: [{ name: A, valueFrom: { fieldRef: { fieldPath: \"metadata.labels['none']\" } } }]", "A=")]
    [InlineData("env: [{ name: A, valueFrom: { fieldRef: { fieldPath: \"metadata.annotations['note']\" } } }]", "A=two\nlines")]
    [InlineData("env: [{ name: A, valueFrom: { fieldRef: { fieldPath: spec.nodeName } } }]", "A=node-1")]
    [InlineData("env: [{ name: A, valueFrom: { fieldRef: { fieldPath: spec.serviceAccountName } } }]", "A=cart")]
    [InlineData("env: [{ name: A, valueFrom: { fieldRef: { fieldPath: status.hostIP } } }]", "A=10.244.0.1")]
    [InlineData("env: [{ name: A, valueFrom: { fieldRef: { fieldPath: status.podIP } } }]", "A=10.244.0.7")]
    [InlineData("env: [{ name: A, valueFrom: { fieldRef: { fieldPath: status.podIPs } } }]", "A=10.244.0.7")]
    public void Build_OneVariable_IsThere(string container, string expected) => Assert.Contains(expected, Environment(container));

    [Theory]
    [InlineData("env: [{ name: A, valueFrom: { configMapKeyRef: { name: none, key: k, optional: true } } }]")]
    [InlineData("env: [{ name: A, valueFrom: { configMapKeyRef: { name: settings, key: none, optional: true } } }]")]
    [InlineData("env: [{ name: A, valueFrom: { secretKeyRef: { name: none, key: k, optional: true } } }]")]
    [InlineData("envFrom: [{ configMapRef: { name: none, optional: true } }, { secretRef: { name: none, optional: true } }]")]
    public void Build_OptionalAndAbsent_AddsNothing(string container) => Assert.Equal(Environment("{}"), Environment(container));

    [Theory]
    [InlineData("env: [{ name: A, valueFrom: { configMapKeyRef: { name: none, key: k } } }]", "configmap \"none\" not found")]
    [InlineData("env: [{ name: A, valueFrom: { secretKeyRef: { name: none, key: k } } }]", "secret \"none\" not found")]
    [InlineData("env: [{ name: A, valueFrom: { configMapKeyRef: { name: settings, key: none } } }]", "couldn't find key none in ConfigMap shop/settings")]
    [InlineData("env: [{ name: A, valueFrom: { secretKeyRef: { name: keys, key: none } } }]", "couldn't find key none in Secret shop/keys")]
    [InlineData("env: [{ name: A, valueFrom: { fieldRef: { fieldPath: spec.hostNetwork } } }]", "field label not supported: spec.hostNetwork")]
    [InlineData("env: [{ name: A, valueFrom: { fieldRef: { fieldPath: metadata.labels } } }]", "field label not supported: metadata.labels")]
    [InlineData("env: [{ name: A, valueFrom: { resourceFieldRef: { resource: limits.gpu } } }]", "unsupported container resource : limits.gpu")]
    [InlineData("envFrom: [{ secretRef: { name: none } }]", "secret \"none\" not found")]
    public void Build_AbsentAndNeeded_IsAConfigError(string container, string message)
    {
        var (spec, refusal) = ContainerSpecs.Build(Requests.Of("{ " + container + " }"));

        Assert.Null(spec);
        Assert.Equal(new ContainerRefusal("CreateContainerConfigError", message), refusal);
    }

    [Fact]
    public void Build_KeysThatAreNoNames_AreLeftOut() =>
        Assert.DoesNotContain(Environment("envFrom: [{ configMapRef: { name: settings } }]"), v => v.Contains("no name", StringComparison.Ordinal));

    [Fact]
    public void Build_Root_HasRootsHome() => Assert.Contains("HOME=/root", Environment("securityContext: { runAsUser: 0 }"));

    [Theory]
    [InlineData("limits.cpu", "1m", "1500")]
    [InlineData("limits.cpu", null, "2")]
    [InlineData("requests.cpu", "1m", "100")]
    [InlineData("requests.memory", "1Mi", "64")]
    [InlineData("limits.memory", null, "8589934592")] // the machine's: there is no limit
    [InlineData("limits.memory", "1Gi", "8")]
    [InlineData("requests.ephemeral-storage", null, "0")]
    [InlineData("limits.ephemeral-storage", "1Gi", "100")]
    public void Resources_OfTheContainer_AreWholeMultiplesRoundedUp(string resource, string? divisor, string expected)
    {
        var by = divisor is null ? "" : $", divisor: {divisor}";
        var variables = Environment($"resources: {{ limits: {{ cpu: '1.5' }}, requests: {{ cpu: 100m, memory: 64Mi }} }}, env: [{{ name: A, valueFrom: {{ resourceFieldRef: {{ resource: {resource}{by} }} }} }}]");

        Assert.Contains($"A={expected}", variables);
    }

    private static IReadOnlyList<string> Environment(string container)
    {
        var request = Requests.Of(container == "{}" ? container : "{ " + container + " }", "{ nodeName: node-1, serviceAccountName: cart }");
        if (container.Contains("REDIS", StringComparison.Ordinal))
        {
            request = request with { Services = new Dictionary<string, string> { ["REDIS_SERVICE_HOST"] = "10.96.0.5" } };
        }
        var (spec, refusal) = ContainerSpecs.Build(request);
        Assert.Null(refusal);
        return spec!.Environment;
    }
}
