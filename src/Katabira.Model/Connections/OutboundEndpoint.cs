using Katabira.Model.Mtls;

namespace Katabira.Model.Connections;

/// <summary>What is known of the other end before it is dialled.</summary>
/// <param name="Speaks">What its proxy understands; <see cref="EndpointProtocol.None"/> without one.</param>
/// <param name="Mode">What its port accepts by policy; without meaning where there is no proxy to enforce it.</param>
public readonly record struct OutboundEndpoint(EndpointProtocol Speaks, EffectiveMode Mode);

/// <summary>The best protocol that an endpoint's proxy understands.</summary>
public enum EndpointProtocol
{
    /// <summary>No proxy of any mesh: only the application itself.</summary>
    None,

    /// <summary>Mutual TLS on the application's port, as Istio's sidecars do it.</summary>
    IstioMtls,

    /// <summary>Tunnels on port 15008.</summary>
    Hbone,
}
