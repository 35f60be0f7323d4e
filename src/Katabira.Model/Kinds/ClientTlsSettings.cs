using System.Text.Json.Serialization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;

namespace Katabira.Model.Kinds;

/// <summary>How the client's proxy encrypts connections to a service.</summary>
public sealed record ClientTlsSettings : Extensible
{
    /// <summary>What is spoken. Left out, mutual TLS wherever the other end can do it, as without this block.</summary>
    public ClientTlsMode? Mode { get; init; }

    /// <summary>File with the client's certificate, for MUTUAL.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>File with the client's private key, for MUTUAL.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>File with the authorities that may have signed the server's certificate. Left out, those of the operating system.</summary>
    public string? CaCertificates { get; init; }

    /// <summary>File with the certificates that the authorities have revoked.</summary>
    public string? CaCrl { get; init; }

    /// <summary>Secret that holds key, certificate and authorities instead of files. Sidecars heed it only in rules with a workloadSelector.</summary>
    public string? CredentialName { get; init; }

    /// <summary>Names of which the server's certificate must bear one.</summary>
    public IReadOnlyList<string>? SubjectAltNames { get; init; }

    /// <summary>The server name that is asked for.</summary>
    public string? Sni { get; init; }

    /// <summary>Accept any server certificate, for SIMPLE and MUTUAL.</summary>
    [Field(Nullable = true)]
    public bool? InsecureSkipVerify { get; init; }
}

/// <summary>What a client speaks to a service.</summary>
[JsonConverter(typeof(UpperSnakeEnum<ClientTlsMode>))]
public enum ClientTlsMode
{
    /// <summary>Plaintext.</summary>
    Disable,

    /// <summary>TLS; the client shows no certificate.</summary>
    Simple,

    /// <summary>TLS with a client certificate of the user's.</summary>
    Mutual,

    /// <summary>TLS with the mesh's own certificates; every other field should be empty.</summary>
    IstioMutual,
}
