using System.Text.Json.Nodes;
using Katabira.Cluster.Patching.Ownership;
using Xunit;
using static Katabira.Tests.Cluster.Patching.JsonTable;
using static Katabira.Tests.Cluster.Patching.Ownership.OwnershipTable;

namespace Katabira.Tests.Cluster.Patching.Ownership;

public class ManagedFieldsTests
{
    private static readonly ListTypes s_configMap = ListTypes.BuiltIn("v1", "ConfigMap");

    [Fact]
    public void OnUpdate_Create_GivesEverythingToItsManager()
    {
        var created = Written(null, "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'n','labels':{'l':'1'}},'data':{'a':'1'}}", "kubectl-create");
        Same(Json("""
            [{ "manager": "kubectl-create", "operation": "Update", "apiVersion": "v1", "time": "2026-07-01T12:00:00Z", "fieldsType": "FieldsV1",
               "fieldsV1": { "f:data": { ".": {}, "f:a": {} }, "f:metadata": { "f:labels": { ".": {}, "f:l": {} } } } }]
            """), created["metadata"]!["managedFields"]);
        Assert.Equal("manager operation apiVersion time fieldsType fieldsV1", string.Join(' ', created["metadata"]!["managedFields"]![0]!.AsObject().Select(member => member.Key)));
    }

    [Fact]
    public void OnUpdate_ByAnother_TakesWhatItChangedAndLeavesTheRest()
    {
        var obj = Written(null, "{'metadata':{'name':'n'},'data':{'a':'1','b':'1','c':'1'}}", "first");
        obj = Written(obj, "{'metadata':{'name':'n'},'data':{'a':'1','b':'2','d':'1'}}", "second", 5);
        Assert.Equal("first Update: .data .data.a\nsecond Update: .data.b .data.d", Owners(obj));
    }

    [Fact]
    public void OnUpdate_BySameManager_ContinuesItsEntry()
    {
        var obj = Written(null, "{'metadata':{},'data':{'a':'1'}}", "m");
        obj = Written(obj, "{'metadata':{},'data':{'a':'2','b':'1'}}", "m", 7);
        Assert.Equal("m Update: .data .data.a .data.b", Owners(obj));
        Assert.Equal("2026-07-01T12:00:07Z", obj["metadata"]!["managedFields"]![0]!["time"]!.GetValue<string>());
    }

    [Fact]
    public void OnUpdate_InOtherVersionOrSubresource_BeginsAnotherEntry()
    {
        var obj = Written(null, "{'metadata':{},'data':{'a':'1'}}", "m");
        obj = Written(obj, "{'metadata':{},'data':{'a':'1','b':'1'}}", "m", 1, apiVersion: "v1beta1");
        obj = Written(obj, "{'metadata':{},'data':{'a':'1','b':'1'},'status':{'s':'1'}}", "m", 2, subresource: "status");
        Assert.Equal("m Update: .data .data.a\nm Update: .data.b\nm/status Update: .status.s", Owners(obj));
    }

    [Fact]
    public void OnUpdate_ThatChangesNothing_ChangesNoEntry()
    {
        var obj = Written(null, "{'metadata':{},'data':{'a':'1'}}", "m");
        var again = Written(obj, "{'metadata':{'generation':4},'data':{'a':'1'}}", "other", 60);
        Same(obj["metadata"]!["managedFields"], again["metadata"]!["managedFields"]);
    }

    [Fact]
    public void OnUpdate_ThatRemovesAllOfAManager_DropsItsEntry()
    {
        var obj = Written(null, "{'metadata':{},'data':{'a':'1'}}", "m");
        obj = Written(obj, "{'metadata':{},'data':{'a':'1','b':'1'}}", "other");
        Assert.Equal("m Update: .data .data.a", Owners(Written(obj, "{'metadata':{},'data':{'a':'1'}}", "third")));
    }

    [Theory]
    [InlineData("null", "m Update: .data .data.a\nx Update: .data.b")] // a client that does not know the list
    [InlineData("[{'manager':'z','operation':'Update','apiVersion':'v1','fieldsType':'FieldsV1','fieldsV1':{'f:data':{'f:a':{}}}}]", "z Update: .data.a\nx Update: .data.b")] // one that moves ownership
    [InlineData("[{'manager':'z','operation':'Update','apiVersion':'','fieldsType':'FieldsV1'}]", "m Update: .data .data.a\nx Update: .data.b")] // not a valid list
    [InlineData("[{'manager':'z','operation':'Own','apiVersion':'v1','fieldsType':'FieldsV1'}]", "m Update: .data .data.a\nx Update: .data.b")]
    [InlineData("[]", "")] // reset: not tracked any more
    [InlineData("[{}]", "")]
    public void OnUpdate_ListInTheRequest_IsTheClientsWish(string list, string owners)
    {
        var before = Written(null, "{'metadata':{},'data':{'a':'1'}}", "m");
        var after = Obj("{'metadata':{},'data':{'a':'1','b':'1'}}");
        after["metadata"]!["managedFields"] = Json(list);
        ManagedFields.Set(after, ManagedFields.OnUpdate(before, after, By("x", s_configMap)));
        Assert.Equal(owners, Owners(after));
    }

    [Fact]
    public void OnUpdate_OfSubresource_IgnoresTheRequestsList()
    {
        var before = Written(null, "{'metadata':{},'data':{'a':'1'}}", "m");
        var after = Obj("{'metadata':{'managedFields':[]},'data':{'a':'1'},'status':{'s':1}}");
        ManagedFields.Set(after, ManagedFields.OnUpdate(before, after, By("x", s_configMap, subresource: "status")));
        Assert.Equal("m Update: .data .data.a\nx/status Update: .status.s", Owners(after));
    }

    [Fact]
    public void OnUpdate_OfObjectThatIsNotTracked_DoesNotBeginToTrack() =>
        Assert.Null(ManagedFields.OnUpdate(Obj("{'metadata':{},'data':{'a':'1'}}"), Obj("{'metadata':{},'data':{'a':'2'}}"), By("x", s_configMap)));

    [Fact]
    public void OnUpdate_ByManyManagers_ThrowsTheOldestTogether()
    {
        var obj = Written(null, "{'metadata':{},'data':{'k0':'1'}}", "m0");
        for (var i = 1; i <= 12; i++)
        {
            var next = Bare(obj);
            next["data"]!["k" + i] = "1";
            obj = Written(obj, next.ToJsonString(), "m" + i, i);
        }
        Assert.Equal(
            "ancient-changes Update: .data .data.k0 .data.k1 .data.k2 .data.k3\n" + string.Join('\n', Enumerable.Range(4, 9).Select(i => $"m{i} Update: .data.k{i}")),
            Owners(obj));
        Assert.Equal(ManagedFields.MaxUpdateManagers, obj["metadata"]!["managedFields"]!.AsArray().Count);
        Assert.Equal("2026-07-01T12:00:03Z", obj["metadata"]!["managedFields"]![0]!["time"]!.GetValue<string>());
    }

    [Fact]
    public void OnUpdate_OfBuiltIn_LooksAsOnARealServer()
    {
        var deployment = Obj("""
            { "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "web", "labels": { "app": "web" } },
              "spec": { "replicas": 1, "selector": { "matchLabels": { "app": "web" } },
                "template": { "metadata": { "labels": { "app": "web" } }, "spec": { "containers": [ { "name": "c", "image": "i", "ports": [ { "containerPort": 80, "protocol": "TCP" } ] } ] } } } }
            """);
        var list = ManagedFields.OnUpdate(null, deployment, By("kubectl-client-side-apply", ListTypes.BuiltIn("apps/v1", "Deployment"), apiVersion: "apps/v1"))!;
        Same(JsonNode.Parse("""
            { "f:metadata": { "f:labels": { ".": {}, "f:app": {} } },
              "f:spec": { "f:replicas": {}, "f:selector": {},
                "f:template": { "f:metadata": { "f:labels": { ".": {}, "f:app": {} } },
                  "f:spec": { "f:containers": { "k:{\"name\":\"c\"}": { ".": {}, "f:image": {}, "f:name": {},
                    "f:ports": { ".": {}, "k:{\"containerPort\":80,\"protocol\":\"TCP\"}": { ".": {}, "f:containerPort": {}, "f:protocol": {} } } } } } } } }
            """), list[0]!["fieldsV1"]);
    }

    [Theory]
    [InlineData("m", "curl/7", "m")]
    [InlineData("", "kubectl/v1.33.1 (linux/amd64)", "kubectl")]
    [InlineData(null, "my\tagent", "myagent")]
    [InlineData(null, "", "unknown")]
    [InlineData(null, null, "unknown")]
    public void Name_OfRequest_IsTheParameterOrTheUserAgent(string? parameter, string? agent, string expected) => Assert.Equal(expected, FieldManagerName.Of(parameter, agent));

    [Fact]
    public void Name_OfLongUserAgent_IsCutAtACharacter() => Assert.Equal(new string('é', 64), FieldManagerName.Of(null, new string('é', 100)));

    [Theory]
    [InlineData("", true, "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch")]
    [InlineData("", false, null)]
    [InlineData("kubectl", true, null)]
    [InlineData("a\u0001b", false, "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Invalid value: \"a\\x01b\": invalid character U+0001 (at position 1)")]
    public void Name_ThatIsNone_IsRefused(string name, bool isRequired, string? message)
    {
        var failure = FieldManagerName.Check(name, "PatchOptions", isRequired);
        Assert.Equal(message, failure?.Message);
        Assert.Equal(failure is null ? [] : ["fieldManager"], failure?.Causes.Select(cause => cause.Field) ?? []);
    }

    [Fact]
    public void Name_OverTheLimit_IsTooLong() =>
        Assert.EndsWith("fieldManager: Too long: may not be more than 128 bytes", FieldManagerName.Check(new string('x', 129), "PatchOptions", false)!.Message, StringComparison.Ordinal);

    private static JsonObject Written(JsonObject? before, string after, string manager, int second = 0, string apiVersion = "v1", string subresource = "")
    {
        var obj = Obj(after);
        ManagedFields.Set(obj, ManagedFields.OnUpdate(before, obj, By(manager, s_configMap, second, apiVersion, subresource)));
        return obj;
    }
}
