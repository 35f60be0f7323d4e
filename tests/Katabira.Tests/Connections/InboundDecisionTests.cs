using Katabira.Model.Connections;
using Katabira.Model.Mtls;
using Xunit;
using static Katabira.Tests.Mtls.Given;

namespace Katabira.Tests.Connections;

public class InboundDecisionTests
{
    [Theory]
    [InlineData("DISABLE", Arrival.Plaintext, InboundVerdict.Admit)]
    [InlineData("DISABLE", Arrival.ForeignTls, InboundVerdict.Admit)]
    [InlineData("DISABLE", Arrival.IstioTls, InboundVerdict.Admit)]
    [InlineData("DISABLE", Arrival.Silence, InboundVerdict.Admit)]
    [InlineData("DISABLE", Arrival.Hbone, InboundVerdict.Admit)]
    [InlineData("PERMISSIVE", Arrival.Plaintext, InboundVerdict.Admit)]
    [InlineData("PERMISSIVE", Arrival.ForeignTls, InboundVerdict.Admit)]
    [InlineData("PERMISSIVE", Arrival.IstioTls, InboundVerdict.Authenticate)]
    [InlineData("PERMISSIVE", Arrival.Silence, InboundVerdict.Admit)]
    [InlineData("PERMISSIVE", Arrival.Hbone, InboundVerdict.Admit)]
    [InlineData("STRICT", Arrival.Plaintext, InboundVerdict.Refuse)]
    [InlineData("STRICT", Arrival.ForeignTls, InboundVerdict.Authenticate)]
    [InlineData("STRICT", Arrival.IstioTls, InboundVerdict.Authenticate)]
    [InlineData("STRICT", Arrival.Silence, InboundVerdict.Refuse)]
    [InlineData("STRICT", Arrival.Hbone, InboundVerdict.Admit)]
    public void Inbound_ModeAndArrival_Decide(string mode, Arrival arrival, InboundVerdict expected) =>
        Assert.Equal(expected, InboundDecision.Decide(Mode(mode), arrival).Verdict);

    /// <summary>Istio's TestPeerAuthenticationPassthrough: all policies select the workload.</summary>
    [Theory]
    [InlineData("DISABLE", "", "plain 8000: pass", "mtls 8000: pass")]
    [InlineData("STRICT", "", "plain 8000: refused", "mtls 8000: terminated")]
    [InlineData("PERMISSIVE", "", "plain 8000: pass", "mtls 8000: terminated")]
    [InlineData("DISABLE", "9000:STRICT", "plain 8000: pass", "mtls 8000: pass", "plain 9000: refused", "mtls 9000: terminated")]
    [InlineData("STRICT", "9000:DISABLE", "plain 8000: refused", "mtls 8000: terminated", "plain 9000: pass", "mtls 9000: pass")]
    [InlineData("DISABLE", "9000:PERMISSIVE", "plain 8000: pass", "mtls 8000: pass", "plain 9000: pass", "mtls 9000: terminated")]
    // TestPeerAuthenticationWithSidecar
    [InlineData("STRICT", "9090:DISABLE", "plain 8080: refused", "mtls 8080: terminated", "plain 9090: pass", "foreign 9090: pass")]
    // TestInbound, ports of protocol tcp and undeclared ones
    [InlineData("DISABLE", "", "plain 70: pass", "foreign 70: pass", "mtls 70: pass")]
    [InlineData("PERMISSIVE", "", "plain 70: pass", "foreign 70: pass", "mtls 70: terminated", "foreign 82: pass")]
    [InlineData("STRICT", "", "plain 70: refused", "foreign 70: terminated", "mtls 70: terminated", "foreign 82: terminated")]
    public void Inbound_OnePolicy_EachPort(string mode, string ports, params string[] expected)
    {
        foreach (var line in expected)
        {
            var words = line.Split(' ', ':');
            var policy = Policy("demo/app", mode, "app=foo", ports.Length == 0 ? null : ports);
            var decided = new[] { policy }.Explain(Workload("demo/foo", "app=foo"), ushort.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture)).Decision.Mode;
            Assert.Equal(line, $"{words[0]} {words[1]}: {Text(decided, words[0])}");
        }
    }

    /// <summary>Istio's pass-through ports: A is 19092, B another; mutual TLS is the classic one, on the application's port, and the application speaks plaintext.</summary>
    [Theory]
    [InlineData("DISABLE", "ok", "fail", "ok", "fail")]
    [InlineData("STRICT", "fail", "ok", "fail", "ok")]
    [InlineData("PERMISSIVE", "ok", "ok", "ok", "ok")]
    [InlineData("DISABLE, A STRICT", "fail", "ok", "ok", "fail")]
    [InlineData("STRICT, A DISABLE", "ok", "fail", "fail", "ok")]
    [InlineData("PERMISSIVE, A STRICT", "fail", "ok", "ok", "ok")]
    [InlineData("STRICT, A PERMISSIVE", "ok", "ok", "fail", "ok")]
    [InlineData("PERMISSIVE, A DISABLE", "ok", "fail", "ok", "ok")]
    [InlineData("DISABLE, A PERMISSIVE", "ok", "ok", "ok", "fail")]
    public void Inbound_PassThroughPorts_EachPolicy(string policy, string plainA, string mtlsA, string plainB, string mtlsB)
    {
        var parts = policy.Split(", A ");
        var given = Policy("demo/app", parts[0], "app=foo", parts.Length > 1 ? $"19092:{parts[1]}" : null);
        EffectiveMode ModeOf(ushort port) => new[] { given }.Explain(Workload("demo/foo", "app=foo"), port).Decision.Mode;
        Assert.Equal((plainA, mtlsA, plainB, mtlsB), (Outcome(ModeOf(19092), "plain"), Outcome(ModeOf(19092), "mtls"), Outcome(ModeOf(19093), "plain"), Outcome(ModeOf(19093), "mtls")));
    }

    [Fact]
    public void Reasons_EachHasWords_AndEachVerdictItsOwn()
    {
        Assert.Distinct(Enum.GetValues<InboundReason>().Select(r => r.Words()));
        var decided = Enum.GetValues<EffectiveMode>().SelectMany(m => Enum.GetValues<Arrival>().Select(a => InboundDecision.Decide(m, a))).ToList();
        Assert.Equal(Enum.GetValues<InboundReason>(), decided.Select(d => d.Reason).Distinct().Order());
        Assert.All(decided.GroupBy(d => d.Reason), g => Assert.Single(g.Select(d => d.Verdict).Distinct()));
    }

    /// <summary>A stricter mode never admits what a laxer one refuses.</summary>
    [Fact]
    public void Inbound_StricterMode_AdmitsNoMore()
    {
        foreach (var arrival in Enum.GetValues<Arrival>())
        {
            var verdicts = Enum.GetValues<EffectiveMode>().Select(m => InboundDecision.Decide(m, arrival).Verdict).ToList();
            Assert.Equal(verdicts.Order(), verdicts);
        }
    }

    private static string Outcome(EffectiveMode mode, string arrival) => Text(mode, arrival) switch
    {
        "refused" => "fail",
        // the handshake reaches an application that speaks plaintext
        "pass" when arrival == "mtls" => "fail",
        _ => "ok",
    };

    private static string Text(EffectiveMode mode, string arrival) => InboundDecision.Decide(mode, arrival switch
    {
        "plain" => Arrival.Plaintext,
        "foreign" => Arrival.ForeignTls,
        _ => Arrival.IstioTls,
    }).Verdict switch
    {
        InboundVerdict.Admit => "pass",
        InboundVerdict.Authenticate => "terminated",
        _ => "refused",
    };
}
