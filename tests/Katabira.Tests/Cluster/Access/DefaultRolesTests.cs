using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Xunit;
using static Katabira.Tests.Cluster.Access.RbacObjects;

namespace Katabira.Tests.Cluster.Access;

public sealed class DefaultRolesTests
{
    private static readonly RbacModel s_model = Compile(
        clusterRoles: [.. DefaultRoles.Roles(), Extension()],
        bindings:
        [
            Binding("v", "shop", "ClusterRole", "view", "User:viewer"),
            Binding("e", "shop", "ClusterRole", "edit", "User:editor"),
            Binding("a", "shop", "ClusterRole", "admin", "User:owner"),
        ],
        clusterBindings: [.. DefaultRoles.Bindings()]);

    [Theory]
    [InlineData("viewer", "get", "", "pods", true)]
    [InlineData("viewer", "get", "", "secrets", false)]
    [InlineData("viewer", "create", "", "pods", false)]
    [InlineData("viewer", "list", "mesh.example", "routes", true)]
    [InlineData("editor", "list", "mesh.example", "routes", true)]
    [InlineData("owner", "list", "mesh.example", "routes", true)]
    [InlineData("editor", "get", "", "secrets", true)]
    [InlineData("editor", "deletecollection", "apps", "deployments", true)]
    [InlineData("editor", "create", "rbac.authorization.k8s.io", "rolebindings", false)]
    [InlineData("owner", "create", "rbac.authorization.k8s.io", "rolebindings", true)]
    [InlineData("owner", "update", "", "resourcequotas", false)]
    [InlineData("owner", "bind", "rbac.authorization.k8s.io", "roles", false)]
    public void Authorize_DefaultRole_Aggregates(string user, string verb, string group, string plural, bool allowed) => Assert.Equal(
        allowed, s_model.Authorize(new(user, []), new AccessRequest(verb) { Group = group, Plural = plural, Namespace = "shop" }).Allowed);

    [Theory]
    [InlineData("/healthz", true, true)]
    [InlineData("/version", true, true)]
    [InlineData("/api", false, true)]
    [InlineData("/apis/apps/v1", false, true)]
    [InlineData("/openapi/v3", false, true)]
    [InlineData("/openid/v1/jwks", false, false)]
    [InlineData("/metrics", false, false)]
    public void Authorize_Paths_OfAnonymousAndAnybody(string path, bool anonymous, bool authenticated)
    {
        Assert.Equal(anonymous, s_model.Authorize(UserInfo.Anonymous, AccessRequest.ForPath("GET", path)).Allowed);
        Assert.Equal(authenticated, s_model.Authorize(new("bob", [UserInfo.Authenticated]), AccessRequest.ForPath("GET", path)).Allowed);
    }

    [Fact]
    public void Authorize_BasicUser_MayAskAboutItself()
    {
        var request = new AccessRequest("create") { Group = "authorization.k8s.io", Plural = "selfsubjectaccessreviews" };
        Assert.True(s_model.Authorize(new("bob", [UserInfo.Authenticated]), request).Allowed);
        Assert.False(s_model.Authorize(UserInfo.Anonymous, request).Allowed);
    }

    [Theory]
    [InlineData("admin")]
    [InlineData("edit")]
    [InlineData("view")]
    public void Roles_Aggregated_WriteTheRulesThatTheyResolveTo(string name)
    {
        var roles = DefaultRoles.Roles();
        var role = roles.Single(r => (string?)r["metadata"]!["name"] == name);
        Assert.Equal(
            PolicyRule.All(role).Select(r => r.ToString()).Order(StringComparer.Ordinal),
            RoleSet.Aggregate(role, roles, MatchLabels).Select(r => r.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Aggregate_RulesInTheObjectAndCircles_AreIgnored()
    {
        JsonObject Circle(string name, string of)
        {
            var role = Role(name, "", "*|*|*");
            role["metadata"]!["labels"] = new JsonObject { ["in"] = name };
            role["aggregationRule"] = new JsonObject { ["clusterRoleSelectors"] = new JsonArray(new JsonObject { ["matchLabels"] = new JsonObject { ["in"] = of } }) };
            return role;
        }
        JsonObject[] roles = [Circle("a", "b"), Circle("b", "a")];
        Assert.Empty(RoleSet.Aggregate(roles[0], roles, MatchLabels));
    }

    private static JsonObject Extension()
    {
        var role = Role("mesh-view", "", "get,list|mesh.example|routes");
        role["metadata"]!["labels"] = new JsonObject { ["rbac.authorization.k8s.io/aggregate-to-view"] = "true" };
        return role;
    }
}
