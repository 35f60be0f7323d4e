namespace Katabira.Model.Connections;

/// <summary>How a connection came to a workload, as far as its first bytes tell.</summary>
public enum Arrival
{
    /// <summary>Captured, and the client waits for the server to speak first.</summary>
    Silence,

    /// <summary>Captured, and the first bytes are no TLS.</summary>
    Plaintext,

    /// <summary>Captured, and a TLS handshake that does not ask for the mesh.</summary>
    ForeignTls,

    /// <summary>Captured, and a TLS handshake whose ALPN is one of Istio's: it wants the mesh's mutual TLS.</summary>
    IstioTls,

    /// <summary>A stream of an HBONE tunnel: the peer has been authenticated on the tunnel's own port.</summary>
    Hbone,
}
