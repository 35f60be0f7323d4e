using System.Text.Json.Nodes;
using CsCheck;
using Katabira.Cluster.Patching;
using Xunit;
using static Katabira.Tests.Cluster.Patching.JsonTable;

namespace Katabira.Tests.Cluster.Patching;

public class MergePatchTests
{
    [Theory]
    [InlineData("{'a':'b'}", "{'a':'c'}", "{'a':'c'}")]
    [InlineData("{'a':'b'}", "{'b':'c'}", "{'a':'b','b':'c'}")]
    [InlineData("{'a':'b'}", "{'a':null}", "{}")]
    [InlineData("{'a':'b','b':'c'}", "{'a':null}", "{'b':'c'}")]
    [InlineData("{'a':['b']}", "{'a':'c'}", "{'a':'c'}")]
    [InlineData("{'a':'c'}", "{'a':['b']}", "{'a':['b']}")]
    [InlineData("{'a':{'b':'c'}}", "{'a':{'b':'d','c':null}}", "{'a':{'b':'d'}}")]
    [InlineData("{'a':[{'b':'c'}]}", "{'a':[1]}", "{'a':[1]}")]
    [InlineData("{'e':null}", "{'a':1}", "{'e':null,'a':1}")]
    [InlineData("{}", "{'a':{'bb':{'ccc':null}}}", "{'a':{'bb':{}}}")]
    [InlineData("{'a':1}", "{'a':{'b':1,'c':null}}", "{'a':{'b':1}}")]
    [InlineData("{'z':1,'a':2}", "{'z':3,'m':[null]}", "{'z':3,'a':2,'m':[null]}")]
    [InlineData("{'n':1.50}", "{}", "{'n':1.50}")]
    public void Apply_ObjectPatch_FollowsRfc7386(string live, string patch, string expected) => SameText(expected, Done(MergePatch.Apply(Obj(live), Json(patch))));

    [Theory]
    [InlineData("[]")]
    [InlineData("'text'")]
    [InlineData("null")]
    public void Apply_PatchThatIsNoObject_IsBadRequest(string patch) => Assert.Equal(400, Refused(MergePatch.Apply([], Json(patch))).Code);

    [Fact]
    public void Apply_PatchOfHundredThousandDeletions_IsLinear()
    {
        var live = new JsonObject();
        var patch = new JsonObject();
        for (var i = 0; i < 100_000; i++)
        {
            live["k" + i] = i;
            patch["k" + i] = null;
        }
        SameText("{}", Done(MergePatch.Apply(live, patch)));
        Assert.Equal(100_000, live.Count);
    }

    [Fact]
    public void Apply_DeeperThanAllowed_IsRefused()
    {
        JsonNode deep = new JsonObject();
        for (var i = 0; i < JsonBounds.MaxDepth; i++)
        {
            deep = new JsonObject { ["a"] = deep };
        }
        Assert.Contains("max depth", Refused(MergePatch.Apply([], deep)).Message, StringComparison.Ordinal);
        Assert.Contains("max depth", Refused(MergePatch.Apply(deep.AsObject(), new JsonObject())).Message, StringComparison.Ordinal);
        Done(MergePatch.Apply([], deep["a"]));
    }

    [Fact]
    public void Apply_PatchTwice_EqualsOnce() => Gen.Select(Objects, Objects).Sample((live, patch) =>
    {
        var once = Done(MergePatch.Apply(live, patch));
        Same(once, Done(MergePatch.Apply(once, patch)));
    });

    [Fact]
    public void Apply_DifferenceOfTwoObjects_MakesTheSecond() => Gen.Select(Objects, Objects).Sample((before, after) =>
        Same(after, Done(MergePatch.Apply(before, Difference(before, after)))));

    [Fact]
    public void Apply_EmptyPatch_ChangesNothing() => Objects.Sample(live => Same(live, Done(MergePatch.Apply(live, new JsonObject()))));

    /// <summary>The patch that makes <paramref name="after"/> of <paramref name="before"/>; exists for all objects without null members.</summary>
    private static JsonObject Difference(JsonObject before, JsonObject after)
    {
        var patch = new JsonObject();
        foreach (var (name, _) in before)
        {
            if (!after.ContainsKey(name))
            {
                patch[name] = null;
            }
        }
        foreach (var (name, value) in after)
        {
            if (before[name] is JsonObject old && value is JsonObject now)
            {
                patch[name] = Difference(old, now);
            }
            else if (!JsonNode.DeepEquals(before[name], value))
            {
                patch[name] = value?.DeepClone();
            }
        }
        return patch;
    }
}
