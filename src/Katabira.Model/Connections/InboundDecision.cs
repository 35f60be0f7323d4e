using Katabira.Model.Mtls;

namespace Katabira.Model.Connections;

/// <summary>What a workload's proxy does with a connection that wants in.</summary>
/// <param name="Verdict">The answer.</param>
/// <param name="Reason">Why, as a word that metrics can count.</param>
public readonly record struct InboundDecision(InboundVerdict Verdict, InboundReason Reason)
{
    /// <summary>Decides from the mode of the port and the way the connection came. Pure.</summary>
    /// <remarks>
    /// STRICT looks at every handshake whatever its ALPN, so that a client with a mesh certificate needs no special name for it.
    /// A tunnel is always mutual TLS: DISABLE turns off what happens on the application's port, never the tunnel.
    /// </remarks>
    public static InboundDecision Decide(EffectiveMode mode, Arrival arrival) => (mode, arrival) switch
    {
        (_, Arrival.Hbone) => new(InboundVerdict.Admit, InboundReason.Tunnel),
        (EffectiveMode.Disable, _) => new(InboundVerdict.Admit, InboundReason.NothingIsLookedAt),
        (_, Arrival.IstioTls) => new(InboundVerdict.Authenticate, InboundReason.MeshHandshake),
        (EffectiveMode.Strict, Arrival.ForeignTls) => new(InboundVerdict.Authenticate, InboundReason.EveryHandshake),
        (EffectiveMode.Strict, Arrival.Plaintext) => new(InboundVerdict.Refuse, InboundReason.PlaintextToStrict),
        (EffectiveMode.Strict, Arrival.Silence) => new(InboundVerdict.Refuse, InboundReason.SilenceToStrict),
        (EffectiveMode.Permissive, Arrival.Plaintext) => new(InboundVerdict.Admit, InboundReason.PlaintextAllowed),
        (EffectiveMode.Permissive, Arrival.ForeignTls) => new(InboundVerdict.Admit, InboundReason.ForeignTlsUntouched),
        (EffectiveMode.Permissive, Arrival.Silence) => new(InboundVerdict.Admit, InboundReason.ServerMaySpeakFirst),
        _ => throw new ArgumentOutOfRangeException(nameof(arrival)),
    };
}

/// <summary>The answer to a connection that wants in.</summary>
public enum InboundVerdict
{
    /// <summary>It reaches the application as it is.</summary>
    Admit,

    /// <summary>The proxy ends its TLS and demands a valid certificate of the mesh; without one the handshake fails.</summary>
    Authenticate,

    /// <summary>It is reset.</summary>
    Refuse,
}

/// <summary>Why a connection was admitted, authenticated or refused.</summary>
public enum InboundReason
{
    /// <summary>It came through a tunnel, so its peer is known.</summary>
    Tunnel,

    /// <summary>The mode is DISABLE.</summary>
    NothingIsLookedAt,

    /// <summary>It asked for the mesh's mutual TLS.</summary>
    MeshHandshake,

    /// <summary>The mode is STRICT, where every handshake must show a mesh certificate.</summary>
    EveryHandshake,

    /// <summary>The mode is PERMISSIVE.</summary>
    PlaintextAllowed,

    /// <summary>The mode is PERMISSIVE, and TLS that is not the mesh's belongs to the application.</summary>
    ForeignTlsUntouched,

    /// <summary>The mode is PERMISSIVE, and the application may be one that speaks first.</summary>
    ServerMaySpeakFirst,

    /// <summary>The mode is STRICT and the bytes are plain.</summary>
    PlaintextToStrict,

    /// <summary>The mode is STRICT and no handshake came in time.</summary>
    SilenceToStrict,
}

/// <summary>Reasons as labels and sentences.</summary>
public static class InboundReasonText
{
    /// <summary>The sentence for a log, a status or an error.</summary>
    public static string Words(this InboundReason reason) => reason switch
    {
        InboundReason.Tunnel => "it came through a tunnel of the mesh, whose peer is authenticated",
        InboundReason.NothingIsLookedAt => "the mode is DISABLE: connections reach the application untouched",
        InboundReason.MeshHandshake => "it asks for mutual TLS of the mesh",
        InboundReason.EveryHandshake => "the mode is STRICT: every TLS connection must show a certificate of the mesh",
        InboundReason.PlaintextAllowed => "the mode is PERMISSIVE: plaintext is accepted",
        InboundReason.ForeignTlsUntouched => "the mode is PERMISSIVE: TLS that is not the mesh's belongs to the application",
        InboundReason.ServerMaySpeakFirst => "the mode is PERMISSIVE and the client is silent: the application may speak first",
        InboundReason.PlaintextToStrict => "the mode is STRICT and the connection is plaintext; the client needs a sidecar, or the port PERMISSIVE",
        InboundReason.SilenceToStrict => "the mode is STRICT and the client began no handshake in time",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };
}
