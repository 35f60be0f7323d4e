using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Xunit;
using static Katabira.Tests.Cluster.Access.RbacObjects;

namespace Katabira.Tests.Cluster.Access;

public sealed class AccessReviewsTests
{
    private static readonly UserInfo s_bob = new("bob", ["dev"]);

    private static readonly RbacModel s_model = Compile(
        roles: [Role("reader", "shop", "get|core|pods")],
        clusterRoles: [Role("urls", "", "get|/metrics")],
        bindings: [Binding("b", "shop", "Role", "reader", "User:bob")],
        clusterBindings: [Binding("u", "", "ClusterRole", "urls", "Group:dev")]);

    [Theory]
    [InlineData("{\"resourceAttributes\":{\"verb\":\"get\",\"resource\":\"pods\",\"namespace\":\"shop\"}}", true)]
    [InlineData("{\"resourceAttributes\":{\"verb\":\"get\",\"resource\":\"pods\"}}", false)]
    [InlineData("{\"resourceAttributes\":{\"verb\":\"*\",\"resource\":\"*\",\"group\":\"*\"}}", false)]
    [InlineData("{\"nonResourceAttributes\":{\"verb\":\"get\",\"path\":\"/metrics\"}}", true)]
    [InlineData("{\"nonResourceAttributes\":{\"verb\":\"get\",\"path\":\"/x\"}}", false)]
    public void Self_Question_IsAnswered(string spec, bool allowed)
    {
        var answer = AccessReviews.Self(Request(spec), s_model, s_bob).Answer!;
        Assert.Equal(allowed, (bool)answer["status"]!["allowed"]!);
        Assert.Equal(allowed, answer["status"]!["reason"] is not null);
        Assert.Equal(("SelfSubjectAccessReview", "authorization.k8s.io/v1"), ((string?)answer["kind"], (string?)answer["apiVersion"]));
        Assert.NotNull(answer["spec"]!.AsObject().First().Value);
    }

    [Theory]
    [InlineData("{}", "spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified")]
    [InlineData("{\"resourceAttributes\":{},\"nonResourceAttributes\":{}}", "spec.nonResourceAttributes: Invalid value: {}: cannot be specified in combination with resourceAttributes")]
    public void Self_Malformed_IsInvalid(string spec, string message) => Assert.Equal(
        $"SelfSubjectAccessReview.authorization.k8s.io \"\" is invalid: {message}", AccessReviews.Self(Request(spec), s_model, s_bob).Failure!.Message);

    [Fact]
    public void Subject_OtherUserAndGroups_AreAskedAbout()
    {
        const string Pods = "\"resourceAttributes\":{\"verb\":\"get\",\"resource\":\"pods\",\"namespace\":\"shop\"}";
        bool Allowed(string who) => (bool)AccessReviews.Subject(Request($"{{{who}{Pods}}}"), s_model).Answer!["status"]!["allowed"]!;
        Assert.True(Allowed("\"user\":\"bob\","));
        Assert.False(Allowed("\"user\":\"eve\","));
        Assert.False(Allowed("\"groups\":[\"dev\"],"));
        Assert.True(Allowed("\"groups\":[\"system:masters\"],"));
        Assert.Equal(422, AccessReviews.Subject(Request($"{{{Pods}}}"), s_model).Failure!.Code);
    }

    [Fact]
    public void Local_AnotherNamespace_IsInvalid()
    {
        var request = Request("{\"user\":\"bob\",\"resourceAttributes\":{\"verb\":\"get\",\"resource\":\"pods\",\"namespace\":\"shop\"}}");
        Assert.True((bool)AccessReviews.Local(request, "shop", s_model).Answer!["status"]!["allowed"]!);
        Assert.Equal(422, AccessReviews.Local(request, "other", s_model).Failure!.Code);
    }

    [Fact]
    public void SelfRules_Namespace_ListsWhatHoldsThere()
    {
        var status = AccessReviews.SelfRules(Request("{\"namespace\":\"shop\"}"), s_model, s_bob).Answer!["status"]!;
        Assert.Equal("""[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]""", status["resourceRules"]!.ToJsonString());
        Assert.Equal("""[{"verbs":["get"],"nonResourceURLs":["/metrics"]}]""", status["nonResourceRules"]!.ToJsonString());
        Assert.False((bool)status["incomplete"]!);
        Assert.Empty(AccessReviews.SelfRules(Request("{\"namespace\":\"other\"}"), s_model, s_bob).Answer!["status"]!["resourceRules"]!.AsArray());
        Assert.Equal("no namespace on request", AccessReviews.SelfRules(Request("{}"), s_model, s_bob).Failure!.Message);
    }

    private static JsonObject Request(string spec) => new() { ["spec"] = JsonNode.Parse(spec) };
}
