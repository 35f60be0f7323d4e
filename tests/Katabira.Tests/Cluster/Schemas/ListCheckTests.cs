using Xunit;

namespace Katabira.Tests.Cluster.Schemas;

public sealed class ListCheckTests
{
    private const string Lists = """
        type: object
        properties:
          set: {type: array, x-kubernetes-list-type: set, items: {type: string}}
          sets: {type: array, x-kubernetes-list-type: set, items: {type: object, x-kubernetes-map-type: atomic, additionalProperties: {type: integer}}}
          one:
            type: array
            x-kubernetes-list-type: map
            x-kubernetes-list-map-keys: [name]
            items: {type: object, required: [name], properties: {name: {type: string}, v: {type: integer}}}
          two:
            type: array
            x-kubernetes-list-type: map
            x-kubernetes-list-map-keys: [port, protocol]
            items: {type: object, properties: {port: {type: integer, default: 80}, protocol: {type: string, default: TCP}}}
          deep: {type: object, additionalProperties: {type: array, x-kubernetes-list-type: set, items: {type: integer}}}
          free: {type: array, items: {type: string}}
        """;

    [Theory]
    [InlineData("{set: [a, b]}")]
    [InlineData("{set: [a, b, a, a]}", "spec.set[2]: Duplicate value: \"a\"")]
    [InlineData("{sets: [{a: 1, b: 2}, {b: 2, a: 1}]}", "spec.sets[1]: Duplicate value: {\"b\":2,\"a\":1}")]
    [InlineData("{one: [{name: a, v: 1}, {name: b}, {name: a, v: 2}]}", "spec.one[2]: Duplicate value: {\"name\":\"a\"}")]
    [InlineData("{two: [{port: 80}, {port: 80, protocol: UDP}, {protocol: TCP}]}", "spec.two[2]: Duplicate value: {\"port\":80,\"protocol\":\"TCP\"}")]
    [InlineData("{deep: {k: [1, 2, 1]}}", "spec.deep[k][2]: Duplicate value: 1")]
    [InlineData("{deep: {k: [1, 1.0, 1e0]}}", "spec.deep[k][2]: Duplicate value: 1")]
    [InlineData("{free: [a, a]}")]
    [InlineData("{set: [a, a], one: [{name: x}, {name: x}]}", "spec.set[1]: Duplicate value: \"a\"", "spec.one[1]: Duplicate value: {\"name\":\"x\"}")]
    public void List_WithDuplicates_IsRefusedWhereTheyRepeat(string spec, params string[] lines) => Assert.Equal(lines, Widgets.Issues(Widgets.Version(Lists), spec));

    [Fact]
    public void List_ThatHadDuplicatesAlready_MayKeepThem()
    {
        var version = Widgets.Version(Lists);
        Assert.Empty(Widgets.Issues(version, "{set: [a, a, b]}", "{set: [a, a]}"));
        Assert.Equal(["spec.set[1]: Duplicate value: \"a\""], Widgets.Issues(version, "{set: [a, a]}", "{set: [a]}"));
    }
}
