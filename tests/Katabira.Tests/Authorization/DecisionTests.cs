using Katabira.Model.Authorization;
using Katabira.Model.Mesh;
using Xunit;

namespace Katabira.Tests.Authorization;

/// <summary>What several policies decide together, for a connection of demo/frontend to demo/cart, port 8080.</summary>
public class DecisionTests
{
    private const string Everybody = """{"rules": [{}]}""";
    private const string Nobody = "{}";
    private const string OnlyFrontend = """{"rules": [{"from": [{"source": {"serviceAccounts": ["demo/frontend"]}}]}]}""";
    private const string OnlyCheckout = """{"rules": [{"from": [{"source": {"serviceAccounts": ["demo/checkout"]}}]}]}""";
    private const string DenyFrontend = """{"action": "DENY", "rules": [{"from": [{"source": {"serviceAccounts": ["demo/frontend"]}}]}]}""";
    private const string DenyPlaintext = """{"action": "DENY", "rules": [{"from": [{"source": {"notPrincipals": ["*"]}}]}]}""";
    private const string AskFrontend =
        """{"action": "CUSTOM", "provider": {"name": "opa"}, "rules": [{"from": [{"source": {"serviceAccounts": ["demo/frontend"]}}]}]}""";
    private const string AskCheckout =
        """{"action": "CUSTOM", "provider": {"name": "opa"}, "rules": [{"from": [{"source": {"serviceAccounts": ["demo/checkout"]}}]}]}""";
    private const string AuditEverybody = """{"action": "AUDIT", "rules": [{}]}""";

    [Theory]
    [InlineData("{}", "NobodyRefuses")]
    // ALLOW: once there is one, somebody must admit
    [InlineData($$"""{"demo/a": {{Everybody}}}""", "Admitted demo/a[0]")]
    [InlineData($$"""{"demo/a": {{OnlyFrontend}}}""", "Admitted demo/a[0]")]
    [InlineData($$"""{"demo/a": {{OnlyCheckout}}}""", "NotAdmitted")]
    [InlineData($$"""{"demo/a": {{OnlyCheckout}}, "demo/b": {{OnlyFrontend}}}""", "Admitted demo/b[0]")]
    [InlineData($$"""{"demo/a": {{Nobody}}}""", "NotAdmitted")]
    [InlineData($$"""{"demo/a": {{Nobody}}, "demo/b": {{OnlyFrontend}}}""", "Admitted demo/b[0]")]
    [InlineData("""{"demo/a": {"rules": []}}""", "NotAdmitted")]
    [InlineData("""{"demo/a": {"action": "ALLOW", "rules": [{"to": [{"operation": {"ports": ["80"]}}]}, {}]}}""", "Admitted demo/a[1]")]
    // DENY comes before ALLOW
    [InlineData($$"""{"demo/a": {{Everybody}}, "demo/b": {{DenyFrontend}}}""", "Denied demo/b[0]")]
    [InlineData($$"""{"demo/b": {{DenyPlaintext}}}""", "NobodyRefuses")]
    [InlineData($$"""{"demo/a": {{OnlyCheckout}}, "demo/b": {{DenyPlaintext}}}""", "NotAdmitted")]
    [InlineData("""{"demo/a": {"action": "DENY"}}""", "NobodyRefuses")]
    [InlineData("""{"demo/a": {"action": "DENY", "rules": [{}]}}""", "Denied demo/a[0]")]
    // CUSTOM comes before DENY, and what cannot be asked is refused
    [InlineData($$"""{"demo/a": {{Everybody}}, "demo/c": {{AskFrontend}}}""", "CannotAsk demo/c[0]")]
    [InlineData($$"""{"demo/b": {{DenyFrontend}}, "demo/c": {{AskFrontend}}}""", "CannotAsk demo/c[0]")]
    [InlineData($$"""{"demo/a": {{OnlyFrontend}}, "demo/c": {{AskCheckout}}}""", "Admitted demo/a[0]")]
    [InlineData($$"""{"demo/c": {{AskCheckout}}}""", "NobodyRefuses")]
    // AUDIT only notes
    [InlineData($$"""{"demo/d": {{AuditEverybody}}}""", "NobodyRefuses")]
    [InlineData($$"""{"demo/a": {{OnlyCheckout}}, "demo/d": {{AuditEverybody}}}""", "NotAdmitted")]
    // a dry run decides nothing, and an ALLOW that is one closes nothing
    [InlineData($$"""{"demo/a (dry run)": {{OnlyCheckout}}}""", "NobodyRefuses")]
    [InlineData($$"""{"demo/a (dry run)": {{DenyFrontend}}}""", "NobodyRefuses")]
    [InlineData($$"""{"demo/a (dry run)": {{OnlyFrontend}}, "demo/b": {{OnlyCheckout}}}""", "NotAdmitted")]
    [InlineData($$"""{"demo/a (dry run)": {{AskFrontend}}, "demo/b": {{OnlyFrontend}}}""", "Admitted demo/b[0]")]
    // of several, the first by namespace and name is named
    [InlineData($$"""{"demo/b": {{OnlyFrontend}}, "demo/a": {{Everybody}}, "istio-system/a": {{Everybody}}}""", "Admitted demo/a[0]")]
    public void Decide_Policies_InOrderOfTheirActions(string policies, string expected) =>
        Assert.Equal(expected, Policies.Model(policies).Decide(Policies.Request("demo/frontend")).Line());

    [Fact]
    public void Decide_PlaintextWhereIdentityIsDemanded_IsDenied() =>
        Assert.Equal("Denied demo/b[0]", Policies.Model($$"""{"demo/a": {{Everybody}}, "demo/b": {{DenyPlaintext}}}""").Decide(Policies.Request("-")).Line());

    [Theory]
    // own namespace
    [InlineData("demo/a", """{"action": "DENY", "rules": [{}]}""", true)]
    [InlineData("demo/a", """{"action": "DENY", "selector": {"matchLabels": {}}, "rules": [{}]}""", true)]
    [InlineData("demo/a", """{"action": "DENY", "selector": {"matchLabels": {"app": "cart"}}, "rules": [{}]}""", true)]
    [InlineData("demo/a", """{"action": "DENY", "selector": {"matchLabels": {"app": "cart", "version": "v1"}}, "rules": [{}]}""", true)]
    [InlineData("demo/a", """{"action": "DENY", "selector": {"matchLabels": {"app": "cart", "version": "v2"}}, "rules": [{}]}""", false)]
    [InlineData("demo/a", """{"action": "DENY", "selector": {"matchLabels": {"tier": "x"}}, "rules": [{}]}""", false)]
    // another namespace
    [InlineData("prod/a", """{"action": "DENY", "rules": [{}]}""", false)]
    [InlineData("prod/a", """{"action": "DENY", "selector": {"matchLabels": {"app": "cart"}}, "rules": [{}]}""", false)]
    // the root namespace reaches everywhere, with a selector too
    [InlineData("istio-system/a", """{"action": "DENY", "rules": [{}]}""", true)]
    [InlineData("istio-system/a", """{"action": "DENY", "selector": {"matchLabels": {"app": "cart"}}, "rules": [{}]}""", true)]
    [InlineData("istio-system/a", """{"action": "DENY", "selector": {"matchLabels": {"app": "frontend"}}, "rules": [{}]}""", false)]
    // attached to objects
    [InlineData("demo/a", """{"action": "DENY", "targetRefs": [{"kind": "Service", "name": "cart"}], "rules": [{}]}""", false)]
    [InlineData("demo/a", """{"action": "DENY", "targetRef": {"kind": "Service", "name": "cart"}, "rules": [{}]}""", false)]
    public void Decide_Policy_HoldsForTheWorkloadsItSelects(string key, string spec, bool holds) =>
        Assert.Equal(
            holds ? $"Denied {key}[0]" : "NobodyRefuses",
            Policies.Model($$"""{"{{key}}": {{spec}} }""").Decide(Policies.Request("demo/frontend")).Line());

    [Fact]
    public void Decide_RootNamespaceOfAnotherName_IsTheOneOfTheSettings()
    {
        var policies = """{"mesh/a": {"action": "DENY", "rules": [{}]}, "istio-system/b": {"action": "DENY", "rules": [{}]}}""";
        var model = Policies.Model(policies, new MeshSettings { RootNamespace = "mesh" });
        Assert.Equal("Denied mesh/a[0]", model.Decide(Policies.Request("-")).Line());
        Assert.Equal(["mesh/a"], model.Explain(Policies.Request("-")).Findings.Select(f => f.Policy.ToString()));
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("True", true)]
    [InlineData("false", false)]
    // nobody has read what cannot be read: the policy stays in force
    [InlineData("yes", false)]
    public void Decide_DryRunAnnotation_IsReadAsIstioReadsIt(string value, bool dryRun)
    {
        var policy = Policies.Parse("""{"demo/a (dry run)": {"action": "DENY", "rules": [{}]}}""").Single();
        policy = policy with { Metadata = policy.Metadata with { Annotations = new Dictionary<string, string> { ["istio.io/dry-run"] = value } } };
        Assert.Equal(!dryRun, !new[] { policy }.Model().Decide(Policies.Request("-")).Allowed);
    }

    /// <summary>What is said of one name of our trust domain is said of all its names.</summary>
    [Theory]
    [InlineData("new.example/ns/demo/sa/a", "old.example/ns/demo/sa/a", true)]
    [InlineData("new.example/ns/demo/sa/a", "new.example/ns/demo/sa/a", true)]
    [InlineData("old.example/ns/demo/sa/a", "new.example/ns/demo/sa/a", true)]
    [InlineData("cluster.local/ns/demo/sa/a", "new.example/ns/demo/sa/a", true)]
    [InlineData("cluster.local/ns/demo/sa/a", "old.example/ns/demo/sa/a", true)]
    // cluster.local means ours here, and is not itself one of our names
    [InlineData("cluster.local/ns/demo/sa/a", "cluster.local/ns/demo/sa/a", false)]
    [InlineData("new.example/ns/demo/sa/a", "cluster.local/ns/demo/sa/a", false)]
    [InlineData("new.example/ns/demo/sa/a", "foreign.test/ns/demo/sa/a", false)]
    [InlineData("foreign.test/ns/demo/sa/a", "foreign.test/ns/demo/sa/a", true)]
    [InlineData("foreign.test/ns/demo/sa/a", "new.example/ns/demo/sa/a", false)]
    [InlineData("*w.example/ns/demo/sa/a", "old.example/ns/demo/sa/a", true)]
    [InlineData("*.test/ns/demo/sa/a", "old.example/ns/demo/sa/a", false)]
    [InlineData("*/ns/demo/sa/a", "foreign.test/ns/demo/sa/a", true)]
    // not five segments: taken as it stands
    [InlineData("new.example/ns/demo/*", "old.example/ns/demo/sa/a", false)]
    [InlineData("new.example/ns/demo/*", "new.example/ns/demo/sa/a", true)]
    public void Decide_Principal_IsExpandedByTheAliasesOfTheTrustDomain(string principal, string peer, bool matches)
    {
        foreach (var rule in new[]
        {
            $$$"""{"from": [{"source": {"principals": ["{{{principal}}}"]}}]}""",
            $$$"""{"when": [{"key": "source.principal", "values": ["{{{principal}}}"]}]}""",
        })
        {
            AssertDenies(rule, peer, matches);
        }
        AssertDenies($$$"""{"from": [{"source": {"notPrincipals": ["{{{principal}}}"]}}]}""", peer, !matches);
    }

    [Theory]
    [InlineData("new.example", "old.example/ns/demo/sa/a", true)]
    [InlineData("old.example", "new.example/ns/demo/sa/a", true)]
    [InlineData("foreign.test", "new.example/ns/demo/sa/a", false)]
    [InlineData("foreign.test", "foreign.test/ns/demo/sa/a", true)]
    [InlineData("cluster.local", "new.example/ns/demo/sa/a", false)]
    public void Decide_TrustDomain_IsExpandedByItsAliases(string trustDomain, string peer, bool matches) =>
        AssertDenies($$$"""{"from": [{"source": {"trustDomains": ["{{{trustDomain}}}"]}}]}""", peer, matches);

    [Fact]
    public void Allowed_EveryCause_IsARefusalUnlessItSaysOtherwise()
    {
        Assert.Equal(
            [AuthorizationCause.Admitted, AuthorizationCause.NobodyRefuses],
            Enum.GetValues<AuthorizationCause>().Where(c => new AuthorizationDecision(c).Allowed));
        Assert.False(default(AuthorizationDecision).Allowed);
        Assert.All(Enum.GetValues<AuthorizationCause>(), c =>
        {
            var decision = new AuthorizationDecision(c);
            Assert.StartsWith(decision.Allowed ? "allowed: " : "denied: ", decision.Words, StringComparison.Ordinal);
        });
    }

    private const int Rounds = 50;

    [Fact]
    public void Decide_AnyRequest_AllocatesNothing()
    {
        var model = Policies.Model(
            $$$"""
            {"demo/a": {{{OnlyFrontend}}}, "demo/b": {{{DenyPlaintext}}}, "demo/c": {{{AskCheckout}}}, "demo/d": {{{AuditEverybody}}}, "demo/e": {"rules": [{
              "from": [{"source": {"principals": ["*/sa/x", "a/*"], "namespaces": ["a*b"], "trustDomains": ["*"], "ipBlocks": ["10.0.0.0/8"]}}],
              "to": [{"operation": {"ports": ["80", "8080"]}}],
              "when": [{"key": "connection.sni", "values": ["*.example"]}, {"key": "remote.ip", "notValues": ["::1"]}]}]}}
            """);
        AuthorizationRequest[] requests =
        [
            .. new[] { "demo/frontend", "demo/checkout", "-", "ab/x fd00::1 [fd00::2]:80 sni=a.example", "ab/x 10.0.0.1 10.0.0.2:80 sni=a.example remote=10.0.0.3" }
                .Select(Policies.Request),
        ];
        // the runtime itself allocates now and then, when it compiles a hot method anew; what a decision allocated would show in every round
        var least = long.MaxValue;
        var allowed = 0;
        for (var round = 0; round < Rounds && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            allowed = Enumerate(1000);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
        Assert.Equal(1000 * 2, allowed);

        int Enumerate(int times)
        {
            var sum = 0;
            for (var i = 0; i < times; i++)
            {
                sum += Count();
            }
            return sum;
        }

        int Count()
        {
            var count = 0;
            foreach (ref readonly var request in requests.AsSpan())
            {
                count += model.Decide(request).Allowed ? 1 : 0;
            }
            return count;
        }
    }

    private static void AssertDenies(string rule, string peer, bool denies)
    {
        var settings = new MeshSettings { TrustDomain = "new.example", TrustDomainAliases = ["old.example"] };
        var model = Policies.Model($$"""{"demo/a": {"action": "DENY", "rules": [{{rule}}]} }""", settings);
        Assert.Equal(denies ? "Denied demo/a[0]" : "NobodyRefuses", model.Decide(Policies.Request(peer)).Line());
    }
}
