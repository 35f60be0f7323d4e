using Katabira.Model.Connections;
using Xunit;

namespace Katabira.Tests.Connections;

/// <summary>Istio's reachability matrix, every row, as decisions: S has a sidecar, N has none. Each row is tried with tunnels and with classic mutual TLS.</summary>
public class ReachabilityTests
{
    public static TheoryData<string, string, string, string, string, string> Matrix => new()
    {
        // name, PeerAuthentication of the server's side, DestinationRule tls of the client's side, S→S, S→N, N→S
        { "global mtls strict", "STRICT", "ISTIO_MUTUAL", "mtls", "fail", "fail" },
        { "global mtls permissive", "PERMISSIVE", "ISTIO_MUTUAL", "mtls", "fail", "plain" },
        { "global mtls disabled", "DISABLE", "DISABLE", "plain", "plain", "plain" },
        { "global plaintext to mtls permissive", "PERMISSIVE", "DISABLE", "plain", "plain", "plain" },
        { "global automtls strict", "STRICT", "", "mtls", "plain", "fail" },
        { "global automtls disable", "DISABLE", "", "plain", "plain", "plain" },
        { "global automtls passthrough (a rule without tls)", "", "none", "mtls", "plain", "plain" },
        { "global no peer authn", "", "ISTIO_MUTUAL", "mtls", "fail", "plain" },
        { "mtls strict (workload)", "app:STRICT", "ISTIO_MUTUAL", "mtls", "fail", "fail" },
        { "mtls permissive (workload)", "app:PERMISSIVE", "ISTIO_MUTUAL", "mtls", "fail", "plain" },
        { "mtls disabled (workload)", "app:DISABLE", "DISABLE", "plain", "plain", "plain" },
        { "mtls port override", "app:STRICT/8080:DISABLE", "", "plain", "plain", "plain" },
    };

    [Theory, MemberData(nameof(Matrix))]
    public void Reachability_WithTunnels(string name, string policy, string rule, string sidecarToSidecar, string sidecarToNaked, string nakedToSidecar) =>
        AssertRow(EndpointProtocol.Hbone, name, policy, rule, sidecarToSidecar, sidecarToNaked, nakedToSidecar);

    [Theory, MemberData(nameof(Matrix))]
    public void Reachability_WithClassicSidecars(string name, string policy, string rule, string sidecarToSidecar, string sidecarToNaked, string nakedToSidecar) =>
        AssertRow(EndpointProtocol.IstioMtls, name, policy, rule, sidecarToSidecar, sidecarToNaked, nakedToSidecar);

    /// <summary>A virtual service sends /vistio to the subset with sidecars and /vlegacy to the one without, under a STRICT namespace.</summary>
    [Theory]
    [InlineData("migration no tls", "", "mtls", "plain")]
    [InlineData("migration tls disabled", "DISABLE", "fail", "plain")]
    [InlineData("migration tls mutual", "ISTIO_MUTUAL", "mtls", "fail")]
    public void Migration_EachSubset(string name, string rule, string withSidecar, string legacy)
    {
        foreach (var speaks in new[] { EndpointProtocol.Hbone, EndpointProtocol.IstioMtls })
        {
            var world = new Wire("STRICT", rule);
            Assert.Equal((name, withSidecar, legacy), (name, world.FromSidecar(speaks), world.FromSidecar(EndpointProtocol.None)));
        }
    }

    /// <summary>A server that speaks first, on a port whose protocol is declared.</summary>
    [Theory]
    [InlineData("DISABLE", "DISABLE", "plain")]
    [InlineData("DISABLE", "STRICT", "fail")]
    [InlineData("ISTIO_MUTUAL", "PERMISSIVE", "mtls")]
    [InlineData("ISTIO_MUTUAL", "STRICT", "mtls")]
    // better than Istio, whose inbound sniffing stalls: after a moment of silence the application is dialled and speaks
    [InlineData("DISABLE", "PERMISSIVE", "plain")]
    // better than Istio, which hands the handshake to the application: a tunnel does not touch the application's port
    [InlineData("ISTIO_MUTUAL", "DISABLE", "mtls")]
    public void ServerFirst_OverTunnels(string rule, string policy, string expected) =>
        Assert.Equal(expected, new Wire(policy, rule) { ClientIsSilent = true }.FromSidecar(EndpointProtocol.Hbone));

    private static void AssertRow(EndpointProtocol speaks, string name, string policy, string rule, string sidecarToSidecar, string sidecarToNaked, string nakedToSidecar)
    {
        var world = new Wire(policy, rule);
        Assert.Equal(
            (name, sidecarToSidecar, sidecarToNaked, nakedToSidecar),
            (name, world.FromSidecar(speaks), world.FromSidecar(EndpointProtocol.None), world.FromNaked(Arrival.Plaintext)));
    }
}
