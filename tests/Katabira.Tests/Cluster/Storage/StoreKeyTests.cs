using Katabira.Cluster.Storage;
using Xunit;

namespace Katabira.Tests.Cluster.Storage;

public sealed class StoreKeyTests
{
    [Theory]
    [InlineData("", "pods", "default", "web-1", true)]
    [InlineData("", "nodes", "", "node:1.example", true)]
    [InlineData("rbac.authorization.k8s.io", "clusterroles", "", "system:node", true)]
    [InlineData("", "widgets", "default", "日本𠮷", true)]
    [InlineData("", "", "default", "web", false)]
    [InlineData("", "pods", "default", "", false)]
    [InlineData("", "pods", "default", "a/b", false)]
    [InlineData("", "pods", "a/b", "c", false)]
    [InlineData("a/b", "pods", "c", "d", false)]
    [InlineData("", "pods", "default", "a\nb", false)]
    [InlineData("", "pods", "default", "a\0", false)]
    public void IsStorable_Segments_AreWhatCanBeWrittenDown(string group, string plural, string space, string name, bool storable) =>
        Assert.Equal(storable, new StoreKey(group, plural, space, name).IsStorable);

    [Fact]
    public void IsStorable_HalfOfASurrogatePair_IsNot()
    {
        Assert.False(new StoreKey("", "pods", "", "a\ud842").IsStorable);
        Assert.False(new StoreKey("", "pods", "", "\udfb7a").IsStorable);
    }

    [Fact]
    public void IsStorable_LongestSegment_IsBounded()
    {
        Assert.True(new StoreKey("", "pods", "", new string('a', StoreKey.MaxSegmentLength)).IsStorable);
        Assert.False(new StoreKey("", "pods", "", new string('a', StoreKey.MaxSegmentLength + 1)).IsStorable);
    }

    [Fact]
    public void ToString_CoreAndClusterScoped_KeepsTheEmptySegments()
    {
        Assert.Equal("//pods/default/web", new StoreKey("", "pods", "default", "web").ToString());
        Assert.Equal("/apps/deployments/default/web", new StoreKey("apps", "deployments", "default", "web").ToString());
        Assert.Equal("//nodes//n1", new StoreKey("", "nodes", "", "n1").ToString());
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("default", true)]
    [InlineData("other", false)]
    [InlineData("", false)]
    public void Contains_Namespace_DecidesUnlessAllAreMeant(string? space, bool contained) =>
        Assert.Equal(contained, new StoreRange(Samples.Widgets, space).Contains(Samples.Key("a")));

    [Fact]
    public void Contains_OtherGroupOrPlural_IsFalse()
    {
        Assert.False(Samples.AllWidgets.Contains(Samples.Key("a") with { Group = "" }));
        Assert.False(Samples.AllWidgets.Contains(Samples.Key("a") with { Plural = "gadgets" }));
    }
}
