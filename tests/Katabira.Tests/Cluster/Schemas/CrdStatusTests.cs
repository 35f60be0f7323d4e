using System.Text.Json.Nodes;
using Katabira.Cluster.Schemas;
using Xunit;

namespace Katabira.Tests.Cluster.Schemas;

public sealed class CrdStatusTests
{
    private const string Now = "2026-08-01T00:00:00Z", Later = "2026-08-02T00:00:00Z";

    [Fact]
    public void Names_LeftOut_FollowTheKind()
    {
        var crd = YamlJson.Object("{spec: {names: {plural: oxen, kind: Ox}}}");
        CrdNames.ApplyDefaults(crd);
        Assert.Equal("""{"spec":{"names":{"plural":"oxen","kind":"Ox","singular":"ox","listKind":"OxList"},"conversion":{"strategy":"None"}}}""", crd.ToJsonString());
    }

    [Fact]
    public void Definition_New_IsEstablishedWithItsNames()
    {
        var status = CrdStatus.Next(Widgets.Whole("{type: object}"), [], Now);
        Assert.Equal("""{"plural":"widgets","singular":"widget","kind":"Widget","listKind":"WidgetList"}""", status["acceptedNames"]!.ToJsonString());
        Assert.Equal(["v1"], status["storedVersions"]!.AsArray().Select(v => v!.GetValue<string>()));
        Assert.Equal(
            ["NamesAccepted True NoConflicts no conflicts found " + Now, "Established True InitialNamesAccepted the initial names have been accepted " + Now],
            Conditions(status));
    }

    [Theory]
    [InlineData("plural", "PluralConflict", "\"widgets\" is already in use")]
    [InlineData("singular", "SingularConflict", "\"widget\" is already in use")]
    [InlineData("kind", "KindConflict", "\"Widget\" is already in use")]
    [InlineData("listKind", "ListKindConflict", "\"WidgetList\" is already in use")]
    public void Definition_WithANameThatIsTaken_IsNotEstablished(string name, string reason, string message)
    {
        var crd = Widgets.Whole("{type: object}");
        var other = YamlJson.Object("{spec: {group: example.com}, status: {acceptedNames: {plural: a, singular: b, kind: C, listKind: D, shortNames: [e]}}}");
        other["status"]!["acceptedNames"]![name] = crd["spec"]!["names"]![name]!.DeepClone();
        var status = CrdStatus.Next(crd, [other], Now);
        Assert.Equal([$"NamesAccepted False {reason} {message} {Now}", $"Established False NotAccepted not all names are accepted {Now}"], Conditions(status));
        Assert.Equal("", status["acceptedNames"]![name]!.GetValue<string>());

        other["spec"]!["group"] = "elsewhere.example.com";
        Assert.StartsWith("NamesAccepted True", Conditions(CrdStatus.Next(crd, [other], Now))[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Definition_EstablishedBefore_StaysSoWithItsOldShortNames()
    {
        var crd = Widgets.Whole("{type: object}");
        crd["status"] = CrdStatus.Next(crd, [], Now);
        crd["spec"]!["names"]!["shortNames"] = new JsonArray("w", "x");
        var other = YamlJson.Object("{spec: {group: example.com}, status: {acceptedNames: {plural: w}}}");
        var status = CrdStatus.Next(crd, [other], Later);
        Assert.Equal(
            [$"NamesAccepted False ShortNamesConflict \"w\" is already in use {Later}", $"Established True InitialNamesAccepted the initial names have been accepted {Now}"],
            Conditions(status));
        Assert.Null(status["acceptedNames"]!["shortNames"]);
    }

    [Fact]
    public void StorageVersion_Changed_IsAddedToTheOldOne()
    {
        var crd = Widgets.Whole("{type: object}");
        crd["status"] = CrdStatus.Next(crd, [], Now);
        crd["spec"]!["versions"]![0]!["storage"] = false;
        var second = crd["spec"]!["versions"]![0]!.DeepClone();
        second["name"] = "v2";
        second["storage"] = true;
        crd["spec"]!["versions"]!.AsArray().Add(second);
        Assert.Equal("[\"v1\",\"v2\"]", CrdStatus.Next(crd, [], Later)["storedVersions"]!.ToJsonString());
    }

    [Fact]
    public void Definition_BeingDeleted_SaysSoOnce()
    {
        var crd = Widgets.Whole("{type: object}");
        crd["status"] = CrdStatus.Next(crd, [], Now);
        crd["status"] = CrdStatus.Terminating(crd, Now);
        crd["status"] = CrdStatus.Terminating(crd, Later);
        Assert.True(CrdStatus.IsTrue(crd, "Terminating"));
        Assert.Equal(3, crd["status"]!["conditions"]!.AsArray().Count);
    }

    private static string[] Conditions(JsonObject status) =>
        [.. status["conditions"]!.AsArray().Select(c => $"{c!["type"]} {c["status"]} {c["reason"]} {c["message"]} {c["lastTransitionTime"]}")];
}
