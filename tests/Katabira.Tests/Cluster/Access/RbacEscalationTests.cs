using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Xunit;
using static Katabira.Tests.Cluster.Access.RbacObjects;

namespace Katabira.Tests.Cluster.Access;

public sealed class RbacEscalationTests
{
    private static readonly RbacModel s_model = Compile(
        roles: [Role("mine", "shop", "get,list,watch|core|pods,services", "update|core|configmaps|one,two"), Role("narrow", "shop", "get|core|pods")],
        clusterRoles:
        [
            Role("all", "", "*|*|*", "*|*"), Role("escalator", "", "escalate|rbac.authorization.k8s.io|roles"), Role("all-but-urls", "", "*|*|*"), Role("most", "", "get,list,watch,create,update,patch,delete|*|*", "*|*"),
            Role("binder", "", "bind|rbac.authorization.k8s.io|clusterroles|all"), Role("scale", "", "patch|apps|*/scale"),
        ],
        bindings:
        [
            Binding("m", "shop", "Role", "mine", "User:bob"), Binding("e", "shop", "ClusterRole", "escalator", "User:eve"),
            Binding("b", "shop", "ClusterRole", "binder", "User:ben"),
        ],
        clusterBindings:
        [
            Binding("r", "", "ClusterRole", "all", "User:root"), Binding("p", "", "ClusterRole", "all-but-urls", "User:almost"), Binding("q", "", "ClusterRole", "most", "User:most"),
            Binding("s", "", "ClusterRole", "scale", "User:sam"),
        ]);

    [Theory]
    [InlineData("bob", "get|core|pods", true)]
    [InlineData("bob", "get,list|core|pods,services", true)]
    [InlineData("bob", "get,delete|core|pods", false)]
    [InlineData("bob", "get|core,apps|pods", false)]
    [InlineData("bob", "get|core|*", false)]
    [InlineData("bob", "*|core|pods", false)]
    [InlineData("bob", "get|core|pods/log", false)]
    [InlineData("bob", "get|core|pods|x", true)]
    [InlineData("bob", "update|core|configmaps|one", true)]
    [InlineData("bob", "update|core|configmaps|one,three", false)]
    [InlineData("bob", "update|core|configmaps", false)]
    [InlineData("eve", "*|*|*", true)]
    [InlineData("root", "*|*|*", true)]
    [InlineData("sam", "patch|apps|deployments/scale", true)]
    [InlineData("sam", "patch|apps|deployments", false)]
    public void CheckRole_Rules_OnlyWhatTheUserHas(string user, string rule, bool allowed) =>
        Assert.Equal(allowed, RbacEscalation.CheckRole(s_model, new(user, []), Role("new", "shop", rule), null, "shop") is null);

    [Fact]
    public void CheckRole_Refused_NamesWhatIsMissing() => Assert.Equal(
        "roles.rbac.authorization.k8s.io \"new\" is forbidden: user \"bob\" (groups=[\"dev\"]) is attempting to grant RBAC permissions not currently held:\n"
        + "{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"delete\"]}",
        RbacEscalation.CheckRole(s_model, new("bob", ["dev"]), Role("new", "shop", "get,delete|core|pods"), null, "shop")!.Message);

    [Fact]
    public void CheckRole_UnchangedRules_AreNotCheckedAgain()
    {
        var old = Role("r", "shop", "*|*|*");
        var labelled = old.DeepClone().AsObject();
        labelled["metadata"]!["labels"] = new JsonObject { ["a"] = "b" };
        Assert.Null(RbacEscalation.CheckRole(s_model, new("bob", []), labelled, old, "shop"));
        labelled["rules"]!.AsArray().Add(JsonNode.Parse("{\"verbs\":[\"get\"],\"nonResourceURLs\":[\"/x\"]}"));
        Assert.NotNull(RbacEscalation.CheckRole(s_model, new("bob", []), labelled, old, "shop"));
    }

    [Theory]
    [InlineData("root", true)]
    [InlineData("almost", true)] // every verb on every resource is "escalate" too
    [InlineData("most", false)]
    [InlineData("bob", false)]
    public void CheckRole_Aggregation_NeedsEverything(string user, bool allowed)
    {
        var role = Role("new", "");
        role["aggregationRule"] = new JsonObject { ["clusterRoleSelectors"] = new JsonArray(new JsonObject()) };
        Assert.Equal(allowed, RbacEscalation.CheckRole(s_model, new(user, []), role, null, "") is null);
    }

    [Theory]
    [InlineData("bob", "Role", "mine", null)]
    [InlineData("bob", "Role", "narrow", null)]
    [InlineData("bob", "ClusterRole", "all", 403)]
    [InlineData("bob", "Role", "none", 404)]
    [InlineData("ben", "ClusterRole", "all", null)]
    [InlineData("ben", "ClusterRole", "all-but-urls", 403)]
    [InlineData("eve", "Role", "mine", 403)]
    [InlineData("root", "ClusterRole", "all", null)]
    public void CheckBinding_Role_OnlyWhatTheUserHasOrMayBind(string user, string kind, string role, int? code) =>
        Assert.Equal(code, RbacEscalation.CheckBinding(s_model, new(user, []), Binding("x", "shop", kind, role, "User:eve"), "shop")?.Code);

    [Fact]
    public void CheckBinding_ClusterWide_OfRightsHeldInOneNamespace_IsRefused() =>
        Assert.NotNull(RbacEscalation.CheckBinding(s_model, new("ben", []), Binding("x", "", "ClusterRole", "all", "User:ben"), ""));

    [Fact]
    public void CheckRole_AMillionGrains_IsRefusedInBoundedTime()
    {
        var many = string.Join(',', Enumerable.Range(0, 2000).Select(i => "n" + i));
        Assert.NotNull(RbacEscalation.CheckRole(s_model, new("bob", []), Role("new", "shop", $"{many}|{many}|{many}|{many}"), null, "shop"));
        Assert.Null(RbacEscalation.CheckRole(s_model, new("root", []), Role("new", "shop", $"{many}|{many}|{many}|{many}"), null, "shop"));
        var more = string.Join(',', Enumerable.Range(0, 60_000).Select(i => "/" + i)); // its square is more than an int holds
        Assert.NotNull(RbacEscalation.CheckRole(s_model, new("bob", []), Role("new", "shop", $"{more}|{more}"), null, "shop"));
    }

    [Fact]
    public void CheckRole_HugeRoleAgainstHugeRights_IsRefusedInBoundedTime()
    {
        var many = string.Join(',', Enumerable.Range(0, 50_000).Select(i => "n" + i));
        var model = Compile(roles: [Role("big", "shop", $"get|core|pods|{many}")], bindings: [Binding("b", "shop", "Role", "big", "User:bob")]);
        Assert.NotNull(RbacEscalation.CheckRole(model, new("bob", []), Role("new", "shop", $"get|core|pods|{many}"), null, "shop"));
        Assert.Null(RbacEscalation.CheckRole(model, new("bob", []), Role("new", "shop", "get|core|pods|n7"), null, "shop"));
    }
}
