using Xunit;

namespace Katabira.Tests.Authorization;

/// <summary>What one rule matches. The rule stands in an ALLOW policy of namespace demo unless a row says otherwise.</summary>
public class MatchingTests
{
    [Theory]
    // exact
    [InlineData("""{"principals": ["cluster.local/ns/demo/sa/frontend"]}""", "demo/frontend", true)]
    [InlineData("""{"principals": ["cluster.local/ns/demo/sa/frontend"]}""", "demo/frontend2", false)]
    [InlineData("""{"principals": ["cluster.local/ns/demo/sa/frontend"]}""", "other.example/ns/demo/sa/frontend", false)]
    [InlineData("""{"principals": ["Cluster.local/ns/demo/sa/frontend"]}""", "demo/frontend", false)]
    [InlineData("""{"principals": ["x", "cluster.local/ns/demo/sa/frontend"]}""", "demo/frontend", true)]
    // a principal is written without the scheme
    [InlineData("""{"principals": ["spiffe://cluster.local/ns/demo/sa/frontend"]}""", "demo/frontend", false)]
    // prefix, suffix, presence
    [InlineData("""{"principals": ["cluster.local/ns/demo/*"]}""", "demo/frontend", true)]
    [InlineData("""{"principals": ["cluster.local/ns/demo/*"]}""", "demo2/frontend", false)]
    [InlineData("""{"principals": ["*/sa/frontend"]}""", "other.example/ns/x/sa/frontend", true)]
    [InlineData("""{"principals": ["*/sa/frontend"]}""", "demo/my-frontend", false)]
    [InlineData("""{"principals": ["*"]}""", "other.example/ns/x/sa/y", true)]
    // a star elsewhere is a star
    [InlineData("""{"principals": ["cluster.local/ns/*/sa/frontend"]}""", "demo/frontend", false)]
    [InlineData("""{"principals": ["*/ns/*"]}""", "demo/frontend", false)]
    // negated
    [InlineData("""{"notPrincipals": ["cluster.local/ns/demo/sa/frontend"]}""", "demo/frontend", false)]
    [InlineData("""{"notPrincipals": ["cluster.local/ns/demo/sa/frontend"]}""", "demo/cart", true)]
    [InlineData("""{"notPrincipals": ["a", "*/frontend"]}""", "demo/frontend", false)]
    [InlineData("""{"principals": ["*"], "notPrincipals": ["*/frontend"]}""", "demo/cart", true)]
    [InlineData("""{"principals": ["*"], "notPrincipals": ["*/frontend"]}""", "demo/frontend", false)]
    public void Principals(string source, string peer, bool matches) => AssertMatches(Source(source), peer, matches);

    [Theory]
    [InlineData("""{"namespaces": ["demo"]}""", "demo/frontend", true)]
    [InlineData("""{"namespaces": ["demo"]}""", "demo2/frontend", false)]
    [InlineData("""{"namespaces": ["demo"]}""", "other.example/ns/demo/sa/frontend", true)]
    [InlineData("""{"namespaces": ["*"]}""", "demo/frontend", true)]
    [InlineData("""{"namespaces": ["team-*-prod"]}""", "team-a-prod/x", true)]
    [InlineData("""{"namespaces": ["team-*-prod"]}""", "team-prod/x", false)]
    [InlineData("""{"namespaces": ["*-a*-prod"]}""", "team-abc-prod/x", true)]
    [InlineData("""{"namespaces": ["*-a*-prod"]}""", "team-abc-prod-2/x", false)]
    [InlineData("""{"namespaces": ["demo*"]}""", "demo/x", true)]
    // dots and the like are plain text
    [InlineData("""{"namespaces": ["d.mo*"]}""", "demo/x", false)]
    [InlineData("""{"notNamespaces": ["demo", "test-*"]}""", "test-1/x", false)]
    [InlineData("""{"notNamespaces": ["demo", "test-*"]}""", "prod/x", true)]
    public void Namespaces(string source, string peer, bool matches) => AssertMatches(Source(source), peer, matches);

    [Theory]
    [InlineData("""{"serviceAccounts": ["demo/frontend"]}""", "demo/frontend", true)]
    [InlineData("""{"serviceAccounts": ["demo/frontend"]}""", "other/frontend", false)]
    [InlineData("""{"serviceAccounts": ["demo/frontend"]}""", "demo/frontend2", false)]
    [InlineData("""{"serviceAccounts": ["demo/frontend"]}""", "other.example/ns/demo/sa/frontend", true)]
    // without a namespace, the policy's own
    [InlineData("""{"serviceAccounts": ["x", "frontend"]}""", "demo/frontend", true)]
    [InlineData("""{"serviceAccounts": ["frontend"]}""", "other/frontend", false)]
    [InlineData("""{"notServiceAccounts": ["frontend"]}""", "demo/frontend", false)]
    [InlineData("""{"notServiceAccounts": ["frontend"]}""", "other/frontend", true)]
    [InlineData("""{"trustDomains": ["cluster.local"]}""", "demo/x", true)]
    [InlineData("""{"trustDomains": ["other.*"]}""", "other.example/ns/demo/sa/x", true)]
    [InlineData("""{"trustDomains": ["*.example"]}""", "other.example/ns/demo/sa/x", true)]
    [InlineData("""{"trustDomains": ["*.example"]}""", "demo/x", false)]
    [InlineData("""{"notTrustDomains": ["cluster.local"]}""", "demo/x", false)]
    [InlineData("""{"notTrustDomains": ["cluster.local"]}""", "other.example/ns/demo/sa/x", true)]
    public void ServiceAccountsAndTrustDomains(string source, string peer, bool matches) => AssertMatches(Source(source), peer, matches);

    [Theory]
    [InlineData("""{"ipBlocks": ["10.1.0.0/16"]}""", "- 10.1.2.3", true)]
    [InlineData("""{"ipBlocks": ["10.1.0.0/16"]}""", "- 10.2.2.3", false)]
    [InlineData("""{"ipBlocks": ["10.2.2.3", "10.1.0.0/16"]}""", "- 10.2.2.3", true)]
    [InlineData("""{"ipBlocks": ["fd00::/8"]}""", "- fd00::1", true)]
    [InlineData("""{"ipBlocks": ["fd00::/8"]}""", "- fe80::1", false)]
    [InlineData("""{"ipBlocks": ["10.1.0.0/16"]}""", "- ::ffff:10.1.2.3", true)]
    [InlineData("""{"ipBlocks": ["::ffff:10.1.0.0/112"]}""", "- 10.1.2.3", true)]
    [InlineData("""{"ipBlocks": ["::/0"]}""", "- 10.1.2.3", false)]
    [InlineData("""{"notIpBlocks": ["10.1.0.0/16"]}""", "- 10.1.2.3", false)]
    [InlineData("""{"notIpBlocks": ["10.1.0.0/16"]}""", "- 10.2.2.3", true)]
    // the client behind a gateway, or whoever connects
    [InlineData("""{"remoteIpBlocks": ["203.0.113.0/24"]}""", "- 10.1.2.3 remote=203.0.113.9", true)]
    [InlineData("""{"ipBlocks": ["203.0.113.0/24"]}""", "- 10.1.2.3 remote=203.0.113.9", false)]
    [InlineData("""{"remoteIpBlocks": ["203.0.113.0/24"]}""", "- 203.0.113.9", true)]
    [InlineData("""{"notRemoteIpBlocks": ["203.0.113.0/24"]}""", "- 10.1.2.3 remote=203.0.113.9", false)]
    [InlineData("""{"notRemoteIpBlocks": ["203.0.113.0/24"]}""", "- 10.1.2.3", true)]
    public void Addresses(string source, string request, bool matches) => AssertMatches(Source(source), request, matches);

    [Theory]
    [InlineData("""{"ports": ["8080"]}""", "- 10.0.0.1 10.0.0.2:8080", true)]
    [InlineData("""{"ports": ["80", "443"]}""", "- 10.0.0.1 10.0.0.2:8080", false)]
    [InlineData("""{"notPorts": ["8080"]}""", "- 10.0.0.1 10.0.0.2:8080", false)]
    [InlineData("""{"notPorts": ["80"]}""", "- 10.0.0.1 10.0.0.2:8080", true)]
    [InlineData("""{"ports": ["8080"], "notPorts": ["8080"]}""", "- 10.0.0.1 10.0.0.2:8080", false)]
    public void Ports(string operation, string request, bool matches) =>
        AssertMatches($$"""{"to": [{"operation": {{operation}} }]}""", request, matches);

    [Theory]
    [InlineData("source.ip", "10.1.0.0/16", "- 10.1.2.3", true)]
    [InlineData("source.ip", "10.1.0.0/16", "- 10.2.2.3", false)]
    [InlineData("remote.ip", "203.0.113.9", "- 10.2.2.3 remote=203.0.113.9", true)]
    [InlineData("remote.ip", "203.0.113.9", "- 10.2.2.3 remote=203.0.113.8", false)]
    [InlineData("source.namespace", "d*o", "demo/x", true)]
    [InlineData("source.namespace", "d*o", "prod/x", false)]
    [InlineData("source.principal", "*/sa/x", "demo/x", true)]
    [InlineData("source.principal", "*/sa/x", "demo/y", false)]
    [InlineData("source.serviceAccount", "x", "demo/x", true)]
    [InlineData("source.serviceAccount", "x", "prod/x", false)]
    [InlineData("source.trustDomain", "cluster.*", "demo/x", true)]
    [InlineData("source.trustDomain", "cluster.*", "other.example/ns/demo/sa/x", false)]
    [InlineData("destination.ip", "10.9.0.0/16", "- 10.0.0.1 10.9.9.9:80", true)]
    [InlineData("destination.ip", "10.9.0.0/16", "- 10.0.0.1 10.8.9.9:80", false)]
    [InlineData("destination.port", "80", "- 10.0.0.1 10.9.9.9:80", true)]
    [InlineData("destination.port", "80", "- 10.0.0.1 10.9.9.9:81", false)]
    [InlineData("connection.sni", "*.example", "- sni=a.example", true)]
    [InlineData("connection.sni", "*.example", "- sni=A.EXAMPLE", true)]
    [InlineData("connection.sni", "*.example", "- sni=a.test", false)]
    public void Conditions_EachKeyOfConnections_ReadsItsAttribute(string key, string value, string request, bool matches)
    {
        AssertMatches($$"""{"when": [{"key": "{{key}}", "values": ["{{value}}"]}]}""", request, matches);
        AssertMatches($$"""{"when": [{"key": "{{key}}", "notValues": ["{{value}}"]}]}""", request, !matches);
    }

    [Theory]
    // inside a source every field must match, and of a field one value
    [InlineData("""{"from": [{"source": {"namespaces": ["demo"], "ipBlocks": ["10.1.0.0/16"]}}]}""", "demo/x 10.1.2.3", true)]
    [InlineData("""{"from": [{"source": {"namespaces": ["demo"], "ipBlocks": ["10.1.0.0/16"]}}]}""", "demo/x 10.2.2.3", false)]
    [InlineData("""{"from": [{"source": {"namespaces": ["demo"], "ipBlocks": ["10.1.0.0/16"]}}]}""", "prod/x 10.1.2.3", false)]
    // of the sources one
    [InlineData("""{"from": [{"source": {"namespaces": ["demo"]}}, {"source": {"ipBlocks": ["10.1.0.0/16"]}}]}""", "prod/x 10.1.2.3", true)]
    [InlineData("""{"from": [{"source": {"namespaces": ["demo"]}}, {"source": {"ipBlocks": ["10.1.0.0/16"]}}]}""", "prod/x 10.2.2.3", false)]
    // of the operations one
    [InlineData("""{"to": [{"operation": {"ports": ["80"]}}, {"operation": {"ports": ["8080"]}}]}""", "-", true)]
    // of the conditions all
    [InlineData("""{"when": [{"key": "source.ip", "values": ["10.0.0.0/8"]}, {"key": "destination.port", "values": ["8080"]}]}""", "-", true)]
    [InlineData("""{"when": [{"key": "source.ip", "values": ["10.0.0.0/8"]}, {"key": "destination.port", "values": ["80"]}]}""", "-", false)]
    [InlineData("""{"when": [{"key": "source.ip", "values": ["10.0.0.0/8"], "notValues": ["10.0.0.5"]}]}""", "- 10.0.0.5", false)]
    // a source, an operation and the conditions
    [InlineData("""{"from": [{"source": {"namespaces": ["demo"]}}], "to": [{"operation": {"ports": ["8080"]}}]}""", "demo/x", true)]
    [InlineData("""{"from": [{"source": {"namespaces": ["demo"]}}], "to": [{"operation": {"ports": ["80"]}}]}""", "demo/x", false)]
    [InlineData("""{"from": [{"source": {"namespaces": ["demo"]}}], "when": [{"key": "connection.sni", "values": ["a"]}]}""", "demo/x", false)]
    // nothing demanded
    [InlineData("{}", "-", true)]
    public void Rule_Parts_AreAndedAndAlternativesOred(string rule, string request, bool matches) => AssertMatches(rule, request, matches);

    /// <summary>The rule of this house: who shows no identity is nobody in particular, and has not proved to be nobody else either.</summary>
    [Theory]
    [InlineData("""{"source": {"principals": ["*"]}}""", false, false)]
    [InlineData("""{"source": {"principals": ["cluster.local/ns/demo/sa/frontend"]}}""", false, false)]
    [InlineData("""{"source": {"namespaces": ["*"]}}""", false, false)]
    [InlineData("""{"source": {"serviceAccounts": ["frontend"]}}""", false, false)]
    [InlineData("""{"source": {"trustDomains": ["*"]}}""", false, false)]
    [InlineData("""{"source": {"notPrincipals": ["*"]}}""", true, false)]
    [InlineData("""{"source": {"notPrincipals": ["cluster.local/ns/demo/sa/frontend"]}}""", true, false)]
    [InlineData("""{"source": {"notNamespaces": ["demo"]}}""", true, false)]
    [InlineData("""{"source": {"notServiceAccounts": ["frontend"]}}""", true, false)]
    [InlineData("""{"source": {"notTrustDomains": ["cluster.local"]}}""", true, false)]
    [InlineData("""{"source": {"notPrincipals": ["*"], "namespaces": ["*"]}}""", false, false)]
    // what needs no identity does not care
    [InlineData("""{"source": {"ipBlocks": ["10.0.0.0/8"]}}""", true, true)]
    [InlineData("""{"source": {"notIpBlocks": ["11.0.0.0/8"]}}""", true, true)]
    public void Absent_Identity_MatchesNegatedClausesOnlyWhereThatRefuses(string from, bool inDeny, bool inAllow)
    {
        AssertMatches($$"""{"from": [{{from}}]}""", "-", inAllow);
        AssertRefuses("DENY", $$"""{"from": [{{from}}]}""", "-", inDeny);
        AssertRefuses("CUSTOM", $$"""{"from": [{{from}}]}""", "-", inDeny);
    }

    [Theory]
    [InlineData("source.principal")]
    [InlineData("source.namespace")]
    [InlineData("source.serviceAccount")]
    [InlineData("source.trustDomain")]
    [InlineData("connection.sni")]
    public void Absent_Attribute_InConditions_FollowsTheSameRule(string key)
    {
        foreach (var request in new[] { "-", "- sni=" })
        {
            AssertMatches($$"""{"when": [{"key": "{{key}}", "values": ["a"]}]}""", request, false);
            AssertMatches($$"""{"when": [{"key": "{{key}}", "notValues": ["a"]}]}""", request, false);
            AssertRefuses("DENY", $$"""{"when": [{"key": "{{key}}", "values": ["a"]}]}""", request, false);
            AssertRefuses("DENY", $$"""{"when": [{"key": "{{key}}", "notValues": ["a"]}]}""", request, true);
        }
    }

    /// <summary>Nobody has read a request. An ALLOW rule that wants to know about one admits nothing; another rule goes on without.</summary>
    [Theory]
    [InlineData("""{"to": [{"operation": {"methods": ["GET"]}}]}""", true)]
    [InlineData("""{"to": [{"operation": {"notPaths": ["/healthz"]}}]}""", true)]
    [InlineData("""{"to": [{"operation": {"hosts": ["a"], "ports": ["8080"]}}]}""", true)]
    [InlineData("""{"to": [{"operation": {"hosts": ["a"], "ports": ["80"]}}]}""", false)]
    [InlineData("""{"to": [{"operation": {"ports": ["8080"]}}, {"operation": {"methods": ["GET"]}}]}""", true)]
    [InlineData("""{"to": [{"operation": {"ports": ["80"]}}, {"operation": {"methods": ["GET"]}}]}""", true)]
    [InlineData("""{"from": [{"source": {"requestPrincipals": ["*"]}}]}""", true)]
    [InlineData("""{"from": [{"source": {"requestPrincipals": ["*"], "namespaces": ["demo"]}}]}""", true)]
    [InlineData("""{"from": [{"source": {"notRequestPrincipals": ["*"], "namespaces": ["prod"]}}]}""", false)]
    [InlineData("""{"when": [{"key": "request.headers[a]", "values": ["b"]}]}""", true)]
    [InlineData("""{"when": [{"key": "request.auth.claims[a]", "notValues": ["b"]}, {"key": "destination.port", "values": ["80"]}]}""", false)]
    [InlineData("""{"when": [{"key": "experimental.envoy.filters.a[b]", "values": ["c"]}]}""", true)]
    // not understood, or refused by validation: the same
    [InlineData("""{"when": [{"key": "source.mood", "values": ["good"]}]}""", true)]
    [InlineData("""{"when": [{"key": "source.ip"}]}""", true)]
    [InlineData("""{"from": []}""", true)]
    [InlineData("""{"from": [{}]}""", true)]
    [InlineData("""{"to": [{"operation": {}}]}""", true)]
    [InlineData("""{"from": [{"source": {"ipBlocks": ["10.0.0.0/40"]}}]}""", true)]
    [InlineData("""{"from": [{"source": {"ipBlocks": ["11.0.0.0/8", "10.0.0.0/40"]}}]}""", false)]
    [InlineData("""{"from": [{"source": {"ipBlocks": ["10.0.0.0/8", "10.0.0.0/40"]}}]}""", true)]
    [InlineData("""{"from": [{"source": {"notIpBlocks": [""], "namespaces": ["demo"]}}]}""", true)]
    [InlineData("""{"to": [{"operation": {"ports": ["0"]}}]}""", true)]
    [InlineData("""{"from": [{"source": {"namespaces": ["demo"], "moods": ["good"]}}]}""", true)]
    [InlineData("""{"from": [{"source": {"namespaces": ["prod"], "moods": ["good"]}}]}""", false)]
    [InlineData("""{"from": [{"source": {"namespaces": ["demo"]}, "unless": {}}]}""", true)]
    [InlineData("""{"to": [{"operation": {"ports": ["8080"], "moods": ["good"]}}]}""", true)]
    [InlineData("""{"when": [{"key": "destination.port", "values": ["8080"], "moods": ["good"]}]}""", true)]
    [InlineData("""{"unless": {}}""", true)]
    public void Lost_PartOfARule_NarrowsAllowAndWidensTheOthers(string rule, bool refuses)
    {
        AssertMatches(rule, "demo/x", false);
        AssertRefuses("DENY", rule, "demo/x", refuses);
        AssertRefuses("CUSTOM", rule, "demo/x", refuses);
    }

    [Fact]
    public void Lost_FieldOfTheWholePolicy_NarrowsAllow()
    {
        Assert.Equal("NotAdmitted", Policies.Model("""{"demo/a": {"onlyOnMondays": true, "rules": [{}]}}""").Decide(Policies.Request("demo/x")).Line());
        Assert.Equal(
            "Denied demo/a[0]", Policies.Model("""{"demo/a": {"onlyOnMondays": true, "action": "DENY", "rules": [{}]}}""").Decide(Policies.Request("demo/x")).Line());
    }

    [Fact]
    public void Lost_Rule_LeavesTheOthersInForce() =>
        Assert.Equal(
            "Admitted demo/a[1]",
            Policies.Model("""{"demo/a": {"rules": [{"to": [{"operation": {"methods": ["GET"]}}]}, {"from": [{"source": {"namespaces": ["demo"]}}]}]}}""")
                .Decide(Policies.Request("demo/x")).Line());

    private static string Source(string source) => $$"""{"from": [{"source": {{source}} }]}""";

    private static void AssertMatches(string rule, string request, bool matches) =>
        Assert.Equal(
            matches ? "Admitted demo/policy[0]" : "NotAdmitted",
            Policies.Model($$"""{"demo/policy": {"rules": [{{rule}}]} }""").Decide(Policies.Request(request)).Line());

    private static void AssertRefuses(string action, string rule, string request, bool refuses) =>
        Assert.Equal(
            refuses ? $"{(action == "DENY" ? "Denied" : "CannotAsk")} demo/policy[0]" : "NobodyRefuses",
            Policies.Model($$"""{"demo/policy": {"action": "{{action}}", "rules": [{{rule}}]} }""").Decide(Policies.Request(request)).Line());
}
