using Katabira.Cluster.Patching;
using Xunit;

namespace Katabira.Tests.Cluster.Patching;

public class BuiltInFieldsTests
{
    [Theory]
    [InlineData("ObjectMeta", "ownerReferences", "uid")]
    [InlineData("RootMeta", "ownerReferences", "uid")]
    [InlineData("Container", "ports", "containerPort")]
    [InlineData("Container", "env", "name")]
    [InlineData("Container", "volumeMounts", "mountPath")]
    [InlineData("Container", "volumeDevices", "devicePath")]
    [InlineData("ServiceSpec", "ports", "port")]
    [InlineData("ServiceAccount", "secrets", "name")]
    [InlineData("PodSpec", "containers", "name")]
    [InlineData("PodSpec", "initContainers", "name")]
    [InlineData("PodSpec", "ephemeralContainers", "name")]
    [InlineData("PodSpec", "volumes", "name")]
    [InlineData("PodSpec", "imagePullSecrets", "name")]
    [InlineData("PodSpec", "schedulingGates", "name")]
    [InlineData("PodSpec", "resourceClaims", "name")]
    [InlineData("PodSpec", "hostAliases", "ip")]
    [InlineData("PodSpec", "topologySpreadConstraints", "topologyKey")]
    [InlineData("PodStatus", "podIPs", "ip")]
    [InlineData("PodStatus", "hostIPs", "ip")]
    [InlineData("PodStatus", "conditions", "type")]
    [InlineData("JobStatus", "conditions", "type")]
    [InlineData("Conditions", "conditions", "type")]
    [InlineData("NodeStatus", "addresses", "type")]
    [InlineData("Webhook", "matchConditions", "name")]
    [InlineData("MutatingWebhookConfiguration", "webhooks", "name")]
    [InlineData("ValidatingWebhookConfiguration", "webhooks", "name")]
    [InlineData("CSINodeSpec", "drivers", "name")]
    [InlineData("NodeSpec", "podCIDRs", null)]
    [InlineData("ObjectMeta", "finalizers", null)]
    public void Row_ListThatMerges_HasItsKey(string type, string field, string? key)
    {
        var rule = BuiltInFields.Row(type)[field];
        Assert.Equal((PatchStrategy.Merge, key), (rule.Strategy, rule.PatchKey));
    }

    [Theory]
    [InlineData("containerPort,protocol=TCP", "Container", "ports")]
    [InlineData("port,protocol=TCP", "ServiceSpec", "ports")]
    [InlineData("topologyKey,whenUnsatisfiable", "PodSpec", "topologySpreadConstraints")]
    [InlineData("name", "Resources", "claims")]
    [InlineData("", "UncountedPods", "failed")]
    [InlineData(null, "PodStatus", "hostIPs")]
    [InlineData(null, "JobStatus", "conditions")]
    public void Row_ListThatIsOwnedByItem_HasItsKeys(string? keys, string type, string field)
    {
        var rule = BuiltInFields.Row(type)[field];
        Assert.Equal(keys, rule.ApplyKeys.IsDefault ? null : string.Join(',', rule.ApplyKeys.Select(key => key.Default is null ? key.Name : $"{key.Name}={key.Default}")));
    }

    [Fact]
    public void Table_EveryTypeItNames_HasARow()
    {
        var named = BuiltInFields.Types.SelectMany(type => BuiltInFields.Row(type).Values).Select(rule => rule.Type).Where(type => type.Length > 0).Distinct();
        Assert.Empty(named.Except([.. BuiltInFields.Types, BuiltInFields.Atomic, BuiltInFields.Untracked]));
    }

    [Theory]
    [InlineData("autoscaling/v1", "autoscaling/v1/HorizontalPodAutoscaler")]
    [InlineData("autoscaling/v2", "HorizontalPodAutoscaler")]
    public void TypeOf_KindWithDifferentVersions_PrefersTheVersion(string apiVersion, string expected) => Assert.Equal(expected, BuiltInFields.TypeOf(apiVersion, "HorizontalPodAutoscaler"));
}
