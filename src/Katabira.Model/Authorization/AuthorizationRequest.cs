using System.Net;

namespace Katabira.Model.Authorization;

/// <summary>What is known of a connection before its first byte is read.</summary>
/// <param name="Peer">Who opened it; null in plaintext, where nobody has proved anything.</param>
/// <param name="Source">Address of whoever opened it.</param>
/// <param name="Destination">The workload's own address.</param>
/// <param name="DestinationPort">The port the workload listens on, not the Service's.</param>
public readonly record struct AuthorizationRequest(PeerIdentity? Peer, IPAddress Source, IPAddress Destination, ushort DestinationPort)
{
    /// <summary>The client that a trusted gateway speaks for. Null if nobody speaks for anybody: the client is <see cref="Source"/>.</summary>
    public IPAddress? Remote { get; init; }

    /// <summary>The server name the client asked for; null or empty if it asked for none. Nobody vouches for it.</summary>
    public string? Sni { get; init; }
}
