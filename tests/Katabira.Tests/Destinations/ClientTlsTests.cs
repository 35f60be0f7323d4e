using System.Collections.Immutable;
using Katabira.Model.Connections;
using Katabira.Model.Destinations;
using Katabira.Model.Mesh;
using Katabira.Model.Resources;
using Katabira.Tests.Mtls;
using Xunit;
using static Katabira.Tests.Destinations.Rules;

namespace Katabira.Tests.Destinations;

public class ClientTlsTests
{
    private const string Example = "example.ns.svc.cluster.local";

    public static TheoryData<string, string, uint, string?, TlsIntent, string> Levels => new()
    {
        { "top level", "'trafficPolicy':{'tls':{'mode':'ISTIO_MUTUAL'}}", 80, null, TlsIntent.IstioMutual, "spec.trafficPolicy.tls" },
        { "port level replaces", "'trafficPolicy':{'tls':{'mode':'DISABLE'},'portLevelSettings':[{'port':{'number':80},'tls':{'mode':'ISTIO_MUTUAL'}}]}", 80, null, TlsIntent.IstioMutual, "spec.trafficPolicy.portLevelSettings[0].tls" },
        { "port level of another port", "'trafficPolicy':{'tls':{'mode':'DISABLE'},'portLevelSettings':[{'port':{'number':81},'tls':{'mode':'ISTIO_MUTUAL'}}]}", 80, null, TlsIntent.Disable, "spec.trafficPolicy.tls" },
        { "port level without tls unsets it", "'trafficPolicy':{'tls':{'mode':'DISABLE'},'portLevelSettings':[{'port':{'number':80},'loadBalancer':{'simple':'RANDOM'}}]}", 80, null, TlsIntent.Automatic, "" },
        { "subset overrides", "'trafficPolicy':{'tls':{'mode':'ISTIO_MUTUAL'}},'subsets':[{'name':'v1','trafficPolicy':{'tls':{'mode':'DISABLE'}}}]", 80, "v1", TlsIntent.Disable, "spec.subsets[0].trafficPolicy.tls" },
        { "subset without tls falls back", "'trafficPolicy':{'tls':{'mode':'ISTIO_MUTUAL'}},'subsets':[{'name':'v1','trafficPolicy':{'loadBalancer':{'simple':'RANDOM'}}}]", 80, "v1", TlsIntent.IstioMutual, "spec.trafficPolicy.tls" },
        { "subset without policy falls back", "'trafficPolicy':{'tls':{'mode':'DISABLE'}},'subsets':[{'name':'v1'}]", 80, "v1", TlsIntent.Disable, "spec.trafficPolicy.tls" },
        { "subset falls back to the port's", "'trafficPolicy':{'portLevelSettings':[{'port':{'number':80},'tls':{'mode':'SIMPLE'}}]},'subsets':[{'name':'v1','trafficPolicy':{'loadBalancer':{'simple':'RANDOM'}}}]", 80, "v1", TlsIntent.Simple, "spec.trafficPolicy.portLevelSettings[0].tls" },
        { "a port of the subset replaces", "'trafficPolicy':{'tls':{'mode':'DISABLE'}},'subsets':[{'name':'v1','trafficPolicy':{'portLevelSettings':[{'port':{'number':80},'tls':{'mode':'ISTIO_MUTUAL'}}]}}]", 80, "v1", TlsIntent.IstioMutual, "spec.subsets[0].trafficPolicy.portLevelSettings[0].tls" },
        { "a port of the subset without tls unsets it", "'trafficPolicy':{'tls':{'mode':'DISABLE'}},'subsets':[{'name':'v1','trafficPolicy':{'portLevelSettings':[{'port':{'number':80},'loadBalancer':{'simple':'RANDOM'}}]}}]", 80, "v1", TlsIntent.Automatic, "" },
        { "an unknown subset is none", "'trafficPolicy':{'tls':{'mode':'DISABLE'}},'subsets':[{'name':'v1','trafficPolicy':{'tls':{'mode':'SIMPLE'}}}]", 80, "v9", TlsIntent.Disable, "spec.trafficPolicy.tls" },
        { "no tls anywhere", "'trafficPolicy':{'loadBalancer':{'simple':'RANDOM'}}", 80, null, TlsIntent.Automatic, "" },
        { "a block without a mode never means plaintext", "'trafficPolicy':{'tls':{'sni':'x.example.com'}}", 80, null, TlsIntent.Automatic, "spec.trafficPolicy.tls" },
    };

    [Theory, MemberData(nameof(Levels))]
    public void Tls_EachLevel_IsResolved(string what, string spec, uint port, string? subset, TlsIntent expected, string field)
    {
        var tls = new[] { FromJson("client/dr", $"{{'host':'{Example}',{spec}}}") }.Ask(port: port, subset: subset).Tls;
        Assert.Equal((what, expected, field), (what, tls.Mode, tls.Field));
    }

    /// <summary>Istio drops the TLS block of such a rule and sends plaintext; we refuse the connection and say why.</summary>
    [Theory]
    [InlineData("", false, "secret", true)]
    [InlineData("", false, "configmap://ca", false)]
    [InlineData("", true, "secret", false)]
    [InlineData(",'workloadSelector':{'matchLabels':{'app':'a'}}", false, "secret", false)]
    public void Tls_CredentialWithoutSelector_IsAProblemOfSidecars(string more, bool gateway, string credential, bool refused)
    {
        var tls = new[] { FromJson("client/dr", $"{{'host':'{Example}','trafficPolicy':{{'tls':{{'mode':'SIMPLE','credentialName':'{credential}'}}}}{more}}}") }
            .Ask(labels: "app=a", gateway: gateway).Tls;
        Assert.Equal(refused, tls.Problem is not null);
        var decision = OutboundDecision.Decide(new MeshSettings(), tls, default, mustEncrypt: false);
        Assert.Equal(refused ? Transport.Refuse : Transport.TlsOrigination, decision.Transport);
    }

    public static TheoryData<string, string, string, string?, bool> Endpoints => new()
    {
        // Istio's mtlsCases: does an endpoint of a pod with a sidecar get mutual TLS?
        { "mtls-off-ineffective", "istio-system/p DISABLE app=b", "", null, true },
        { "mtls-on-strict", "istio-system/p STRICT", "", null, true },
        { "mtls-off-global", "istio-system/p DISABLE", "", null, false },
        { "mtls-off-namespace", "ns/p DISABLE", "", null, false },
        { "mtls-off-workload", "ns/p DISABLE app=example", "", null, false },
        { "mtls-off-port", "ns/p - app=example 8080:DISABLE", "", null, false },
        { "mtls-on-override-pa", "ns/p DISABLE", "'trafficPolicy':{'tls':{'mode':'ISTIO_MUTUAL'}}", null, true },
        { "mtls-on-destination-level", "", "'trafficPolicy':{'tls':{'mode':'ISTIO_MUTUAL'}}", null, true },
        { "mtls-on-port-level", "", "'trafficPolicy':{'portLevelSettings':[{'port':{'number':80},'tls':{'mode':'ISTIO_MUTUAL'}}]}", null, true },
        { "mtls-off-destination-level", "", "'trafficPolicy':{'tls':{'mode':'DISABLE'}}", null, false },
        { "mtls-off-port-level", "", "'trafficPolicy':{'portLevelSettings':[{'port':{'number':80},'tls':{'mode':'DISABLE'}}]}", null, false },
        { "mtls-off-subset-level", "", "'trafficPolicy':{'tls':{'mode':'ISTIO_MUTUAL'}},'subsets':[{'name':'s','trafficPolicy':{'tls':{'mode':'DISABLE'}}}]", "s", false },
        { "mtls-on-subset-level", "", "'trafficPolicy':{'tls':{'mode':'DISABLE'}},'subsets':[{'name':'s','trafficPolicy':{'tls':{'mode':'ISTIO_MUTUAL'}}}]", "s", true },
        { "mtls-off-subset-fallback", "", "'trafficPolicy':{'tls':{'mode':'DISABLE'}},'subsets':[{'name':'s'}]", "s", false },
        { "mtls-on-subset-fallback", "", "'trafficPolicy':{'tls':{'mode':'ISTIO_MUTUAL'}},'subsets':[{'name':'s'}]", "s", true },
        // a STRICT workload under a mesh that is DISABLE: Istio's clients send plaintext and fail, ours ask the endpoint's own mode
        { "workload STRICT under mesh DISABLE", "istio-system/p DISABLE; ns/q STRICT app=example", "", null, true },
    };

    [Theory, MemberData(nameof(Endpoints))]
    public void Endpoint_PoliciesOfBothSides_DecideMutualTls(string name, string policies, string rule, string? subset, bool mutual)
    {
        var mode = Policies(policies).Explain(Given.Workload("ns/pod", "app=example"), 8080).Decision.Mode;
        var rules = rule.Length == 0 ? [] : new[] { FromJson("client/dr", $"{{'host':'{Example}',{rule}}}") };
        foreach (var speaks in new[] { EndpointProtocol.Hbone, EndpointProtocol.IstioMtls })
        {
            var decision = OutboundDecision.Decide(new MeshSettings(), rules.Ask(subset: subset).Tls, new OutboundEndpoint(speaks, mode), mustEncrypt: false);
            Assert.True(mutual == decision.Transport is Transport.Hbone or Transport.IstioMtls, $"{name}: {decision}");
            Assert.True(mutual || decision.Transport == Transport.Plaintext, $"{name}: {decision}");
        }
    }

    [Fact]
    public void PodAddress_HeadlessServiceOnThatPort_GivesTheRule()
    {
        var pod = Given.Workload("ns/redis-0", "app=redis");
        ServiceModel Service(string name, bool headless, string app, uint port, ushort target) => new(
            new ObjectKey("ns", name), $"{name}.ns.svc.cluster.local", headless, Given.Labels($"app={app}").ToImmutableDictionary(), [new(port, target)]);

        Assert.Null(PodDestination.Find([], pod, 6379));
        Assert.Null(PodDestination.Find([Service("redis", false, "redis", 6379, 6379)], pod, 6379));
        Assert.Null(PodDestination.Find([Service("redis", true, "other", 6379, 6379)], pod, 6379));
        Assert.Null(PodDestination.Find([Service("redis", true, "redis", 6379, 6379)], pod, 6380));
        Assert.Equal(
            new DialledService("a.ns.svc.cluster.local", "ns", 80),
            PodDestination.Find([Service("z", true, "redis", 81, 6379), Service("a", true, "redis", 80, 6379)], pod, 6379));
    }

    private static IEnumerable<Resource<Katabira.Model.Kinds.PeerAuthentication>> Policies(string text) =>
        text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line =>
        {
            var words = line.Split(' ');
            return Given.Policy(words[0], words[1] == "-" ? "" : words[1], words.ElementAtOrDefault(2), words.ElementAtOrDefault(3));
        });
}
