using System.Text.Json.Nodes;
using CsCheck;
using Katabira.Cluster.Patching;
using Katabira.Cluster.Patching.Ownership;
using Xunit;
using static Katabira.Tests.Cluster.Patching.JsonTable;
using static Katabira.Tests.Cluster.Patching.Ownership.OwnershipTable;

namespace Katabira.Tests.Cluster.Patching;

public class ApplyPatchTests
{
    [Fact]
    public void Apply_ToNothing_CreatesAndOwns()
    {
        var created = Applied(null, "a", "{'replicas':1,'map':[{'name':'x','image':'1'}]}");
        SameText("{'replicas':1,'map':[{'name':'x','image':'1'}]}", created["spec"]);
        Assert.Equal("a Apply: .spec.replicas .spec.map[name=\"x\"] .spec.map[name=\"x\"].image .spec.map[name=\"x\"].name", Owners(created));
        Assert.Equal("2026-07-01T12:00:00Z", created["metadata"]!["managedFields"]![0]!["time"]!.GetValue<string>());
    }

    [Fact]
    public void Apply_Twice_ChangesNothingAtAll()
    {
        var once = Applied(null, "a", "{'replicas':1,'set':['x'],'maps':{'k':{}}}");
        var twice = Applied(once, "a", "{'replicas':1,'set':['x'],'maps':{'k':{}}}", second: 60);
        Assert.Equal(once.ToJsonString(), twice.ToJsonString());
    }

    [Fact]
    public void Apply_WithChange_MovesTheTime()
    {
        var once = Applied(null, "a", "{'replicas':1}");
        Assert.Equal("2026-07-01T12:01:00Z", Applied(once, "a", "{'replicas':2}", second: 60)["metadata"]!["managedFields"]![0]!["time"]!.GetValue<string>());
    }

    [Theory]
    // what is no longer said and nobody else owns goes, with the containers that it leaves empty
    [InlineData("{'replicas':1,'set':['x','y']}", "{'set':['y']}", "{'set':['y']}")]
    [InlineData("{'replicas':1,'set':['x','y']}", "{'replicas':1}", "{'replicas':1}")]
    [InlineData("{'map':[{'name':'x','image':'1'},{'name':'y'}]}", "{'map':[{'name':'x'}]}", "{'map':[{'name':'x'}]}")]
    [InlineData("{'maps':{'k':{'x':'1'},'l':{}}}", "{'maps':{'l':{}}}", "{'maps':{'l':{}}}")]
    [InlineData("{'atomic':{'a':1},'replicas':1}", "{'replicas':1}", "{'replicas':1}")]
    [InlineData("{'whole':[1,2]}", "{'whole':[3]}", "{'whole':[3]}")]
    [InlineData("{'replicas':1}", "{}", "{}")]
    [InlineData("{'replicas':1}", null, null)]
    public void Apply_WithLess_RemovesWhatWasOnlyItsOwn(string first, string? second, string? expected)
    {
        var result = Applied(Applied(null, "a", first), "a", second);
        SameText(expected ?? "null", result["spec"]);
        Assert.Equal("n", result["metadata"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public void Apply_WithLess_LeavesWhatOthersOwn()
    {
        var obj = Applied(null, "a", "{'replicas':1,'map':[{'name':'x','image':'1'}]}");
        obj = Applied(obj, "b", "{'replicas':1,'map':[{'name':'x'}]}");
        obj = Applied(obj, "a", "{}");
        SameText("{'replicas':1,'map':[{'name':'x'}]}", obj["spec"]);
        Assert.Equal("a Apply: .spec\nb Apply: .spec.replicas .spec.map[name=\"x\"] .spec.map[name=\"x\"].name", Owners(obj));
    }

    [Fact]
    public void Apply_WithLess_LeavesDefaultsOfOtherStructs()
    {
        var obj = Applied(null, "a", "{'map':[{'name':'x','image':'1'}]}");
        obj["spec"]!["map"]![0]!["default"] = "d"; // set by the server after the apply: owned by nobody
        obj["spec"]!["replicas"] = 1;
        SameText("{'map':[{'name':'x','default':'d'}],'replicas':1}", Applied(obj, "a", "{'map':[{'name':'x'}]}")["spec"]);
    }

    [Fact]
    public void Apply_OfEqualValue_SharesIt()
    {
        var obj = Applied(Applied(null, "a", "{'replicas':1}"), "b", "{'replicas':1}", second: 1);
        Assert.Equal("a Apply: .spec.replicas\nb Apply: .spec.replicas", Owners(obj));
        // neither may now change it alone, but both may let go
        Assert.Equal(409, Refused(Apply(obj, "a", "{'replicas':2}")).Code);
        obj = Applied(obj, "a", "{}", second: 2);
        SameText("{'replicas':1}", obj["spec"]);
        SameText("{}", Applied(obj, "b", "{}")["spec"]);
    }

    [Fact]
    public void Apply_OfOthersField_IsAConflict()
    {
        var obj = Applied(null, "a", "{'replicas':1,'map':[{'name':'x','image':'1'}]}");
        var failure = Refused(Apply(obj, "b", "{'replicas':2}"));
        Assert.Equal((409, "Conflict", "Apply failed with 1 conflict: conflict with \"a\": .spec.replicas"), (failure.Code, failure.Reason, failure.Message));
        Assert.Equal([new FailureCause("FieldManagerConflict", "conflict with \"a\"", ".spec.replicas")], failure.Causes);
    }

    [Fact]
    public void Apply_OfFieldsOfSeveral_ListsThemByManager()
    {
        var obj = Applied(null, "zed", "{'set':['s'],'map':[{'name':'x','image':'1'}]}");
        obj = Edited(obj, "editor", "", spec => spec["whole"] = new JsonArray(1));
        obj = Edited(obj, "controller", "scale", spec => spec["replicas"] = 1);
        var failure = Refused(Apply(obj, "b", "{'replicas':2,'whole':[2],'map':[{'name':'x','image':'2'}]}"));
        Assert.Equal(
            "Apply failed with 3 conflicts: conflicts with \"controller\" with subresource \"scale\" using v1:\n- .spec.replicas\n"
            + "conflicts with \"editor\" using v1:\n- .spec.whole\nconflicts with \"zed\":\n- .spec.map[name=\"x\"].image",
            failure.Message);
        Assert.Equal(["conflict with \"controller\" with subresource \"scale\" using v1", "conflict with \"editor\" using v1", "conflict with \"zed\""], failure.Causes.Select(cause => cause.Message));
    }

    [Fact]
    public void Apply_Forced_TakesTheField()
    {
        var obj = Applied(null, "a", "{'replicas':1,'set':['x']}");
        obj = Applied(obj, "b", "{'replicas':2}", force: true, second: 1);
        SameText("{'replicas':2,'set':['x']}", obj["spec"]);
        Assert.Equal("a Apply: .spec.set[=\"x\"]\nb Apply: .spec.replicas", Owners(obj));
        // the first has lost it: saying less does not remove it
        SameText("{'replicas':2}", Applied(obj, "a", "{}")["spec"]);
    }

    [Fact]
    public void Apply_AfterOrdinaryUpdate_ConflictsWithTheUpdater()
    {
        var obj = Applied(null, "a", "{'replicas':1}");
        var edited = Edited(obj, "kubectl-edit", "", spec => spec["replicas"] = 5);
        Assert.Equal("kubectl-edit Update: .spec.replicas", Owners(edited));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"kubectl-edit\" using v1: .spec.replicas", Refused(Apply(edited, "a", "{'replicas':1}")).Message);
    }

    [Fact]
    public void Apply_OfListsInAnotherOrder_TakesTheAppliedOrderAndKeepsTheRestInPlace()
    {
        var obj = Applied(null, "a", "{'map':[{'name':'1'},{'name':'2'},{'name':'3'}]}");
        obj = Applied(obj, "b", "{'map':[{'name':'3'},{'name':'new'},{'name':'1'}]}");
        Assert.Equal("2 3 new 1", string.Join(' ', obj["spec"]!["map"]!.AsArray().Select(item => item!["name"]!.GetValue<string>())));
    }

    [Theory]
    [InlineData("{'replicas':1,'set':['x']}", "{'replicas':null,'set':null}", "{}")]
    [InlineData("{'maps':{'k':{'x':'1'}}}", "{'maps':{'k':{'x':null}}}", "{'maps':{'k':{}}}")]
    public void Apply_OfNull_TakesTheFieldAway(string first, string second, string expected) => SameText(expected, Applied(Applied(null, "a", first), "a", second)["spec"]);

    [Fact]
    public void Apply_ToUntrackedObject_GivesTheRestToItsFormerOwners()
    {
        var live = Obj("{'apiVersion':'v1','kind':'X','metadata':{'name':'n'},'spec':{'replicas':1,'set':['x']}}");
        Assert.Equal("Apply failed with 1 conflict: conflict with \"before-first-apply\" using v1: .spec.replicas", Refused(Apply(live, "a", "{'replicas':2}")).Message);
        var obj = Applied(live, "a", "{'replicas':2}", force: true);
        Assert.Equal("a Apply: .spec.replicas\nbefore-first-apply Update: .spec .spec.set .spec.set[=\"x\"]", Owners(obj));
    }

    [Fact]
    public void Apply_OfSystemFields_ChangesAndOwnsNone()
    {
        var live = Applied(null, "a", "{'replicas':1}");
        live["metadata"]!["uid"] = "real";
        live["metadata"]!["creationTimestamp"] = "2026-01-01T00:00:00Z";
        var body = Body("{'replicas':1}");
        body["metadata"]!["uid"] = "forged";
        body["metadata"]!["creationTimestamp"] = null;
        body["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        body["metadata"]!["resourceVersion"] = "5";
        var obj = Done(ApplyPatch.Apply(live, body, Context("a")));
        Same(Bare(live), Bare(obj));
        Assert.Equal("a Apply: .spec.replicas", Owners(obj));
    }

    [Fact]
    public void Apply_OfIgnoredMember_NeitherWritesNorOwnsIt()
    {
        var body = Body("{'replicas':1}");
        body["status"] = Json("{'phase':'Done'}");
        var obj = Done(ApplyPatch.Apply(null, body, Context("a") with { Ignored = ["status"] }));
        Assert.False(obj.ContainsKey("status"));
        Assert.Equal("a Apply: .spec.replicas", Owners(obj));
    }

    [Fact]
    public void Apply_ToSubresource_HasAnEntryOfItsOwn()
    {
        var obj = Applied(null, "a", "{'replicas':1}");
        var body = Obj("{'apiVersion':'v1','kind':'X','metadata':{'name':'n'},'status':{'phase':'Done'}}");
        var context = Context("a") with { Write = By("a", Custom, 1, subresource: "status"), Ignored = ["spec"] };
        obj = Done(ApplyPatch.Apply(obj, body, context));
        Assert.Equal("a Apply: .spec.replicas\na/status Apply: .status .status.phase", Owners(obj));
    }

    [Theory]
    [InlineData("", "{'apiVersion':'v1','kind':'X'}", 422, "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch")]
    [InlineData("a", "[]", 400, "error decoding patch: an apply patch is an object")]
    [InlineData("a", "{'apiVersion':'v2','kind':'X'}", 400, "invalid object type: v2, Kind=X")]
    [InlineData("a", "{'apiVersion':'v1','kind':'X','metadata':1}", 400, "error decoding patch: metadata is not an object")]
    [InlineData("a", "{'apiVersion':'v1','kind':'X','metadata':{'managedFields':[]}}", 400, "metadata.managedFields must be nil")]
    [InlineData("a", "{'apiVersion':'v1','kind':'X','metadata':{'name':'n','namespace':'d'},'spec':{'map':[{'name':'x'},{'name':'x'}]}}", 422,
        "failed to create typed patch object (d/n; v1, Kind=X): .spec.map: duplicate entries for key [name=\"x\"]")]
    public void Apply_OfWhatCannotBeApplied_IsRefused(string manager, string body, int code, string message)
    {
        var failure = Refused(ApplyPatch.Apply(null, Json(body), Context(manager)));
        Assert.Equal((code, message), (failure.Code, failure.Message));
    }

    [Fact]
    public void Apply_DoesNotChangeItsArguments()
    {
        var live = Applied(null, "a", "{'replicas':1,'map':[{'name':'x'}]}");
        var body = Body("{'map':[{'name':'y'}]}");
        var (before, wish) = (live.ToJsonString(), body.ToJsonString());
        Done(ApplyPatch.Apply(live, body, Context("a")));
        Refused(ApplyPatch.Apply(live, Body("{'replicas':3}"), Context("b")));
        Assert.Equal((before, wish), (live.ToJsonString(), body.ToJsonString()));
    }

    [Fact]
    public void Apply_ByKubectlAfterClientSideApply_IsNoConflict()
    {
        var last = """{"apiVersion":"v1","kind":"X","metadata":{"name":"n"},"spec":{"replicas":1}}""" + "\n";
        var live = Obj("{'apiVersion':'v1','kind':'X','metadata':{'name':'n','annotations':{}},'spec':{'replicas':1}}");
        live["metadata"]!["annotations"]!["kubectl.kubernetes.io/last-applied-configuration"] = last;
        ManagedFields.Set(live, ManagedFields.OnUpdate(null, live, By("kubectl-client-side-apply", Custom)));

        Assert.Equal(409, Refused(Apply(live, "somebody", "{'replicas':2}")).Code);
        var obj = Applied(live, "kubectl", "{'replicas':2}");
        SameText("{'replicas':2}", obj["spec"]);
        Assert.Equal("""{"apiVersion":"v1","kind":"X","metadata":{"name":"n"},"spec":{"replicas":2}}""" + "\n",
            obj["metadata"]!["annotations"]!["kubectl.kubernetes.io/last-applied-configuration"]!.GetValue<string>());

        // what somebody changed since is not kubectl's own
        var edited = Edited(live, "kubectl-edit", "", spec => spec["replicas"] = 7);
        Assert.Equal("Apply failed with 1 conflict: conflict with \"kubectl-edit\" using v1: .spec.replicas", Refused(Apply(edited, "kubectl", "{'replicas':2}")).Message);
    }

    [Fact]
    public void Apply_Deployment_PortsAreOwnedByNumberAndProtocol()
    {
        var types = ListTypes.BuiltIn("apps/v1", "Deployment");
        var context = new ApplyContext(By("a", types, apiVersion: "apps/v1"), "Deployment", Force: false);
        JsonObject Deployment(string ports) => Obj("{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'n'},'spec':{'template':{'spec':{'containers':[{'name':'c','ports':" + ports + "}]}}}}");
        var obj = Done(ApplyPatch.Apply(null, Deployment("[{'containerPort':53},{'containerPort':53,'protocol':'UDP'}]"), context));
        obj = Done(ApplyPatch.Apply(obj, Deployment("[{'containerPort':53,'protocol':'TCP','name':'dns'}]"), context));
        SameText("[{'containerPort':53,'protocol':'TCP','name':'dns'}]", obj["spec"]!["template"]!["spec"]!["containers"]![0]!["ports"]);
    }

    [Fact]
    public void Apply_TwiceAnything_EqualsOnce() => Gen.Select(Specs, Specs).Sample((first, second) =>
    {
        var live = Done(ApplyPatch.Apply(null, Body(first), Context("other")));
        var once = Done(ApplyPatch.Apply(live, Body(second), Context("a", force: true)));
        Assert.Equal(once.ToJsonString(), Done(ApplyPatch.Apply(once, Body(second), Context("a", second: 60))).ToJsonString());
    });

    [Fact]
    public void Apply_ThenNothing_LeavesTheObjectAsItWas() => Gen.Select(Specs, Specs).Sample((theirs, mine) =>
    {
        var before = Done(ApplyPatch.Apply(null, Body(theirs), Context("other")));
        var applied = ApplyPatch.Apply(before, Body(mine), Context("a"));
        if (applied.Failure is null)
        {
            Same(Bare(before), Bare(Done(ApplyPatch.Apply(applied.Node, Body((string?)null), Context("a")))));
        }
    });

    [Fact]
    public void Apply_ByTwoWhoDoNotConflict_GivesTheSameInEitherOrder() => Gen.Select(Specs, Specs).Sample((one, two) =>
    {
        var ab = ApplyPatch.Apply(Done(ApplyPatch.Apply(null, Body(one), Context("a"))), Body(two), Context("b"));
        var ba = ApplyPatch.Apply(Done(ApplyPatch.Apply(null, Body(two), Context("b"))), Body(one), Context("a"));
        Assert.Equal(ab.Failure is null, ba.Failure is null);
        if (ab.Failure is null)
        {
            Assert.Equal(Owners(ab.Node!), Owners(ba.Node!));
            Same(Sorted(Bare(ab.Node!)), Sorted(Bare(ba.Node!)));
        }
    });

    [Fact]
    public void Apply_Forced_LeavesNobodyElseWithAChangedField() => Gen.Select(Specs, Specs).Sample((one, two) =>
    {
        var before = Done(ApplyPatch.Apply(null, Body(one), Context("a")));
        var after = Done(ApplyPatch.Apply(before, Body(two), Context("b", force: true)));
        var changed = FieldComparison.Of(before, after, Custom).Changed;
        var owners = ManagedFields.Of(after).Entries;
        Assert.All(owners.Where(entry => entry.Manager == "a"), entry => Assert.True(entry.Fields.Intersect(changed).IsEmpty));
        Assert.True(Owned(Body(two), Custom).SetEquals(owners.SingleOrDefault(entry => entry.Manager == "b")?.Fields ?? new FieldSet()));
    });

    /// <summary>Specs with every kind of list; few names and values, so that two of them touch.</summary>
    private static Gen<JsonObject> Specs { get; } = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 7], Gen.Int[0, 15], Gen.Int[0, 7]).Select((replicas, whole, set, map, maps) =>
    {
        var spec = new JsonObject();
        if (replicas > 0)
        {
            spec["replicas"] = replicas;
        }
        if (whole > 0)
        {
            spec["whole"] = new JsonArray(whole);
        }
        if (set > 0)
        {
            spec["set"] = new JsonArray([.. Enumerable.Range(0, 3).Where(bit => (set & (1 << bit)) != 0).Select(bit => (JsonNode)$"s{bit}")]);
        }
        if (map > 0)
        {
            spec["map"] = new JsonArray([.. Enumerable.Range(0, 2).Where(bit => ((map >> (bit * 2)) & 3) != 0).Select(bit =>
                ((map >> (bit * 2)) & 3) == 1 ? new JsonObject { ["name"] = $"n{bit}" } : new JsonObject { ["name"] = $"n{bit}", ["image"] = $"{(map >> (bit * 2)) & 3}" })]);
        }
        if (maps > 0)
        {
            spec["maps"] = new JsonObject(Enumerable.Range(0, 3).Where(bit => (maps & (1 << bit)) != 0).Select(bit => KeyValuePair.Create($"k{bit}", (JsonNode?)new JsonObject { ["x"] = "1" })));
        }
        return spec;
    });

    private static JsonObject Body(string? spec) => Body(spec is null ? null : Obj(spec));

    private static JsonObject Body(JsonObject? spec)
    {
        var body = Obj("{'apiVersion':'v1','kind':'X','metadata':{'name':'n'}}");
        if (spec is not null)
        {
            body["spec"] = spec.DeepClone();
        }
        return body;
    }

    private static ApplyContext Context(string manager, bool force = false, int second = 0) => new(By(manager, Custom, second), "X", force);

    private static PatchResult Apply(JsonObject? live, string manager, string? spec, bool force = false, int second = 0) => ApplyPatch.Apply(live, Body(spec), Context(manager, force, second));

    private static JsonObject Applied(JsonObject? live, string manager, string? spec, bool force = false, int second = 0) => Done(Apply(live, manager, spec, force, second));

    private static JsonObject Edited(JsonObject live, string manager, string subresource, Action<JsonObject> edit)
    {
        var after = Bare(live);
        edit(after["spec"]!.AsObject());
        ManagedFields.Set(after, ManagedFields.OnUpdate(live, after, By(manager, Custom, 1, subresource: subresource)));
        return after;
    }

    /// <summary>Lists in an order of their own: two managers' items come in the order of their applies.</summary>
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted).OrderBy(item => item?.ToJsonString(), StringComparer.Ordinal)]),
        _ => node?.DeepClone(),
    };
}
