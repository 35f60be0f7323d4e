using System.Text.Json.Nodes;
using CsCheck;
using Katabira.Cluster.Patching;
using Xunit;
using static Katabira.Tests.Cluster.Patching.JsonTable;

namespace Katabira.Tests.Cluster.Patching;

public class StrategicMergePatchTests
{
    private static readonly MergeKeys s_pod = MergeKeys.Of("v1", "Pod");

    [Theory]
    // objects merge, scalars and plain lists are replaced, null deletes
    [InlineData("Pod", "{'spec':{'a':1,'b':{'c':2}}}", "{'spec':{'b':{'d':3}}}", "{'spec':{'a':1,'b':{'c':2,'d':3}}}")]
    [InlineData("Pod", "{'spec':{'a':1,'b':2}}", "{'spec':{'a':null,'zz':null}}", "{'spec':{'b':2}}")]
    [InlineData("Pod", "{'spec':{'a':1}}", "{'spec':{'a':{'x':1,'y':null}}}", "{'spec':{'a':{'x':1}}}")]
    [InlineData("Pod", "{'spec':{'tolerations':[{'key':'a'}]}}", "{'spec':{'tolerations':[{'key':'b'}]}}", "{'spec':{'tolerations':[{'key':'b'}]}}")]
    [InlineData("Pod", "{'spec':{'containers':[{'name':'a','args':['x','y']}]}}", "{'spec':{'containers':[{'name':'a','args':['z']}]}}", "{'spec':{'containers':[{'name':'a','args':['z']}]}}")]
    [InlineData("Pod", "{'z':1,'a':2.50}", "{'m':1}", "{'z':1,'a':2.50,'m':1}")]
    [InlineData("Pod", "{'spec':{}}", "{}", "{'spec':{}}")]
    // lists that merge by key
    [InlineData("Pod", "{'spec':{'containers':[{'name':'a','image':'1'},{'name':'b','image':'1'}]}}", "{'spec':{'containers':[{'name':'b','image':'2'}]}}",
        "{'spec':{'containers':[{'name':'a','image':'1'},{'name':'b','image':'2'}]}}")]
    [InlineData("Pod", "{'spec':{'containers':[{'name':'a'}]}}", "{'spec':{'containers':[{'name':'new','image':'1','x':null}]}}", "{'spec':{'containers':[{'name':'new','image':'1'},{'name':'a'}]}}")]
    [InlineData("Pod", "{'spec':{'containers':[{'name':'a'},{'name':'b'},{'name':'c'}]}}", "{'spec':{'containers':[{'name':'c'},{'name':'a'}]}}", "{'spec':{'containers':[{'name':'b'},{'name':'c'},{'name':'a'}]}}")]
    [InlineData("Pod", "{'spec':{'containers':[{'name':'a','ports':[{'containerPort':80,'name':'x'}]}]}}", "{'spec':{'containers':[{'name':'a','ports':[{'containerPort':80,'protocol':'UDP'}]}]}}",
        "{'spec':{'containers':[{'name':'a','ports':[{'containerPort':80,'name':'x','protocol':'UDP'}]}]}}")]
    [InlineData("Pod", "{'spec':{'containers':[{'name':'a','env':[{'name':'E','value':'1'}]}]}}", "{'spec':{'containers':[{'name':'a','env':[{'name':'F','value':'2'},{'name':'E','value':null}]}]}}",
        "{'spec':{'containers':[{'name':'a','env':[{'name':'F','value':'2'},{'name':'E'}]}]}}")]
    [InlineData("Service", "{'spec':{'ports':[{'port':80,'targetPort':1}]}}", "{'spec':{'ports':[{'port':443},{'port':80,'targetPort':'web'}]}}", "{'spec':{'ports':[{'port':443},{'port':80,'targetPort':'web'}]}}")]
    [InlineData("Pod", "{'spec':{'containers':[{'name':'80'}]}}", "{'spec':{'containers':[{'name':80}]}}", "{'spec':{'containers':[{'name':80},{'name':'80'}]}}")]
    [InlineData("ServiceAccount", "{'imagePullSecrets':[{'name':'a'}],'secrets':[{'name':'a'}]}", "{'imagePullSecrets':[{'name':'b'}],'secrets':[{'name':'b'}]}",
        "{'imagePullSecrets':[{'name':'b'}],'secrets':[{'name':'b'},{'name':'a'}]}")]
    [InlineData("Deployment", "{'spec':{'template':{'spec':{'containers':[{'name':'a','image':'1','env':[{'name':'E'}]}]}}}}",
        "{'spec':{'template':{'metadata':{'annotations':{'kubectl.kubernetes.io/restartedAt':'t'}},'spec':{'containers':[{'name':'a','image':'2'}]}}}}",
        "{'spec':{'template':{'spec':{'containers':[{'name':'a','image':'2','env':[{'name':'E'}]}]},'metadata':{'annotations':{'kubectl.kubernetes.io/restartedAt':'t'}}}}}")]
    [InlineData("CronJob", "{'spec':{'jobTemplate':{'spec':{'template':{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}}}}}",
        "{'spec':{'jobTemplate':{'spec':{'template':{'spec':{'containers':[{'name':'b','$patch':'delete'}]}}}}}}", "{'spec':{'jobTemplate':{'spec':{'template':{'spec':{'containers':[{'name':'a'}]}}}}}}")]
    [InlineData("Deployment", "{'status':{'conditions':[{'type':'A','status':'True'}]}}", "{'status':{'conditions':[{'type':'A','status':'False'},{'type':'B'}]}}",
        "{'status':{'conditions':[{'type':'A','status':'False'},{'type':'B'}]}}")]
    // lists that are sets of scalars
    [InlineData("Pod", "{'metadata':{'finalizers':['a','b']}}", "{'metadata':{'finalizers':['c','a']}}", "{'metadata':{'finalizers':['c','a','b']}}")]
    [InlineData("Pod", "{'metadata':{'finalizers':['a','b']}}", "{'metadata':{'$deleteFromPrimitiveList/finalizers':['a']}}", "{'metadata':{'finalizers':['b']}}")]
    [InlineData("Pod", "{'metadata':{'finalizers':['a']}}", "{'metadata':{'$deleteFromPrimitiveList/finalizers':['a'],'finalizers':['b']}}", "{'metadata':{'finalizers':['b']}}")]
    [InlineData("Pod", "{'metadata':{}}", "{'metadata':{'$deleteFromPrimitiveList/finalizers':['a']}}", "{'metadata':{}}")]
    // $patch in objects
    [InlineData("Pod", "{'spec':{'a':1,'b':2}}", "{'spec':{'$patch':'replace','c':3,'d':null}}", "{'spec':{'c':3}}")]
    [InlineData("Pod", "{'spec':{'a':1}}", "{'spec':{'$patch':'delete'}}", "{'spec':{}}")]
    [InlineData("Pod", "{'a':1}", "{'spec':{'$patch':'delete'},'b':{'$patch':'replace','c':1}}", "{'a':1,'b':{'c':1}}")]
    // $patch in lists
    [InlineData("Pod", "{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}", "{'spec':{'containers':[{'$patch':'delete','name':'a'},{'$patch':'delete','name':'nobody'}]}}", "{'spec':{'containers':[{'name':'b'}]}}")]
    [InlineData("Pod", "{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}", "{'spec':{'containers':[{'$patch':'replace'},{'name':'c','x':null}]}}", "{'spec':{'containers':[{'name':'c'}]}}")]
    [InlineData("Pod", "{'spec':{}}", "{'spec':{'containers':[{'$patch':'delete','name':'a'},{'name':'b'}]}}", "{'spec':{'containers':[{'name':'b'}]}}")]
    [InlineData("Pod", "{'spec':{'containers':[{'name':'a'}]}}", "{'spec':{'containers':[{'$patch':'delete','name':'a'}]}}", "{'spec':{'containers':[]}}")]
    // $setElementOrder
    [InlineData("Pod", "{'spec':{'containers':[{'name':'a'},{'name':'b'},{'name':'sidecar'}]}}", "{'spec':{'$setElementOrder/containers':[{'name':'b'},{'name':'a'}],'containers':[{'name':'a','image':'2'}]}}",
        "{'spec':{'containers':[{'name':'b'},{'name':'a','image':'2'},{'name':'sidecar'}]}}")]
    [InlineData("Pod", "{'spec':{'containers':[{'name':'first'},{'name':'a'},{'name':'b'}]}}", "{'spec':{'$setElementOrder/containers':[{'name':'a'},{'name':'new'},{'name':'b'}],'containers':[{'name':'new'}]}}",
        "{'spec':{'containers':[{'name':'first'},{'name':'a'},{'name':'new'},{'name':'b'}]}}")]
    [InlineData("Pod", "{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}", "{'spec':{'$setElementOrder/containers':[{'name':'b'},{'name':'a'}]}}", "{'spec':{'containers':[{'name':'b'},{'name':'a'}]}}")]
    [InlineData("Pod", "{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}", "{'spec':{'$setElementOrder/containers':[{'name':'b'}],'containers':[{'$patch':'delete','name':'a'},{'name':'b','image':'2'}]}}",
        "{'spec':{'containers':[{'name':'b','image':'2'}]}}")]
    [InlineData("Pod", "{'metadata':{'finalizers':['a','b','x']}}", "{'metadata':{'$setElementOrder/finalizers':['c','b'],'$deleteFromPrimitiveList/finalizers':['a'],'finalizers':['c']}}",
        "{'metadata':{'finalizers':['c','b','x']}}")]
    [InlineData("Pod", "{'spec':{}}", "{'spec':{'$setElementOrder/containers':[{'name':'b'}],'$setElementOrder/volumes':[]}}", "{'spec':{}}")]
    [InlineData("Pod", "{}", "{'spec':{'$setElementOrder/containers':[{'name':'b'}],'containers':[{'name':'b','$setElementOrder/ports':[{'containerPort':1}],'ports':[{'containerPort':1}]}]}}",
        "{'spec':{'containers':[{'name':'b','ports':[{'containerPort':1}]}]}}")]
    [InlineData("Pod", "{'spec':{'containers':[{'name':'old'},{'name':'a'},{'name':'sidecar'}]}}", "{'spec':{'$setElementOrder/containers':[{'name':'a'},{'name':'new'}],'containers':[{'name':'new'},{'$patch':'delete','name':'old'}]}}",
        "{'spec':{'containers':[{'name':'a'},{'name':'sidecar'},{'name':'new'}]}}")]
    [InlineData("Pod", "{'metadata':{'finalizers':null}}", "{'metadata':{'$deleteFromPrimitiveList/finalizers':['a'],'$setElementOrder/ownerReferences':[]}}", "{'metadata':{'finalizers':null}}")]
    // $retainKeys
    [InlineData("Deployment", "{'spec':{'strategy':{'type':'RollingUpdate','rollingUpdate':{'maxSurge':1}}}}", "{'spec':{'strategy':{'$retainKeys':['type'],'type':'Recreate'}}}", "{'spec':{'strategy':{'type':'Recreate'}}}")]
    [InlineData("Pod", "{'spec':{'volumes':[{'name':'v','emptyDir':{}}]}}", "{'spec':{'volumes':[{'$retainKeys':['name','secret'],'name':'v','secret':{'secretName':'s'}}]}}",
        "{'spec':{'volumes':[{'name':'v','secret':{'secretName':'s'}}]}}")]
    [InlineData("Deployment", "{'spec':{'strategy':{'a':1,'b':2}}}", "{'spec':{'strategy':{'$retainKeys':['a'],'b':null}}}", "{'spec':{'strategy':{'a':1}}}")]
    // a field with strategy replace
    [InlineData("PodDisruptionBudget", "{'spec':{'selector':{'matchLabels':{'a':'1'}}}}", "{'spec':{'selector':{'matchLabels':{'b':'2'}}}}", "{'spec':{'selector':{'matchLabels':{'b':'2'}}}}")]
    [InlineData("Deployment", "{'spec':{'selector':{'matchLabels':{'a':'1'}}}}", "{'spec':{'selector':{'matchLabels':{'b':'2'}}}}", "{'spec':{'selector':{'matchLabels':{'a':'1','b':'2'}}}}")]
    // names that only look like directives
    [InlineData("CustomResourceDefinition", "{'spec':{'$ref':'x'}}", "{'spec':{'$schema':'y'}}", "{'spec':{'$ref':'x','$schema':'y'}}")]
    public void Apply_Patch_GivesTheObject(string kind, string live, string patch, string expected) =>
        SameText(expected, Done(StrategicMergePatch.Apply(Obj(live), Json(patch), MergeKeys.Of("", kind))));

    [Theory]
    [InlineData("{}", "{'spec':{'$patch':'delete'}}", "{}")]
    public void Apply_DeletionOfNothing_AddsNothing(string live, string patch, string expected) => SameText(expected, Done(StrategicMergePatch.Apply(Obj(live), Json(patch), s_pod)));

    [Theory]
    [InlineData(400, "{}", "[]", "error decoding patch: a strategic merge patch is an object")]
    [InlineData(422, "{'spec':{'a':1}}", "{'spec':{'$patch':'merge','b':1}}", "unknown patch type: merge in map: map[$patch:merge b:1]")]
    [InlineData(422, "{'spec':{'containers':[{'name':'a'}]}}", "{'spec':{'containers':[{'$patch':'what','name':'a'}]}}", "unknown patch type: what in map: map[$patch:what name:a]")]
    [InlineData(422, "{'spec':{'containers':[{'name':'a'}]}}", "{'spec':{'containers':[{'$patch':'merge','name':'a'}]}}", "merging lists cannot yet be specified in the patch")]
    [InlineData(422, "{'spec':{'containers':[{'name':'a'}]}}", "{'spec':{'containers':[{'image':'x'}]}}", "map: map[image:x] does not contain declared merge key: name")]
    [InlineData(422, "{'spec':{'containers':[{'name':'a'}]}}", "{'spec':{'containers':[{'$patch':'delete'}]}}", "map: map[$patch:delete] does not contain declared merge key: name")]
    [InlineData(422, "{'spec':{'containers':[{'name':'a'}]}}", "{'spec':{'containers':['a']}}", "list element types are not identical: [[map[name:a]] [a]]")]
    [InlineData(422, "{'spec':{'containers':[['a']]}}", "{'spec':{'containers':[['b']]}}", "lists of lists are not supported")]
    [InlineData(422, "{'metadata':{'finalizers':['a']}}", "{'metadata':{'finalizers':[1]}}", "list element types are not identical: [[a] [1]]")]
    [InlineData(400, "{'metadata':{'finalizers':['a']}}", "{'metadata':{'$deleteFromPrimitiveList/finalizers':'a'}}", "invalid patch format of primitive list")]
    [InlineData(400, "{'metadata':{'finalizers':['a']}}", "{'metadata':{'$deleteFromPrimitiveList':['a']}}", "invalid patch format of primitive list")]
    [InlineData(400, "{'spec':{}}", "{'spec':{'$setElementOrder/containers':'a'}}", "invalid patch format of setElementOrder list")]
    [InlineData(400, "{'spec':{}}", "{'spec':{'$setElementOrder':[]}}", "invalid patch format of setElementOrder list")]
    [InlineData(400, "{'spec':{'a':1}}", "{'spec':{'$retainKeys':['b'],'a':2}}", "invalid patch format of retainKeys")]
    [InlineData(400, "{'spec':{'a':1}}", "{'spec':{'$retainKeys':'a'}}", "invalid patch format of retainKeys")]
    [InlineData(422, "{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}", "{'spec':{'$setElementOrder/containers':[{'name':'a'}],'containers':[{'name':'a'},{'name':'b'}]}}",
        "The order in patch list:\n[map[name:a] map[name:b]]\n doesn't match $setElementOrder list:\n[map[name:a]]\n")]
    public void Apply_PatchThatDoesNotFit_IsRefused(int code, string live, string patch, string message)
    {
        var before = Obj(live);
        var failure = Refused(StrategicMergePatch.Apply(before, Json(patch), s_pod));
        Assert.Equal((code, message), (failure.Code, failure.Message));
        SameText(live, before);
    }

    [Fact]
    public void Apply_LongLists_IsLinear()
    {
        var names = Enumerable.Range(0, 50_000).Select(i => "c" + i).ToList();
        var live = new JsonObject { ["spec"] = new JsonObject { ["containers"] = Named(names) } };
        var patch = new JsonObject { ["spec"] = new JsonObject { ["$setElementOrder/containers"] = Named([.. Enumerable.Reverse(names)]) } };
        Assert.Equal("c49999", Done(StrategicMergePatch.Apply(live, patch, s_pod))["spec"]!["containers"]![0]!["name"]!.GetValue<string>());
    }

    [Fact]
    public void Apply_TooDeep_IsRefused()
    {
        JsonNode deep = new JsonObject();
        for (var i = 0; i < JsonBounds.MaxDepth; i++)
        {
            deep = new JsonObject { ["a"] = deep };
        }
        Assert.Contains("max depth", Refused(StrategicMergePatch.Apply([], deep, s_pod)).Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever order is asked for: nothing is lost or invented, what was asked for is in that order, and what was not keeps its own.</summary>
    [Fact]
    public void SetElementOrder_AnyPermutation_KeepsBothOrders() =>
        Gen.Select(Names, Names).Sample((live, asked) =>
        {
            var patch = new JsonObject { ["spec"] = new JsonObject { ["$setElementOrder/containers"] = Named(asked) } };
            var result = Done(StrategicMergePatch.Apply(Pod(live), patch, s_pod));
            var names = result["spec"]!["containers"]!.AsArray().Select(item => item!["name"]!.GetValue<string>()).ToList();
            Assert.Equal(live.Order(), names.Order());
            Assert.Equal(asked.Where(live.Contains), names.Where(asked.Contains));
            Assert.Equal(live.Except(asked), names.Except(asked));
        });

    [Fact]
    public void Apply_PatchTwice_EqualsOnce() => Gen.Select(Names, Names, Objects).Sample((live, changed, fields) =>
    {
        var containers = Named(changed);
        foreach (var container in containers)
        {
            foreach (var (name, value) in fields)
            {
                container![name] = value?.DeepClone();
            }
        }
        var patch = new JsonObject { ["spec"] = new JsonObject { ["containers"] = containers, ["x"] = fields.DeepClone() } };
        var once = Done(StrategicMergePatch.Apply(Pod(live), patch, s_pod));
        Assert.Equal(once.ToJsonString(), Done(StrategicMergePatch.Apply(once, patch, s_pod)).ToJsonString());
    });

    [Fact]
    public void Apply_PatchWithoutListsThatMerge_EqualsAMergePatch() => Gen.Select(Objects, Objects).Sample((live, patch) =>
        Same(Done(MergePatch.Apply(live, patch)), Done(StrategicMergePatch.Apply(live, patch, MergeKeys.Of("v1", "ConfigMap")))));

    private static Gen<List<string>> Names { get; } = OneOf("a", "b", "c", "d", "e", "f").Array[0, 6].Select(names => names.Distinct().ToList());

    private static JsonObject Pod(IEnumerable<string> containers) => new() { ["spec"] = new JsonObject { ["containers"] = Named(containers) } };

    private static JsonArray Named(IEnumerable<string> names) => [.. names.Select(name => new JsonObject { ["name"] = name })];
}
