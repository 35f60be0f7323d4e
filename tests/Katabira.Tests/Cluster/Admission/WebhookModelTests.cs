using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Admission;
using Katabira.Tests.Cluster.Access;
using Xunit;

namespace Katabira.Tests.Cluster.Admission;

public sealed class WebhookModelTests
{
    [Theory]
    [InlineData("CREATE", "", "v1", "pods", "Namespaced", "CREATE", "/v1/pods", "shop", true)]
    [InlineData("CREATE", "", "v1", "pods", "Cluster", "CREATE", "/v1/pods", "shop", false)]
    [InlineData("*", "*", "*", "*", "*", "DELETE", "apps/v1/deployments", "shop", true)]
    [InlineData("*", "*", "*", "*", "*", "UPDATE", "apps/v1/deployments/scale", "shop", false)]
    [InlineData("*", "*", "*", "*/*", "", "UPDATE", "apps/v1/deployments/scale", "shop", true)]
    [InlineData("*", "*", "*", "*/scale", "", "UPDATE", "apps/v1/deployments/scale", "shop", true)]
    [InlineData("*", "*", "*", "*/scale", "", "UPDATE", "apps/v1/deployments", "shop", false)]
    [InlineData("*", "*", "*", "pods/*", "", "CONNECT", "/v1/pods/exec", "shop", true)]
    [InlineData("*", "*", "*", "pods/*", "", "CREATE", "/v1/pods", "shop", true)]
    [InlineData("*", "*", "*", "pods", "", "CREATE", "/v1/pods/eviction", "shop", false)]
    [InlineData("UPDATE", "*", "*", "*", "", "CREATE", "/v1/pods", "shop", false)]
    [InlineData("*", "apps", "*", "*", "", "CREATE", "/v1/pods", "shop", false)]
    [InlineData("*", "*", "v2", "*", "", "CREATE", "/v1/pods", "shop", false)]
    [InlineData("*", "*", "*", "namespaces", "Cluster", "CREATE", "/v1/namespaces", "shop", true)]
    [InlineData("*", "*", "*", "namespaces", "Namespaced", "CREATE", "/v1/namespaces", "shop", false)]
    [InlineData("*", "*", "*", "nodes", "Cluster", "CREATE", "/v1/nodes", "", true)]
    [InlineData("*", "*", "*", "*/*", "", "DELETE", "admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", "", false)]
    [InlineData("*", "*", "*", "*/*", "", "CREATE", "admissionregistration.k8s.io/v1/validatingwebhookconfigurations", "", false)]
    public void Matching_Rule_AsUpstream(string operations, string group, string version, string resource, string scope,
        string operation, string target, string ns, bool matches)
    {
        var rule = new JsonObject
        {
            ["operations"] = new JsonArray(operations),
            ["apiGroups"] = new JsonArray(group),
            ["apiVersions"] = new JsonArray(version),
            ["resources"] = new JsonArray(resource),
            ["scope"] = scope,
        };
        var parts = target.Split('/');
        var request = new AdmissionRequest(operation, UserInfo.Anonymous)
        {
            Group = parts[0],
            Version = parts[1],
            Kind = "X",
            Plural = parts[2],
            Subresource = parts.ElementAtOrDefault(3) ?? "",
            Namespace = ns,
        };
        Assert.Equal(matches, Matches(new JsonObject { ["rules"] = new JsonArray(rule) }, request));
    }

    [Theory]
    [InlineData("yes", "yes", null, true)]
    [InlineData("yes", null, "yes", true)]
    [InlineData("yes", "no", "no", false)]
    [InlineData("no", "yes", "yes", false)]
    [InlineData(null, "yes", null, true)]
    public void Matching_Selectors_NamespaceAndEitherObject(string? ns, string? now, string? before, bool matches)
    {
        var webhook = Everything();
        webhook["namespaceSelector"] = JsonNode.Parse("""{"matchLabels":{"in":"yes"}}""");
        webhook["objectSelector"] = JsonNode.Parse("""{"matchLabels":{"in":"yes"}}""");
        var request = new AdmissionRequest("UPDATE", UserInfo.Anonymous)
        {
            Group = "",
            Version = "v1",
            Kind = "Pod",
            Plural = "pods",
            Namespace = ns is null ? "" : "shop",
            Object = Labelled(now),
            OldObject = Labelled(before),
            NamespaceLabels = ns is null ? null : new Dictionary<string, string> { ["in"] = ns },
        };
        Assert.Equal(matches, Matches(webhook, request));
    }

    [Theory]
    [InlineData("yes", true)]
    [InlineData("no", false)]
    public void Matching_NamespaceItself_IsJudgedByItsOwnLabels(string label, bool matches)
    {
        var webhook = Everything();
        webhook["namespaceSelector"] = JsonNode.Parse("""{"matchLabels":{"in":"yes"}}""");
        var request = new AdmissionRequest("CREATE", UserInfo.Anonymous)
        {
            Group = "",
            Version = "v1",
            Kind = "Namespace",
            Plural = "namespaces",
            Object = Labelled(label),
        };
        Assert.Equal(matches, Matches(webhook, request));
    }

    [Theory]
    [InlineData("""{"clientConfig":{"url":"http://a.example/x"}}""", "no https address")]
    [InlineData("""{"clientConfig":{"url":"https://a:b@a.example/x"}}""", "no https address")]
    [InlineData("""{"clientConfig":{"url":"file:///etc/passwd"}}""", "no https address")]
    [InlineData("""{"clientConfig":{}}""", "no https address")]
    [InlineData("""{}""", "no https address")]
    [InlineData("""{"clientConfig":{"service":{"namespace":"a/b","name":"x"}}}""", "no https address")]
    [InlineData("""{"clientConfig":{"service":{"namespace":"a","name":"x","port":70000}}}""", "no https address")]
    [InlineData("""{"clientConfig":{"url":"https://a.example/x","caBundle":"!"}}""", "unable to load root certificates")]
    [InlineData("""{"clientConfig":{"url":"https://a.example/x","caBundle":"eHh4"}}""", "unable to load root certificates")]
    [InlineData("""{"clientConfig":{"url":"https://a.example/x"},"admissionReviewVersions":["v1beta1"]}""", "does not accept known AdmissionReview versions")]
    [InlineData("""{"clientConfig":{"url":"https://a.example/x"},"matchConditions":[{}]}""", "matchConditions")]
    public void From_Unusable_SaysWhy(string json, string why) =>
        Assert.Contains(why, Webhook.From(JsonNode.Parse(json)!.AsObject()).Unusable, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"clientConfig":{"url":"https://a.example:8443/x?y=1"}}""", "https://a.example:8443/x?y=1&timeout=10s")]
    [InlineData("""{"clientConfig":{"service":{"namespace":"a","name":"x"}},"timeoutSeconds":99}""", "https://x.a.svc:443/?timeout=30s")]
    [InlineData("""{"clientConfig":{"service":{"namespace":"a","name":"x","port":9443,"path":"/p"}},"timeoutSeconds":0}""", "https://x.a.svc:9443/p?timeout=1s")]
    public void CallUrl_IsAsInMessages(string json, string url) => Assert.Equal(url, Webhook.From(JsonNode.Parse(json)!.AsObject()).CallUrl);

    [Fact]
    public void Build_Order_IsByConfigurationThenAsWritten()
    {
        JsonObject Configuration(string name, params string[] webhooks) => new()
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["webhooks"] = new JsonArray([.. webhooks.Select(w => (JsonNode)new JsonObject { ["name"] = w })]),
        };
        var model = WebhookModel.Build([Configuration("b", "1"), Configuration("a", "3", "2"), new JsonObject { ["webhooks"] = 7 }], []);
        Assert.Equal(["3", "2", "1"], model.Mutating.Select(w => w.Name));
        Assert.Empty(model.Validating);
    }

    private static JsonObject Everything() => JsonNode.Parse(
        """{"rules":[{"operations":["*"],"apiGroups":["*"],"apiVersions":["*"],"resources":["*"]}]}""")!.AsObject();

    private static JsonObject? Labelled(string? value) =>
        value is null ? null : new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["in"] = value } } };

    private static bool Matches(JsonObject webhook, AdmissionRequest request) =>
        WebhookModel.Matching([Webhook.From(webhook)], request, RbacObjects.MatchLabels).Any();
}
