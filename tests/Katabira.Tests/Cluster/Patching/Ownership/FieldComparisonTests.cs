using CsCheck;
using Katabira.Cluster.Patching.Ownership;
using Xunit;
using static Katabira.Tests.Cluster.Patching.JsonTable;
using static Katabira.Tests.Cluster.Patching.Ownership.OwnershipTable;

namespace Katabira.Tests.Cluster.Patching.Ownership;

public class FieldComparisonTests
{
    [Theory]
    [InlineData("{'spec':{'replicas':1}}", "{'spec':{'replicas':1.0}}", "", "", "")]
    [InlineData("{'spec':{'replicas':1}}", "{'spec':{'replicas':2}}", "", ".spec.replicas", "")]
    [InlineData("{'spec':{}}", "{'spec':{'replicas':2}}", "", "", ".spec.replicas")]
    [InlineData("{}", "{'spec':{'replicas':2}}", "", "", ".spec .spec.replicas")]
    [InlineData("{'spec':{'replicas':2}}", "{}", ".spec .spec.replicas", "", "")]
    [InlineData("{'spec':{'replicas':null}}", "{'spec':{'replicas':2}}", "", ".spec.replicas", "")]
    [InlineData("{'spec':{'set':['a','b']}}", "{'spec':{'set':['c','b']}}", ".spec.set[=\"a\"]", "", ".spec.set[=\"c\"]")]
    [InlineData("{'spec':{'set':['a','b']}}", "{'spec':{'set':['b','a']}}", "", "", "")]
    [InlineData("{'spec':{'map':[{'name':'x','image':'1'}]}}", "{'spec':{'map':[{'name':'y'},{'name':'x','image':'2'}]}}", "", ".spec.map[name=\"x\"].image", ".spec.map[name=\"y\"] .spec.map[name=\"y\"].name")]
    [InlineData("{'spec':{'whole':[1,2]}}", "{'spec':{'whole':[2,1]}}", "", ".spec.whole", "")]
    [InlineData("{'spec':{'atomic':{'a':1}}}", "{'spec':{'atomic':{'a':1,'b':2}}}", "", ".spec.atomic", "")]
    [InlineData("{'spec':{'atomic':{'a':1}}}", "{'spec':{'atomic':{}}}", "", ".spec.atomic", "")]
    [InlineData("{'other':{'a':1}}", "{'other':{'a':{'b':1}}}", "", ".other.a", ".other.a.b")]
    [InlineData("{'other':{'a':{'b':1}}}", "{'other':{'a':1}}", ".other.a.b", ".other.a", "")]
    [InlineData("{'spec':{'set':[]}}", "{'spec':{'set':['a']}}", "", "", ".spec.set[=\"a\"]")]
    [InlineData("{}", "{'other':{}}", "", "", ".other")]
    // items that share a name count as one value
    [InlineData("{'spec':{'map':[{'name':'x'},{'name':'x','image':'1'}]}}", "{'spec':{'map':[{'name':'x'},{'name':'x','image':'2'}]}}", "", ".spec.map[name=\"x\"]", "")]
    [InlineData("{'spec':{'map':[{'name':'x'},{'name':'x','image':'1'}]}}", "{'spec':{'map':[{'name':'x'}]}}", ".spec.map[name=\"x\"]", "", ".spec.map[name=\"x\"] .spec.map[name=\"x\"].name")]
    // the server's fields do not count
    [InlineData("{'metadata':{'name':'a','generation':1,'managedFields':[]}}", "{'metadata':{'name':'b','generation':2,'deletionTimestamp':'x'}}", "", "", "")]
    public void Of_TwoStates_SaysWhatChanged(string before, string after, string removed, string modified, string added)
    {
        var difference = FieldComparison.Of(Obj(before), Obj(after), Custom);
        Assert.Equal((removed, modified, added), (Paths(difference.Removed), Paths(difference.Modified), Paths(difference.Added)));
    }

    /// <summary>Go has a Deployment's spec, template and containers even where the JSON has nothing: creating one does not add them.</summary>
    [Fact]
    public void Of_NewBuiltIn_DoesNotAddStructsThatAreAlwaysThere()
    {
        var deployment = Obj("{'metadata':{'labels':{'a':'1'}},'spec':{'strategy':{'rollingUpdate':{'maxSurge':1}},'template':{'spec':{'containers':[{'name':'c','resources':{}}]}}}}");
        Assert.Equal(
            ".metadata.labels .metadata.labels.a .spec.strategy.rollingUpdate .spec.strategy.rollingUpdate.maxSurge .spec.template.spec.containers[name=\"c\"] "
            + ".spec.template.spec.containers[name=\"c\"].name .spec.template.spec.containers[name=\"c\"].resources",
            Paths(FieldComparison.Of([], deployment, ListTypes.BuiltIn("apps/v1", "Deployment")).Added));
    }

    [Fact]
    public void Of_AnyTwoStates_IsEmptyOnlyIfTheyAreEqual() => Gen.Select(Objects, Objects).Sample((before, after) =>
    {
        var there = FieldComparison.Of(before, after, ListTypes.Unknown);
        var back = FieldComparison.Of(after, before, ListTypes.Unknown);
        Assert.Equal(Paths(there.Added), Paths(back.Removed));
        Assert.Equal(Paths(there.Modified), Paths(back.Modified));
        Assert.Equal(System.Text.Json.Nodes.JsonNode.DeepEquals(before, after), there.Changed.IsEmpty && there.Removed.IsEmpty);
        Assert.True(there.Added.Intersect(there.Modified).IsEmpty);
    });
}
