using Katabira.Model.Connections;
using Katabira.Model.Destinations;
using Katabira.Model.Mesh;
using Katabira.Model.Mtls;
using Katabira.Model.Resources;
using Xunit;

namespace Katabira.Tests.Connections;

public class OutboundDecisionTests
{
    private static readonly MeshSettings s_mesh = new();

    public static TheoryData<TlsIntent, EndpointProtocol, EffectiveMode, Transport, Transport> Table()
    {
        var table = new TheoryData<TlsIntent, EndpointProtocol, EffectiveMode, Transport, Transport>();
        void Row(TlsIntent tls, EndpointProtocol speaks, Transport disable, Transport permissive, Transport strict, Transport demandedDisable, Transport demanded)
        {
            table.Add(tls, speaks, EffectiveMode.Disable, disable, demandedDisable);
            table.Add(tls, speaks, EffectiveMode.Permissive, permissive, demanded);
            table.Add(tls, speaks, EffectiveMode.Strict, strict, demanded);
        }
        // what the client was told, what the endpoint speaks; the port is DISABLE, PERMISSIVE, STRICT; and, if it must be encrypted, DISABLE, else
        Row(TlsIntent.Automatic, EndpointProtocol.Hbone, Transport.Plaintext, Transport.Hbone, Transport.Hbone, Transport.Hbone, Transport.Hbone);
        Row(TlsIntent.Automatic, EndpointProtocol.IstioMtls, Transport.Plaintext, Transport.IstioMtls, Transport.IstioMtls, Transport.Refuse, Transport.IstioMtls);
        Row(TlsIntent.Automatic, EndpointProtocol.None, Transport.Plaintext, Transport.Plaintext, Transport.Plaintext, Transport.Refuse, Transport.Refuse);
        Row(TlsIntent.Disable, EndpointProtocol.Hbone, Transport.Plaintext, Transport.Plaintext, Transport.Refuse, Transport.Refuse, Transport.Refuse);
        Row(TlsIntent.Disable, EndpointProtocol.IstioMtls, Transport.Plaintext, Transport.Plaintext, Transport.Refuse, Transport.Refuse, Transport.Refuse);
        Row(TlsIntent.Disable, EndpointProtocol.None, Transport.Plaintext, Transport.Plaintext, Transport.Plaintext, Transport.Refuse, Transport.Refuse);
        Row(TlsIntent.IstioMutual, EndpointProtocol.Hbone, Transport.Hbone, Transport.Hbone, Transport.Hbone, Transport.Hbone, Transport.Hbone);
        Row(TlsIntent.IstioMutual, EndpointProtocol.IstioMtls, Transport.IstioMtls, Transport.IstioMtls, Transport.IstioMtls, Transport.IstioMtls, Transport.IstioMtls);
        Row(TlsIntent.IstioMutual, EndpointProtocol.None, Transport.IstioMtls, Transport.IstioMtls, Transport.IstioMtls, Transport.IstioMtls, Transport.IstioMtls);
        foreach (var tls in new[] { TlsIntent.Simple, TlsIntent.Mutual })
        {
            foreach (var speaks in Enum.GetValues<EndpointProtocol>())
            {
                Row(tls, speaks, Transport.TlsOrigination, Transport.TlsOrigination, Transport.TlsOrigination, Transport.TlsOrigination, Transport.TlsOrigination);
            }
        }
        return table;
    }

    [Theory, MemberData(nameof(Table))]
    public void Outbound_WhatWasToldAndWhatIsThere_Decide(TlsIntent tls, EndpointProtocol speaks, EffectiveMode mode, Transport expected, Transport demanded)
    {
        Assert.Equal(expected, Decide(tls, speaks, mode, mustEncrypt: false).Transport);
        Assert.Equal(demanded, Decide(tls, speaks, mode, mustEncrypt: true).Transport);
    }

    [Theory]
    [InlineData(EndpointProtocol.Hbone, EffectiveMode.Permissive, Transport.Plaintext, OutboundReason.AutoMtlsOff)]
    [InlineData(EndpointProtocol.Hbone, EffectiveMode.Strict, Transport.Refuse, OutboundReason.PortRefusesPlaintext)]
    [InlineData(EndpointProtocol.None, EffectiveMode.Strict, Transport.Plaintext, OutboundReason.AutoMtlsOff)]
    public void Outbound_AutoMtlsOff_IsPlaintextUnlessRefused(EndpointProtocol speaks, EffectiveMode mode, Transport expected, OutboundReason reason) =>
        Assert.Equal(new OutboundDecision(expected, reason), OutboundDecision.Decide(s_mesh with { EnableAutoMtls = false }, ClientTls.Unsaid, new(speaks, mode), mustEncrypt: false));

    [Fact]
    public void Outbound_RuleThatCannotBeHonoured_IsRefusedWhateverElseIsSaid() => ForEach((tls, speaks, mode, must) =>
    {
        var broken = Told(tls) with { Problem = "no such credential" };
        var decision = OutboundDecision.Decide(s_mesh, broken, new(speaks, mode), must);
        Assert.Equal(new OutboundDecision(Transport.Refuse, OutboundReason.RuleCannotBeHonoured), decision);
        Assert.Equal("no such credential", decision.Words(broken));
    });

    /// <summary>Plaintext needs somebody who said so, or nobody at the other end; a demand for encryption is never overruled.</summary>
    [Fact]
    public void Outbound_Plaintext_IsNeverAFallBack() => ForEach((tls, speaks, mode, must) =>
    {
        var decision = Decide(tls, speaks, mode, must);
        if (decision.Transport == Transport.Plaintext)
        {
            Assert.False(must);
            Assert.True(tls == TlsIntent.Disable || mode == EffectiveMode.Disable || speaks == EndpointProtocol.None);
            Assert.False(speaks != EndpointProtocol.None && mode == EffectiveMode.Strict);
        }
    });

    [Fact]
    public void Outbound_EveryReason_OccursAndHasWords()
    {
        var seen = new HashSet<OutboundReason> { OutboundReason.AutoMtlsOff, OutboundReason.RuleCannotBeHonoured };
        ForEach((tls, speaks, mode, must) =>
        {
            var decision = Decide(tls, speaks, mode, must);
            seen.Add(decision.Reason);
            Assert.NotEmpty(decision.Words(Told(tls)));
        });
        Assert.Equal(Enum.GetValues<OutboundReason>(), seen.Order());
    }

    private static void ForEach(Action<TlsIntent, EndpointProtocol, EffectiveMode, bool> check)
    {
        foreach (var tls in Enum.GetValues<TlsIntent>())
        {
            foreach (var speaks in Enum.GetValues<EndpointProtocol>())
            {
                foreach (var mode in Enum.GetValues<EffectiveMode>())
                {
                    check(tls, speaks, mode, false);
                    check(tls, speaks, mode, true);
                }
            }
        }
    }

    private static OutboundDecision Decide(TlsIntent tls, EndpointProtocol speaks, EffectiveMode mode, bool mustEncrypt) =>
        OutboundDecision.Decide(s_mesh, Told(tls), new(speaks, mode), mustEncrypt);

    private static ClientTls Told(TlsIntent mode) =>
        mode == TlsIntent.Automatic ? ClientTls.Unsaid : new ClientTls(mode, null, new ObjectKey("demo", "dr"), "spec.trafficPolicy.tls");
}
