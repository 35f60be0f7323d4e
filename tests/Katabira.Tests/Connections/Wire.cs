using Katabira.Model.Connections;
using Katabira.Model.Destinations;
using Katabira.Model.Kinds;
using Katabira.Model.Mesh;
using Katabira.Model.Mtls;
using Katabira.Model.Resources;
using Katabira.Tests.Destinations;
using Katabira.Tests.Mtls;

namespace Katabira.Tests.Connections;

/// <summary>Carries out decisions on an imaginary wire: one client, one server whose application speaks plaintext, port 8080.</summary>
/// <param name="policy"><c>MODE</c> for the namespace, <c>app:MODE[/port:MODE]</c> for the workload, empty for none.</param>
/// <param name="rule">Mode of the DestinationRule's tls, <c>none</c> for a rule without, empty for no rule.</param>
internal sealed class Wire(string policy, string rule)
{
    private const ushort Port = 8080;

    private static readonly MeshSettings s_mesh = new();

    public bool ClientIsSilent { get; init; }

    public bool MustEncrypt { get; init; }

    /// <summary><c>mtls</c>, <c>plain</c> or <c>fail</c>.</summary>
    public string FromSidecar(EndpointProtocol speaks)
    {
        var decision = OutboundDecision.Decide(s_mesh, Tls(), new OutboundEndpoint(speaks, speaks == EndpointProtocol.None ? default : ModeOfServer()), MustEncrypt);
        return (decision.Transport, speaks) switch
        {
            (Transport.Refuse, _) => "fail",
            // the application behind no proxy, or behind one that looks at nothing, cannot answer a handshake
            (Transport.IstioMtls, EndpointProtocol.None) => "fail",
            (Transport.Plaintext, EndpointProtocol.None) => "plain",
            (Transport.Hbone, _) => Inbound(Arrival.Hbone, withCertificate: true),
            (Transport.IstioMtls, _) => Inbound(Arrival.IstioTls, withCertificate: true),
            (Transport.Plaintext, _) => Inbound(ClientIsSilent ? Arrival.Silence : Arrival.Plaintext, withCertificate: false),
            _ => throw new InvalidOperationException(decision.ToString()),
        };
    }

    /// <summary>A client without a sidecar, or one whose proxy is bypassed.</summary>
    public string FromNaked(Arrival arrival, bool withCertificate = false) => Inbound(arrival, withCertificate);

    private string Inbound(Arrival arrival, bool withCertificate) => (InboundDecision.Decide(ModeOfServer(), arrival).Verdict, arrival) switch
    {
        (InboundVerdict.Refuse, _) => "fail",
        (InboundVerdict.Authenticate, _) => withCertificate ? "mtls" : "fail",
        (InboundVerdict.Admit, Arrival.Hbone) => "mtls",
        (InboundVerdict.Admit, Arrival.Plaintext or Arrival.Silence) => "plain",
        // a handshake that reaches an application which speaks plaintext
        _ => "fail",
    };

    private EffectiveMode ModeOfServer() => Policies().Explain(Given.Workload("server-ns/server", "app=server"), Port).Decision.Mode;

    private Resource<PeerAuthentication>[] Policies()
    {
        if (policy.Length == 0)
        {
            return [];
        }
        if (!policy.StartsWith("app:", StringComparison.Ordinal))
        {
            return [Given.Policy("server-ns/default", policy)];
        }
        var parts = policy[4..].Split('/');
        return [Given.Policy("server-ns/server", parts[0], "app=server", parts.Length > 1 ? parts[1] : null)];
    }

    private ClientTls Tls()
    {
        var rules = DestinationRules.Of(s_mesh, rule.Length == 0 ? [] : [Rules.Rule("client-ns/dr", "*", rule == "none" ? null : rule)]);
        return rules.Find(new DestinationClient("client-ns", Given.Labels("")), new DialledService("server.server-ns.svc.cluster.local", "server-ns", 80)).Tls;
    }
}
