using Katabira.Cluster.Node.Agent;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Agent;

/// <summary>Which pods the node takes, and what those are told that it does not.</summary>
public sealed class NodeFitTests
{
    private const string Selector = "node(s) didn't match Pod's node affinity/selector";

    [Theory]
    [InlineData("{}", "{}", "")]
    [InlineData("{nodeSelector: {disk: ssd}}", "{}", "")]
    [InlineData("{nodeSelector: {disk: hdd}}", "{}", Selector)]
    [InlineData("{nodeSelector: {gpu: yes-please}}", "{}", Selector)]
    [InlineData("{}", "{unschedulable: true}", "node(s) were unschedulable")]
    [InlineData("{tolerations: [{operator: Exists}]}", "{unschedulable: true}", "")]
    [InlineData("{}", "{taints: [{key: k, value: v, effect: NoSchedule}]}", "node(s) had untolerated taint {k: v}")]
    [InlineData("{}", "{taints: [{key: k, value: v, effect: NoExecute}]}", "node(s) had untolerated taint {k: v}")]
    [InlineData("{}", "{taints: [{key: k, value: v, effect: PreferNoSchedule}]}", "")]
    [InlineData("{tolerations: [{key: k, value: v, effect: NoSchedule}]}", "{taints: [{key: k, value: v, effect: NoSchedule}]}", "")]
    [InlineData("{tolerations: [{key: k, operator: Exists}]}", "{taints: [{key: k, value: v, effect: NoSchedule}]}", "")]
    [InlineData("{tolerations: [{key: k, value: w}]}", "{taints: [{key: k, value: v, effect: NoSchedule}]}", "node(s) had untolerated taint {k: v}")]
    [InlineData("{tolerations: [{key: k, value: v, effect: NoExecute}]}", "{taints: [{key: k, value: v, effect: NoSchedule}]}", "node(s) had untolerated taint {k: v}")]
    public void WhyNot_OfOneNode_IsWhatTheSchedulerSays(string pod, string node, string obstacle) => Assert.Equal(Told(obstacle), WhyNot(pod, node));

    [Theory]
    [InlineData("{matchExpressions: [{key: disk, operator: In, values: [ssd, nvme]}]}", true)]
    [InlineData("{matchExpressions: [{key: disk, operator: NotIn, values: [ssd]}]}", false)]
    [InlineData("{matchExpressions: [{key: disk, operator: Exists}, {key: gpu, operator: DoesNotExist}]}", true)]
    [InlineData("{matchExpressions: [{key: cores, operator: Gt, values: ['4']}]}", true)]
    [InlineData("{matchExpressions: [{key: cores, operator: Lt, values: ['8']}]}", false)]
    [InlineData("{matchExpressions: [{key: disk, operator: Gt, values: ['4']}]}", false)]
    [InlineData("{matchFields: [{key: metadata.name, operator: In, values: [katabira]}]}", true)]
    [InlineData("{}", false)]
    public void WhyNot_OfARequiredAffinity_FollowsItsTerms(string term, bool fits) => Assert.Equal(
        Told(fits ? "" : Selector),
        WhyNot($"{{affinity: {{nodeAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: [{term}]}}}}}}}}", "{}"));

    [Fact]
    public void WhyNot_WithoutANode_SaysSo() => Assert.Equal("no nodes available to schedule pods", NodeFit.WhyNot([], null));

    private static string? WhyNot(string pod, string node) => NodeFit.WhyNot(
        YamlJson.Node($"{{spec: {pod}}}")!.AsObject(),
        YamlJson.Node($"{{metadata: {{name: katabira, labels: {{disk: ssd, cores: '8'}}}}, spec: {node}}}")!.AsObject());

    private static string? Told(string obstacle) =>
        obstacle.Length == 0 ? null : $"0/1 nodes are available: 1 {obstacle}. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
}
