using Katabira.Model.Kinds;
using Katabira.Model.Validation;

namespace Katabira.Model.Authorization;

/// <summary>A request as clauses read it: by attribute, addresses as numbers. Lives on the stack of one decision.</summary>
internal readonly ref struct ConnectionFacts
{
    private readonly AddressBits _source;
    private readonly AddressBits _destination;
    private readonly AddressBits _remote;
    private readonly string? _sni;

    public ConnectionFacts(in AuthorizationRequest request)
    {
        Peer = request.Peer;
        Port = request.DestinationPort;
        _source = AddressBits.Of(request.Source);
        _destination = AddressBits.Of(request.Destination);
        _remote = request.Remote is null ? _source : AddressBits.Of(request.Remote);
        _sni = string.IsNullOrEmpty(request.Sni) ? null : request.Sni;
    }

    public PeerIdentity? Peer { get; }

    public ushort Port { get; }

    /// <summary>A text that the connection has; null if it has none.</summary>
    public string? Text(AuthorizationAttribute attribute) => attribute switch
    {
        AuthorizationAttribute.SourcePrincipal => Peer?.Principal,
        AuthorizationAttribute.SourceNamespace => Peer?.Namespace,
        AuthorizationAttribute.SourceTrustDomain => Peer?.TrustDomain,
        _ => _sni,
    };

    /// <summary>One of the addresses.</summary>
    public AddressBits Address(AuthorizationAttribute attribute) => attribute switch
    {
        AuthorizationAttribute.SourceIp => _source,
        AuthorizationAttribute.RemoteIp => _remote,
        _ => _destination,
    };
}
