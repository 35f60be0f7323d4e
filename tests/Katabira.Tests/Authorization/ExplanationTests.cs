using System.Globalization;
using Katabira.Model.Authorization;
using Xunit;

namespace Katabira.Tests.Authorization;

public class ExplanationTests
{
    [Fact]
    public void Explain_EveryFate_IsListedInTheOrderOfTheQuestions()
    {
        var explanation = Policies.Model(
            """
            {
              "istio-system/deny-plaintext": {"action": "DENY", "rules": [{"from": [{"source": {"notPrincipals": ["*"]}}]}]},
              "istio-system/cart-of-all": {"selector": {"matchLabels": {"app": "cart"}}, "rules": [{}]},
              "demo/audit": {"action": "AUDIT", "rules": [{}]},
              "demo/deny-frontend": {"action": "DENY", "rules": [{"from": [{"source": {"serviceAccounts": ["frontend"]}}]}]},
              "demo/deny-strangers (dry run)": {"action": "DENY", "rules": [{"from": [{"source": {"notNamespaces": ["demo"]}}]}]},
              "demo/deny-all (dry run)": {"action": "DENY", "rules": [{}]},
              "demo/ask": {"action": "CUSTOM", "provider": {"name": "opa"}, "rules": [{"from": [{"source": {"namespaces": ["outside"]}}]}]},
              "demo/v2": {"selector": {"matchLabels": {"version": "v2"}}},
              "demo/tier": {"selector": {"matchLabels": {"tier": "x"}}},
              "demo/waypoint": {"targetRefs": [{"kind": "Service", "name": "cart"}]},
              "prod/deny": {"action": "DENY", "rules": [{}]}
            }
            """).Explain(Policies.Request("demo/frontend"));

        Assert.Equal("Denied demo/deny-frontend[0]", explanation.Decision.Line());
        Assert.Equal(
            [
                "DoesNotMatch demo/ask[]: no rule matches; the nearest is rules[0]: from[0].source.namespaces wants one of outside, and the peer is cluster.local/ns/demo/sa/frontend",
                "Notes demo/audit[0]: rules[0] notes it",
                "WouldApply demo/deny-all[0]: dry run: rules[0] would deny it",
                "Decides demo/deny-frontend[0]: denied: demo/deny-frontend rules[0] denies it",
                "DoesNotMatch demo/deny-strangers[]: dry run: no rule matches; the nearest is rules[0]: from[0].source.notNamespaces wants none of demo, and the peer is cluster.local/ns/demo/sa/frontend",
                "DoesNotMatch istio-system/deny-plaintext[]: no rule matches; the nearest is rules[0]: from[0].source.notPrincipals wants none of *, and the peer is cluster.local/ns/demo/sa/frontend",
                "Matches istio-system/cart-of-all[0]: rules[0] would admit it too, but demo/deny-frontend has decided",
                "SelectsOthers demo/tier[]: selects other workloads: it wants tier=x, this one has no label tier",
                "SelectsOthers demo/v2[]: selects other workloads: it wants version=v2, this one has version=v1",
                "LeftOut demo/waypoint[]: left out: it is attached to objects by targetRefs, and connections to the workload itself do not come by them; a selector would make it hold here",
            ],
            explanation.Findings.Select(Line));
    }

    [Theory]
    [InlineData("{}", "demo/x", "matches nothing: it has no rule that holds for connections")]
    [InlineData(
        """{"rules": [{"from": [{"source": {"principals": ["*"]}}]}]}""", "-",
        "no rule matches; the nearest is rules[0]: from[0].source.principals wants one of *, and the peer has shown no identity (plaintext)")]
    // of the rules, the sources and the operations, the one that lacks least
    [InlineData(
        """
        {"rules": [
          {"from": [{"source": {"namespaces": ["prod"]}}], "to": [{"operation": {"ports": ["80"]}}]},
          {"from": [{"source": {"namespaces": ["prod"], "notIpBlocks": ["10.0.0.0/8"]}}, {"source": {"namespaces": ["demo"], "serviceAccounts": ["a"]}}]}]}
        """, "demo/x",
        "no rule matches; the nearest is rules[1]: from[1].source.serviceAccounts wants one of a, and the peer is cluster.local/ns/demo/sa/x")]
    [InlineData(
        """{"rules": [{"to": [{"operation": {"ports": ["1", "2", "3", "4", "5"]}}], "when": [{"key": "destination.ip", "values": ["10.1.1.1"]}]}]}""", "-",
        "no rule matches; the nearest is rules[0]: to[0].operation.ports wants one of 1, 2, 3 and 2 more, and it goes to port 8080; "
        + "when[0].values wants one of 10.1.1.1, and it goes to 10.9.9.9")]
    [InlineData(
        """{"rules": [{"from": [{"source": {"ipBlocks": ["1.1.1.1"], "remoteIpBlocks": ["1.1.1.1"]}}], "when": [{"key": "connection.sni", "values": ["a"]}]}]}""", "-",
        "no rule matches; the nearest is rules[0]: from[0].source.ipBlocks wants one of 1.1.1.1, and it comes from 10.0.0.5; "
        + "from[0].source.remoteIpBlocks wants one of 1.1.1.1, and its client is 10.0.0.5; when[0].values wants one of a, and it names no server")]
    [InlineData(
        """{"rules": [{"to": [{"operation": {"methods": ["GET"]}}]}, {"when": [{"key": "connection.sni", "values": ["a"]}]}]}""", "- sni=b",
        "no rule matches; the nearest is rules[1]: when[0].values wants one of a, and it names the server b "
        + "(rules[0]: to[0].operation.methods cannot be judged of a connection: the rule admits nothing)")]
    public void Explain_PolicyThatDoesNotMatch_SaysWhatTheNearestRuleWants(string spec, string request, string words) =>
        Assert.Equal(words, Assert.Single(Policies.Model($$"""{"demo/a": {{spec}} }""").Explain(Policies.Request(request)).Findings).Words);

    [Fact]
    public void Explain_WidenedRule_SaysWhatItGoesWithout()
    {
        var finding = Assert.Single(Policies.Model(
            """{"demo/a": {"action": "DENY", "rules": [{"to": [{"operation": {"methods": ["GET"], "ports": ["8080"]}}]}]}}""").Explain(Policies.Request("-")).Findings);
        Assert.Equal(
            "denied: demo/a rules[0] denies it (rules[0]: to[0].operation.methods cannot be judged of a connection: the rule matches without)", finding.Words);
        Assert.Equal(["rules[0]: to[0].operation.methods cannot be judged of a connection: the rule matches without"], finding.Policy.Gaps);
    }

    [Theory]
    [InlineData("""{"action": "CUSTOM", "provider": {"name": "opa"}, "rules": [{}]}""",
        "denied: demo/a rules[0] wants the provider opa to be asked, who can be asked only about requests (HTTP), not about this connection")]
    [InlineData("""{"action": "CUSTOM", "rules": [{}]}""",
        "denied: demo/a rules[0] wants a provider to be asked, who can be asked only about requests (HTTP), not about this connection")]
    [InlineData("""{"rules": [{}]}""", "allowed: demo/a rules[0] admits it")]
    [InlineData("{}", "denied: ALLOW policies hold here, and none of them admits it")]
    [InlineData("""{"action": "DENY"}""", "allowed: no policy refuses it, and no ALLOW policy holds here")]
    public void Decision_Words_SayWhoDecidedAndHow(string spec, string words) =>
        Assert.Equal(words, Policies.Model($$"""{"demo/a": {{spec}} }""").Decide(Policies.Request("-")).Words);

    [Theory]
    [InlineData("""{"demo/a": {}, "demo/b": {"action": "DENY"}}""", false)]
    [InlineData("""{"demo/a": {"action": "AUDIT"}}""", true)]
    [InlineData("""{"demo/a (dry run)": {}}""", true)]
    [InlineData("""{"demo/a (dry run)": {"selector": {"matchLabels": {"app": "other"}}}}""", false)]
    public void Speaks_OnlyWithAuditPoliciesOrDryRuns(string policies, bool speaks) => Assert.Equal(speaks, Policies.Model(policies).Speaks);

    private static string Line(AuthorizationFinding finding) =>
        string.Create(CultureInfo.InvariantCulture, $"{finding.Fate} {finding.Policy}[{finding.Rule}]: {finding.Words}");
}
