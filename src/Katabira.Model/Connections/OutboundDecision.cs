using Katabira.Model.Destinations;
using Katabira.Model.Mesh;
using Katabira.Model.Mtls;

namespace Katabira.Model.Connections;

/// <summary>How a connection travels to an endpoint, or why it does not.</summary>
/// <param name="Transport">The way.</param>
/// <param name="Reason">Why, as a word that metrics can count.</param>
public readonly record struct OutboundDecision(Transport Transport, OutboundReason Reason)
{
    /// <summary>Decides from what the client was told, what the endpoint can do and accepts, and whether the connection must be encrypted. Pure.</summary>
    /// <remarks>
    /// Plaintext is never a fall-back. It is chosen where somebody said so (a DestinationRule, the port's mode, the mesh) or where there is
    /// nobody to encrypt for; and never towards a port that is known to refuse it, because the bytes would be exposed for nothing.
    /// </remarks>
    public static OutboundDecision Decide(MeshSettings settings, ClientTls tls, OutboundEndpoint endpoint, bool mustEncrypt) => tls.Mode switch
    {
        _ when tls.Problem is not null => new(Transport.Refuse, OutboundReason.RuleCannotBeHonoured),
        TlsIntent.Simple or TlsIntent.Mutual => new(Transport.TlsOrigination, OutboundReason.RuleOriginatesTls),
        TlsIntent.IstioMutual when endpoint.Speaks == EndpointProtocol.Hbone => new(Transport.Hbone, OutboundReason.RuleWantsMutualTls),
        TlsIntent.IstioMutual => new(Transport.IstioMtls, OutboundReason.RuleWantsMutualTls),
        TlsIntent.Disable => Plain(endpoint, mustEncrypt, OutboundReason.RuleDisablesTls),
        TlsIntent.Automatic when !settings.EnableAutoMtls => Plain(endpoint, mustEncrypt, OutboundReason.AutoMtlsOff),
        TlsIntent.Automatic => Automatic(endpoint, mustEncrypt),
        _ => throw new ArgumentOutOfRangeException(nameof(tls)),
    };

    private static OutboundDecision Automatic(OutboundEndpoint endpoint, bool mustEncrypt) => endpoint switch
    {
        { Speaks: EndpointProtocol.None } => Plain(endpoint, mustEncrypt, OutboundReason.NoProxyThere),
        // a tunnel works whatever the port's mode is, so the demand can be met without breaking the policy
        { Mode: EffectiveMode.Disable, Speaks: EndpointProtocol.Hbone } when mustEncrypt => new(Transport.Hbone, OutboundReason.MustBeEncrypted),
        { Mode: EffectiveMode.Disable } => Plain(endpoint, mustEncrypt, OutboundReason.PortDisablesTls),
        { Speaks: EndpointProtocol.Hbone } => new(Transport.Hbone, OutboundReason.AutoMtls),
        _ => new(Transport.IstioMtls, OutboundReason.AutoMtls),
    };

    private static OutboundDecision Plain(OutboundEndpoint endpoint, bool mustEncrypt, OutboundReason reason) =>
        mustEncrypt ? new(Transport.Refuse, OutboundReason.MustBeEncrypted)
        : endpoint is { Speaks: not EndpointProtocol.None, Mode: EffectiveMode.Strict } ? new(Transport.Refuse, OutboundReason.PortRefusesPlaintext)
        : new(Transport.Plaintext, reason);
}

/// <summary>The way a connection travels.</summary>
public enum Transport
{
    /// <summary>A stream of a tunnel between proxies, mutual TLS with mesh identities.</summary>
    Hbone,

    /// <summary>Mutual TLS with mesh identities on the application's port. The handshake decides; there is no way back to plaintext.</summary>
    IstioMtls,

    /// <summary>TLS as a DestinationRule describes it, begun by the client's proxy.</summary>
    TlsOrigination,

    /// <summary>As the application sent it.</summary>
    Plaintext,

    /// <summary>Not at all.</summary>
    Refuse,
}

/// <summary>Why a connection travels the way it does.</summary>
public enum OutboundReason
{
    /// <summary>The endpoint has an identity and a proxy, and nobody said otherwise.</summary>
    AutoMtls,

    /// <summary>A DestinationRule says ISTIO_MUTUAL.</summary>
    RuleWantsMutualTls,

    /// <summary>A DestinationRule says SIMPLE or MUTUAL.</summary>
    RuleOriginatesTls,

    /// <summary>A DestinationRule says DISABLE.</summary>
    RuleDisablesTls,

    /// <summary>The endpoint's port is DISABLE by policy.</summary>
    PortDisablesTls,

    /// <summary>The mesh does not use mutual TLS unless asked to.</summary>
    AutoMtlsOff,

    /// <summary>The endpoint has no proxy.</summary>
    NoProxyThere,

    /// <summary>The connection must be encrypted.</summary>
    MustBeEncrypted,

    /// <summary>It would be plaintext, and the endpoint's port is STRICT.</summary>
    PortRefusesPlaintext,

    /// <summary>A DestinationRule asks for TLS in a way that this proxy cannot provide.</summary>
    RuleCannotBeHonoured,
}

/// <summary>Reasons as sentences.</summary>
public static class OutboundReasonText
{
    /// <summary>The sentence for a log, a status or an error.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="tls">What it was made from: it names the rule.</param>
    public static string Words(this OutboundDecision decision, ClientTls tls) => decision.Reason switch
    {
        OutboundReason.AutoMtls => "the endpoint has an identity: mutual TLS by itself",
        OutboundReason.RuleWantsMutualTls => $"{tls.Origin} says ISTIO_MUTUAL",
        OutboundReason.RuleOriginatesTls => $"{tls.Origin} says {tls.Mode.Text()}",
        OutboundReason.RuleDisablesTls => $"{tls.Origin} says DISABLE",
        OutboundReason.PortDisablesTls => "a PeerAuthentication sets the endpoint's port to DISABLE",
        OutboundReason.AutoMtlsOff => "the mesh has enableAutoMtls: false and no DestinationRule asks for TLS",
        OutboundReason.NoProxyThere => "the endpoint has no proxy",
        OutboundReason.MustBeEncrypted when decision.Transport == Transport.Hbone => "the connection must be encrypted, and a tunnel works whatever the port's mode",
        OutboundReason.MustBeEncrypted => "the connection must be encrypted, and this endpoint cannot be reached so; give it a sidecar, or take the demand back",
        OutboundReason.PortRefusesPlaintext => $"it would be plaintext ({tls.Origin}), and the endpoint's port is STRICT; take the rule away or say ISTIO_MUTUAL",
        OutboundReason.RuleCannotBeHonoured => tls.Problem!,
        _ => throw new ArgumentOutOfRangeException(nameof(decision)),
    };
}
