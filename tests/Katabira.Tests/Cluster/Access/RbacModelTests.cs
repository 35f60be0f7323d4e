using Katabira.Cluster.Access;
using Katabira.Cluster.Api;
using Xunit;
using static Katabira.Tests.Cluster.Access.RbacObjects;

namespace Katabira.Tests.Cluster.Access;

public sealed class RbacModelTests
{
    private static readonly UserInfo s_bob = new("bob", ["dev", UserInfo.Authenticated]);

    private static readonly RbacModel s_model = Compile(
        roles: [Role("reader", "shop", "get,list|core|pods,pods/log", "get|/x")],
        clusterRoles:
        [
            Role("one", "", "get,watch,list,update|core|configmaps|one,two"),
            Role("scaler", "", "*|*|*/scale"),
            Role("urls", "", "get|/metrics,/debug/*"),
            Role("nodes", "", "get|core|nodes"),
        ],
        bindings:
        [
            Binding("b", "shop", "Role", "reader", "User:bob"),
            Binding("c", "shop", "ClusterRole", "one", "Group:dev"),
            Binding("d", "other", "ClusterRole", "gone", "User:bob"),
            Binding("e", "shop", "ClusterRole", "urls", "User:eve"),
            Binding("f", "shop", "Role", "reader", "ServiceAccount:cart", "ServiceAccount:tools/ci"),
        ],
        clusterBindings:
        [
            Binding("s", "", "ClusterRole", "scaler", "Group:system:authenticated"),
            Binding("u", "", "ClusterRole", "urls", "User:bob"),
            Binding("w", "", "ClusterRole", "nodes", "User:*", "Group:*"),
            Binding("r", "", "Role", "reader", "User:bob"),
        ]);

    [Theory]
    [InlineData("GET", "/api/v1/namespaces/shop/pods/x", true)]
    [InlineData("GET", "/api/v1/namespaces/shop/pods", true)]
    [InlineData("HEAD", "/api/v1/namespaces/shop/pods", true)]
    [InlineData("GET", "/api/v1/namespaces/shop/pods?watch", false)]
    [InlineData("GET", "/api/v1/namespaces/shop/pods/x/log", true)]
    [InlineData("GET", "/api/v1/namespaces/shop/pods/x/exec", false)]
    [InlineData("POST", "/api/v1/namespaces/shop/pods/x/log", false)]
    [InlineData("GET", "/api/v1/pods", false)]
    [InlineData("GET", "/api/v1/namespaces/other/pods/x", false)]
    [InlineData("GET", "/apis/metrics.k8s.io/v1/namespaces/shop/pods/x", false)]
    [InlineData("DELETE", "/api/v1/namespaces/shop/pods/x", false)]
    [InlineData("BREW", "/api/v1/namespaces/shop/pods/x", false)]
    [InlineData("GET", "/api/v1/namespaces/shop/configmaps/one", true)]
    [InlineData("GET", "/api/v1/namespaces/shop/configmaps/three", false)]
    [InlineData("GET", "/api/v1/namespaces/shop/configmaps", false)]
    [InlineData("GET", "/api/v1/namespaces/shop/configmaps?metadata.name=two", true)]
    [InlineData("GET", "/api/v1/namespaces/shop/configmaps?metadata.name==two", true)]
    [InlineData("GET", "/api/v1/namespaces/shop/configmaps?metadata.name!=three", false)]
    [InlineData("GET", "/api/v1/namespaces/shop/configmaps?metadata.name=three", false)]
    [InlineData("PUT", "/api/v1/namespaces/shop/configmaps/two", true)]
    [InlineData("POST", "/api/v1/namespaces/shop/configmaps", false)]
    [InlineData("DELETE", "/api/v1/namespaces/shop/configmaps?metadata.name=two", false)]
    [InlineData("PATCH", "/apis/apps/v1/namespaces/x/deployments/y/scale", true)]
    [InlineData("PATCH", "/apis/apps/v1/namespaces/x/deployments/y/status", false)]
    [InlineData("PATCH", "/apis/apps/v1/namespaces/x/deployments/y", false)]
    [InlineData("GET", "/api/v1/nodes/n", false)]
    public void Authorize_Request_AsBound(string method, string url, bool allowed)
    {
        var parts = url.Split('?');
        Assert.True(RequestTarget.TryParse(parts[0], out var target));
        var query = parts.ElementAtOrDefault(1) ?? "";
        Assert.Equal(allowed, s_model.Authorize(s_bob, AccessRequest.ForResource(method, target, query == "watch", query)).Allowed);
    }

    [Theory]
    [InlineData("bob", "/metrics", true)]
    [InlineData("bob", "/metrics/", false)]
    [InlineData("bob", "/debug/pprof", true)]
    [InlineData("bob", "/debug", false)]
    [InlineData("bob", "/x", false)]
    [InlineData("eve", "/metrics", false)]
    public void Authorize_Path_OnlyByClusterWideBinding(string user, string path, bool allowed) =>
        Assert.Equal(allowed, s_model.Authorize(new(user, []), AccessRequest.ForPath("GET", path)).Allowed);

    [Theory]
    [InlineData("bob", "RBAC: allowed by RoleBinding \"b/shop\" of Role \"reader\" to User \"bob\"")]
    [InlineData("system:serviceaccount:shop:cart", "RBAC: allowed by RoleBinding \"f/shop\" of Role \"reader\" to ServiceAccount \"cart/shop\"")]
    [InlineData("system:serviceaccount:tools:ci", "RBAC: allowed by RoleBinding \"f/shop\" of Role \"reader\" to ServiceAccount \"ci/tools\"")]
    [InlineData("system:serviceaccount:other:cart", "")]
    [InlineData("*", "")]
    public void Authorize_Allowed_SaysWhichBinding(string user, string reason) => Assert.Equal(
        reason, s_model.Authorize(new(user, []), new AccessRequest("get") { Plural = "pods", Namespace = "shop", Name = "x" }).Reason);

    [Fact]
    public void Authorize_GroupOfTheNameOfAUser_IsAnotherSubject() =>
        Assert.False(s_model.Authorize(new("eve", ["bob"]), new AccessRequest("get") { Plural = "pods", Namespace = "shop" }).Allowed);

    [Fact]
    public void Authorize_Masters_WithoutAnyRole() =>
        Assert.True(Compile().Authorize(new("root", [UserInfo.Masters]), new AccessRequest("delete") { Plural = "nodes", Name = "n" }).Allowed);

    [Fact]
    public void Authorize_BoundRoleMissing_IsSaidInTheRefusal()
    {
        var request = new AccessRequest("get") { Plural = "pods", Namespace = "other", Name = "x" };
        var decision = s_model.Authorize(s_bob, request);
        Assert.False(decision.Allowed);
        Assert.Equal("pods \"x\" is forbidden: User \"bob\" cannot get resource \"pods\" in API group \"\" in the namespace \"other\": "
            + "RBAC: clusterrole.rbac.authorization.k8s.io \"gone\" not found", request.Refuse(s_bob, decision.Reason).Message);
    }

    [Theory]
    [InlineData("POST", "/api/v1/namespaces/x/pods", "pods is forbidden: User \"bob\" cannot create resource \"pods\" in API group \"\" in the namespace \"x\"")]
    [InlineData("GET", "/apis/apps/v1/deployments", "deployments.apps is forbidden: User \"bob\" cannot list resource \"deployments\" in API group \"apps\" at the cluster scope")]
    [InlineData("GET", "/api/v1/namespaces/x/pods/p/exec", "pods \"p\" is forbidden: User \"bob\" cannot get resource \"pods/exec\" in API group \"\" in the namespace \"x\"")]
    [InlineData("POST", "/api/v1/namespaces/x/pods/p/exec", "pods \"p\" is forbidden: User \"bob\" cannot create resource \"pods/exec\" in API group \"\" in the namespace \"x\"")]
    [InlineData("DELETE", "/api/v1/namespaces/x", "namespaces \"x\" is forbidden: User \"bob\" cannot delete resource \"namespaces\" in API group \"\" in the namespace \"x\"")]
    [InlineData("DELETE", "/api/v1/namespaces/x/pods", "pods is forbidden: User \"bob\" cannot deletecollection resource \"pods\" in API group \"\" in the namespace \"x\"")]
    [InlineData("GET", "/api/v1/namespaces/x/services/s/proxy/a", "services \"s\" is forbidden: User \"bob\" cannot get resource \"services/proxy\" in API group \"\" in the namespace \"x\"")]
    public void Refuse_Resource_HasKubernetesWords(string method, string path, string message)
    {
        Assert.True(RequestTarget.TryParse(path, out var target));
        var failure = AccessRequest.ForResource(method, target, watch: false, fieldSelector: null).Refuse(s_bob);
        Assert.Equal((403, "Forbidden", message), (failure.Code, failure.Reason, failure.Message));
    }

    [Fact]
    public void Refuse_PathAndHostileName_AreQuoted() => Assert.Equal(
        "forbidden: User \"a\\\"\\n\\x1b\" cannot get path \"/x\"", AccessRequest.ForPath("GET", "/x").Refuse(new("a\"\n\u001b", [])).Message);

    [Fact]
    public void Build_OddObjects_GrantNothing()
    {
        var binding = Binding("x", "", "ClusterRole", "one", "User:bob");
        binding["subjects"] = new System.Text.Json.Nodes.JsonArray(1, "User", null, new System.Text.Json.Nodes.JsonObject { ["kind"] = "User" });
        var model = Compile(clusterRoles: [Role("one", "", "*|*|*"), []], bindings: [[]], clusterBindings: [binding, []]);
        Assert.False(model.Authorize(new("", []), new AccessRequest("get") { Plural = "pods" }).Allowed);
    }
}
