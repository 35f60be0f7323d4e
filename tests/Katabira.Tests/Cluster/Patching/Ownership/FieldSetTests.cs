using System.Text.Json.Nodes;
using CsCheck;
using Katabira.Cluster.Patching.Ownership;
using Xunit;
using static Katabira.Tests.Cluster.Patching.JsonTable;
using static Katabira.Tests.Cluster.Patching.Ownership.OwnershipTable;

namespace Katabira.Tests.Cluster.Patching.Ownership;

public class FieldSetTests
{
    [Theory]
    // a struct is not owned, what is in it is; an empty one and a null are
    [InlineData("{'spec':{'replicas':1}}", ".spec.replicas")]
    [InlineData("{'spec':{}}", ".spec")]
    [InlineData("{'spec':null}", ".spec")]
    [InlineData("{'spec':{'set':[],'map':[]}}", "")]
    // lists
    [InlineData("{'spec':{'set':['b','a',1]}}", ".spec.set[=1] .spec.set[=\"a\"] .spec.set[=\"b\"]")]
    [InlineData("{'spec':{'map':[{'name':'x','image':'i'}]}}", ".spec.map[name=\"x\"] .spec.map[name=\"x\"].image .spec.map[name=\"x\"].name")]
    [InlineData("{'spec':{'two':[{'port':443},{'port':80,'protocol':'UDP'}]}}",
        ".spec.two[port=80,protocol=\"UDP\"] .spec.two[port=443,protocol=\"TCP\"] .spec.two[port=80,protocol=\"UDP\"].port .spec.two[port=80,protocol=\"UDP\"].protocol .spec.two[port=443,protocol=\"TCP\"].port")]
    [InlineData("{'spec':{'whole':[{'a':1}],'atomic':{'a':1}}}", ".spec.atomic .spec.whole")]
    // maps: their entries are owned, too
    [InlineData("{'spec':{'maps':{'k':{'x':'1'}}}}", ".spec.maps.k .spec.maps.k.x")]
    [InlineData("{'other':{'a':{'b':[1]}}}", ".other .other.a .other.a.b")]
    // what the server owns, nobody owns
    [InlineData("{'apiVersion':'v1','kind':'X','metadata':{'name':'n','namespace':'d','uid':'u','labels':{'app':'x'},'finalizers':['f'],'managedFields':[{}]}}",
        ".metadata.finalizers[=\"f\"] .metadata.labels.app")]
    public void Of_CustomObject_AreTheFieldsItSets(string json, string paths) => Assert.Equal(paths, Paths(Owned(Obj(json), Custom)));

    [Theory]
    [InlineData("Deployment", "{'spec':{'selector':{'matchLabels':{'a':'1'}},'template':{'metadata':{'labels':{'a':'1'},'name':'n'},'spec':{'containers':[{'name':'c','ports':[{'containerPort':80}],'args':['x']}]}}}}",
        ".spec.selector .spec.template.metadata.name .spec.template.metadata.labels.a .spec.template.spec.containers[name=\"c\"] .spec.template.spec.containers[name=\"c\"].args "
        + ".spec.template.spec.containers[name=\"c\"].name .spec.template.spec.containers[name=\"c\"].ports[containerPort=80,protocol=\"TCP\"] "
        + ".spec.template.spec.containers[name=\"c\"].ports[containerPort=80,protocol=\"TCP\"].containerPort")]
    [InlineData("Service", "{'spec':{'selector':{'a':'1'},'ports':[{'port':80,'protocol':'UDP','targetPort':'x'}]}}",
        ".spec.selector .spec.ports[port=80,protocol=\"UDP\"] .spec.ports[port=80,protocol=\"UDP\"].port .spec.ports[port=80,protocol=\"UDP\"].protocol .spec.ports[port=80,protocol=\"UDP\"].targetPort")]
    [InlineData("ConfigMap", "{'data':{'a':'1','b':'2'}}", ".data.a .data.b")]
    [InlineData("ClusterRole", "{'rules':[{'verbs':['get']}]}", ".rules")]
    [InlineData("Pod", "{'metadata':{'ownerReferences':[{'uid':'u','name':'n'}]},'status':{'conditions':[{'type':'Ready','status':'True'}]}}",
        ".metadata.ownerReferences[uid=\"u\"] .status.conditions[type=\"Ready\"] .status.conditions[type=\"Ready\"].status .status.conditions[type=\"Ready\"].type")]
    public void Of_BuiltIn_FollowsItsTable(string kind, string json, string paths) => Assert.Equal(paths, Paths(Owned(Obj(json), ListTypes.BuiltIn("v1", kind))));

    [Theory]
    [InlineData("{'spec':{'map':[{'name':'x'},{'name':'x'}]}}", ".spec.map: duplicate entries for key [name=\"x\"]")]
    [InlineData("{'spec':{'set':['x','x']}}", ".spec.set: duplicate entries for key [=\"x\"]")]
    [InlineData("{'spec':{'map':[{'image':'x'}]}}", ".spec.map: element 0: associative list with keys has an element that omits all key fields [\"name\"] (and doesn't have default values for any key fields)")]
    [InlineData("{'spec':{'map':['x']}}", ".spec.map: element 0: associative list with keys may not have non-map elements")]
    [InlineData("{'spec':{'map':[null]}}", ".spec.map: element 0: associative list with keys may not have a null element")]
    [InlineData("{'spec':{'set':[{}]}}", ".spec.set: element 0: associative list without keys has an element that's a map type")]
    [InlineData("{'spec':{'set':[null],'map':[1]}}",
        "errors:\n  .spec.set: element 0: associative list without keys has an element that's an explicit null\n  .spec.map: element 0: associative list with keys may not have non-map elements")]
    public void Of_AmbiguousList_IsAProblem(string json, string message)
    {
        OwnedFields.Of(Obj(json), Custom, out var problem);
        Assert.Equal(message, problem);
    }

    [Theory]
    [InlineData("{'f:spec':{'f:replicas':{}}}", ".spec.replicas")]
    [InlineData("{'f:spec':{'.':{},'f:b':{},'f:a':{}}}", ".spec .spec.a .spec.b")]
    [InlineData("{'f:l':{'k:{\\'port\\':443}':{'.':{},'f:x':{}},'k:{\\'port\\':80}':{}}}", ".l[port=80] .l[port=443] .l[port=443].x")]
    [InlineData("{'f:l':{'v:\\'b\\'':{},'v:2':{},'i:1':{},'v:true':{},'v:null':{}}}", ".l[=2] .l[=\"b\"] .l[=true] .l[=null] .l[1]")]
    [InlineData("{'f:a':{'x:unknown':{}}}", ".a")]
    [InlineData("{'f:':{}}", ".")]
    [InlineData("{}", "")]
    public void Read_FieldsV1_AreThePaths(string json, string paths)
    {
        var set = FieldsV1.Read(JsonNode.Parse(json.Replace("\\'", "\\\"").Replace('\'', '"')));
        Assert.Equal(paths, Paths(set!));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{'spec':{}}")]
    [InlineData("{'f:a':1}")]
    [InlineData("{'f:a':{'i:x':{}}}")]
    [InlineData("{'f:a':{'k:[]':{}}}")]
    [InlineData("{'f:a':{'k:{':{}}}")]
    [InlineData("{'f:a':{'v:{}':{}}}")]
    public void Read_WhatIsNoFieldsV1_IsNull(string json) => Assert.Null(FieldsV1.Read(Json(json)));

    [Fact]
    public void Write_Set_IsInKubernetesOrder()
    {
        var set = Owned(Obj("{'spec':{'two':[{'port':443},{'port':80}],'set':['b','a'],'replicas':1,'maps':{'k':{'x':'1'}}}}"), Custom);
        Assert.Equal(
            "{'f:spec':{'f:maps':{'f:k':{'.':{},'f:x':{}}},'f:replicas':{},'f:set':{'v:`a`':{},'v:`b`':{}},"
            + "'f:two':{'k:{`port`:80,`protocol`:`TCP`}':{'.':{},'f:port':{}},'k:{`port`:443,`protocol`:`TCP`}':{'.':{},'f:port':{}}}}}",
            FieldsV1.Write(set).ToJsonString().Replace("\\u0022", "`", StringComparison.Ordinal).Replace('"', '\''));
    }

    [Fact]
    public void FieldsV1_WrittenAndRead_IsTheSameSet() => Sets.Sample(set =>
    {
        var written = FieldsV1.Write(set);
        var read = FieldsV1.Read(written)!;
        Assert.True(set.SetEquals(read));
        Assert.Equal(written.ToJsonString(), FieldsV1.Write(read).ToJsonString());
    });

    [Fact]
    public void Operations_OfAnySets_FollowSetLaws() => Gen.Select(Sets, Sets).Sample((a, b) =>
    {
        HashSet<string> left = [.. a.Paths(int.MaxValue)], right = [.. b.Paths(int.MaxValue)];
        Assert.Equal(left.Union(right).Order(), a.Union(b).Paths(int.MaxValue).Order());
        Assert.Equal(left.Intersect(right).Order(), a.Intersect(b).Paths(int.MaxValue).Order());
        Assert.Equal(left.Except(right).Order(), a.Except(b).Paths(int.MaxValue).Order());
        Assert.Equal(left.SetEquals(right), a.SetEquals(b));
        Assert.Equal(left.Order(), a.Paths(int.MaxValue).Order()); // the operations left their arguments alone
        Assert.Equal(left.Count == 0, a.IsEmpty);
    });

    [Fact]
    public void Paths_LongNames_AreCut()
    {
        var name = new string('n', 1_000_000);
        var path = Assert.Single(Owned(new JsonObject { [name] = new JsonObject { [name] = 1 } }, ListTypes.BuiltIn("v1", "ConfigMap")).Paths(10));
        Assert.InRange(path.Length, 1, 4096);
    }

    private static Gen<FieldSet> Sets { get; } = Objects.Select(obj => Owned(new JsonObject { ["other"] = obj.DeepClone(), ["spec"] = new JsonObject { ["maps"] = obj.DeepClone() } }, Custom));
}
