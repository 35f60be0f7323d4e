using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Patching;
using Xunit;
using static Katabira.Tests.Cluster.Patching.JsonTable;

namespace Katabira.Tests.Cluster.Patching;

public class JsonPatchTests
{
    [Theory]
    // add
    [InlineData("{'a':1}", "[{'op':'add','path':'/b','value':2}]", "{'a':1,'b':2}")]
    [InlineData("{'a':1,'b':2}", "[{'op':'add','path':'/a','value':3}]", "{'a':3,'b':2}")]
    [InlineData("{'l':[1,2]}", "[{'op':'add','path':'/l/1','value':9}]", "{'l':[1,9,2]}")]
    [InlineData("{'l':[1,2]}", "[{'op':'add','path':'/l/2','value':9}]", "{'l':[1,2,9]}")]
    [InlineData("{'l':[1,2]}", "[{'op':'add','path':'/l/-','value':[3,4]}]", "{'l':[1,2,[3,4]]}")]
    [InlineData("{'a':1}", "[{'op':'add','path':'','value':{'b':2}}]", "{'b':2}")]
    [InlineData("{'a':{'b':1}}", "[{'op':'add','path':'/a/c','value':null}]", "{'a':{'b':1,'c':null}}")]
    [InlineData("{'a':1}", "[{'op':'add','path':'/','value':2}]", "{'a':1,'':2}")]
    [InlineData("{'a':1}", "[{'op':'add','path':'/b','value':2,'unknown':true}]", "{'a':1,'b':2}")]
    // remove
    [InlineData("{'a':1,'b':2}", "[{'op':'remove','path':'/a'}]", "{'b':2}")]
    [InlineData("{'l':[1,2,3]}", "[{'op':'remove','path':'/l/1'}]", "{'l':[1,3]}")]
    [InlineData("{'a':null}", "[{'op':'remove','path':'/a'}]", "{}")]
    // replace
    [InlineData("{'a':1,'b':2}", "[{'op':'replace','path':'/a','value':{'x':1}}]", "{'a':{'x':1},'b':2}")]
    [InlineData("{'l':[1,2]}", "[{'op':'replace','path':'/l/0','value':9}]", "{'l':[9,2]}")]
    [InlineData("{'a':1}", "[{'op':'replace','path':'','value':{}}]", "{}")]
    // move
    [InlineData("{'a':{'x':1},'b':{}}", "[{'op':'move','from':'/a/x','path':'/b/y'}]", "{'a':{},'b':{'y':1}}")]
    [InlineData("{'l':['a','b','c','d']}", "[{'op':'move','from':'/l/1','path':'/l/3'}]", "{'l':['a','c','d','b']}")]
    [InlineData("{'a':1}", "[{'op':'move','from':'/a','path':'/a'}]", "{'a':1}")]
    // copy
    [InlineData("{'a':{'x':1}}", "[{'op':'copy','from':'/a','path':'/b'}]", "{'a':{'x':1},'b':{'x':1}}")]
    [InlineData("{'a':{'x':1}}", "[{'op':'copy','from':'','path':'/b'}]", "{'a':{'x':1},'b':{'a':{'x':1}}}")]
    [InlineData("{'a':5}", "[{'op':'copy','from':'/a','path':'/b'},{'op':'remove','path':'/a'}]", "{'b':5}")]
    // test
    [InlineData("{'a':{'x':[1,'y',null]}}", "[{'op':'test','path':'/a','value':{'x':[1,'y',null]}}]", "{'a':{'x':[1,'y',null]}}")]
    [InlineData("{'a':1,'b':2}", "[{'op':'test','path':'','value':{'b':2,'a':1}}]", "{'a':1,'b':2}")]
    [InlineData("{'a':1.0}", "[{'op':'test','path':'/a','value':1}]", "{'a':1.0}")]
    [InlineData("{'a':null}", "[{'op':'test','path':'/a','value':null}]", "{'a':null}")]
    [InlineData("{}", "[{'op':'test','path':'/a','value':null},{'op':'add','path':'/a','value':{}}]", "{'a':{}}")]
    // pointers
    [InlineData("{'a/b':1,'m~n':2}", "[{'op':'remove','path':'/a~1b'},{'op':'test','path':'/m~0n','value':2}]", "{'m~n':2}")]
    [InlineData("{'~1':1}", "[{'op':'test','path':'/~01','value':1}]", "{'~1':1}")]
    [InlineData("{'a':{'0':1}}", "[{'op':'add','path':'/a/1','value':2}]", "{'a':{'0':1,'1':2}}")]
    // several, in order; none
    [InlineData("{'l':[]}", "[{'op':'add','path':'/l/-','value':1},{'op':'add','path':'/l/0','value':0}]", "{'l':[0,1]}")]
    [InlineData("{'n':12345678901234567890,'f':1.50}", "[]", "{'n':12345678901234567890,'f':1.50}")]
    public void Apply_FittingOperations_GiveTheDocument(string document, string patch, string expected) =>
        SameText(expected, Done(JsonPatch.Apply(Obj(document), Json(patch))));

    [Theory]
    [InlineData("{'a':1}", "[{'op':'test','path':'/a','value':2}]", "testing value /a failed: test failed")]
    [InlineData("{'a':1}", "[{'op':'test','path':'/a','value':'1'}]", "testing value /a failed: test failed")]
    [InlineData("{'a':1}", "[{'op':'test','path':'/a','value':null}]", "testing value /a failed: test failed")]
    [InlineData("{'a':1}", "[{'op':'test','path':'/b/c','value':2}]", "test operation does not apply: is missing path: /b/c: missing value")]
    [InlineData("{'a':1}", "[{'op':'test','path':'/b','value':2}]", "error in test for path: '/b': missing value")]
    [InlineData("{'a':1}", "[{'op':'remove','path':'/b'}]", "error in remove for path: '/b': Unable to remove nonexistent key: b: missing value")]
    [InlineData("{'a':1}", "[{'op':'remove','path':'/b/c'}]", "remove operation does not apply: doc is missing path: \"/b/c\": missing value")]
    [InlineData("{'a':1}", "[{'op':'remove','path':''}]", "remove operation does not apply: doc is missing path: \"\": missing value")]
    [InlineData("{'a':1}", "[{'op':'replace','path':'/b','value':1}]", "replace operation does not apply: doc is missing key: /b: missing value")]
    [InlineData("{'a':1}", "[{'op':'replace','path':'/b/c','value':1}]", "replace operation does not apply: doc is missing path: /b/c: missing value")]
    [InlineData("{'a':1}", "[{'op':'add','path':'/b/c','value':1}]", "add operation does not apply: doc is missing path: \"/b/c\": missing value")]
    [InlineData("{'a':1}", "[{'op':'add','path':'/a/c','value':1}]", "add operation does not apply: doc is missing path: \"/a/c\": missing value")]
    [InlineData("{'l':[1]}", "[{'op':'add','path':'/l/2','value':1}]", "error in add for path: '/l/2': Unable to access invalid index: 2: invalid index referenced")]
    [InlineData("{'l':[1]}", "[{'op':'add','path':'/l/-1','value':1}]", "error in add for path: '/l/-1': Unable to access invalid index: -1: invalid index referenced")]
    [InlineData("{'l':[1]}", "[{'op':'remove','path':'/l/01'}]", "error in remove for path: '/l/01': Unable to access invalid index: 01: invalid index referenced")]
    [InlineData("{'l':[1]}", "[{'op':'remove','path':'/l/-'}]", "error in remove for path: '/l/-': value was not a proper array index: '-': strconv.Atoi: parsing \"-\": invalid syntax")]
    [InlineData("{'a':{'b':1}}", "[{'op':'move','from':'/a','path':'/a/b/c'}]", "move operation does not apply: /a/b/c is inside /a")]
    [InlineData("{'a':1}", "[{'op':'move','from':'/x/y','path':'/b'}]", "move operation does not apply: doc is missing from path: /x/y: missing value")]
    [InlineData("{'a':1}", "[{'op':'copy','from':'/x','path':'/b'}]", "copy operation does not apply: doc is missing from path: /x: missing value")]
    [InlineData("{'a':1}", "[{'op':'copy','path':'/b'}]", "copy operation failed to decode from: missing value")]
    [InlineData("{'a':1}", "[{'op':'add','path':'/b'}]", "add operation, missing value field: missing value")]
    [InlineData("{'a':1}", "[{'op':'add','value':1}]", "add operation failed to decode path: missing value")]
    [InlineData("{'a':1}", "[{'op':'add','path':'b','value':1}]", "add operation failed to decode path: invalid JSON pointer")]
    [InlineData("{'a':1}", "[{'op':'add','path':'/~2','value':1}]", "add operation failed to decode path: invalid JSON pointer")]
    [InlineData("{'a':1}", "[{'op':'merge','path':'/a','value':1}]", "Unexpected kind: merge")]
    [InlineData("{'a':1}", "[{'path':'/a','value':1}]", "Unexpected kind: unknown")]
    [InlineData("{'a':1}", "[{'op':'add','path':'','value':[]}]", "the patch leaves no object")]
    public void Apply_OperationThatDoesNotFit_IsInvalid(string document, string patch, string message)
    {
        var failure = Refused(JsonPatch.Apply(Obj(document), Json(patch)));
        Assert.Equal((422, "Invalid", message), (failure.Code, failure.Reason, failure.Message));
    }

    [Theory]
    [InlineData("{'op':'add'}")]
    [InlineData("null")]
    [InlineData("['add']")]
    [InlineData("[{'op':1}]")]
    [InlineData("[{'op':'add','path':['a']}]")]
    public void Apply_NoPatchAtAll_IsBadRequest(string patch) => Assert.Equal(400, Refused(JsonPatch.Apply([], Json(patch))).Code);

    [Fact]
    public void Apply_FailureAfterChanges_LeavesArgumentsAlone()
    {
        var live = Obj("{'a':{'b':1}}");
        var patch = Json("[{'op':'add','path':'/a/c','value':{'d':1}},{'op':'test','path':'/a/b','value':2}]");
        Refused(JsonPatch.Apply(live, patch));
        SameText("{'a':{'b':1}}", live);
        Done(JsonPatch.Apply(Obj("{'a':{'b':2}}"), patch)); // the same patch serves a retry
    }

    [Fact]
    public void Apply_TooManyOperations_IsTooLarge()
    {
        var patch = new JsonArray([.. Enumerable.Range(0, JsonPatch.MaxOperations + 1).Select(_ => Json("{'op':'test','path':'/a','value':1}"))]);
        var failure = Refused(JsonPatch.Apply(Obj("{'a':1}"), patch));
        Assert.Equal((413, "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001"), (failure.Code, failure.Message));
        patch.RemoveAt(0);
        Done(JsonPatch.Apply(Obj("{'a':1}"), patch));
    }

    [Fact]
    public void Apply_CopyThatDoubles_IsRefusedBeforeItGrows()
    {
        var patch = new JsonArray([.. Enumerable.Range(0, 64).Select(_ => Json("{'op':'copy','from':'/a','path':'/a/-'}"))]);
        Assert.Contains("the accumulated size increase of copy is", Refused(JsonPatch.Apply(Obj("{'a':['0123456789']}"), patch)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_CopyThatDeepens_IsRefusedAtTheLimit()
    {
        var patch = new JsonArray([.. Enumerable.Range(0, 2000).Select(_ => Json("{'op':'copy','from':'','path':'/a'}"))]);
        Assert.EndsWith(JsonBounds.TooDeep, Refused(JsonPatch.Apply([], patch)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_MoveThatDeepens_IsRefusedAtTheLimit()
    {
        var moves = new StringBuilder("[");
        for (var i = 0; i < JsonBounds.MaxDepth + 8; i++)
        {
            moves.Append("{'op':'add','path':'/w','value':{}},{'op':'move','from':'/d','path':'/w/d'},{'op':'move','from':'/w','path':'/d'},");
        }
        var patch = Json(moves.Append("{'op':'test','path':'/d','value':1}]").ToString());
        Assert.EndsWith(JsonBounds.TooDeep, Refused(JsonPatch.Apply(Obj("{'d':{}}"), patch)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_ManyInsertsBeforeALongList_IsRefusedForItsWork()
    {
        var live = new JsonObject { ["l"] = new JsonArray([.. Enumerable.Range(0, 400_000).Select(_ => (JsonNode)0)]) };
        var patch = new JsonArray([.. Enumerable.Range(0, 5000).Select(_ => Json("{'op':'add','path':'/l/0','value':1}"))]);
        Assert.EndsWith("the patch takes too much work", Refused(JsonPatch.Apply(live, patch)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_HugePathInAMessage_IsCut()
    {
        var patch = new JsonArray(new JsonObject { ["op"] = "remove", ["path"] = "/" + new string('x', 1_000_000) });
        Assert.True(Refused(JsonPatch.Apply([], patch)).Message.Length < 1000);
    }
}
