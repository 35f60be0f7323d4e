using System.Text.Json.Serialization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;

namespace Katabira.Model.Kinds;

/// <summary>What a listener does with TLS, and the certificates it shows.</summary>
[Cel("!has(self.credentialNames) || !has(self.tlsCertificates)", "only one of credentialNames or tlsCertificates can be set")]
[Cel("!has(self.credentialName) || !has(self.credentialNames)", "only one of credentialName or credentialNames can be set")]
[Cel("!has(self.credentialName) || self.credentialName == '' || !has(self.tlsCertificates)", "only one of credentialName or tlsCertificates can be set")]
public sealed record ServerTlsSettings : Extensible
{
    /// <summary>Answer plaintext requests with a redirect to https. For HTTP ports.</summary>
    public bool? HttpsRedirect { get; init; }

    /// <summary>Who ends TLS, and whether clients show certificates. Left out, PASSTHROUGH.</summary>
    public ServerTlsMode? Mode { get; init; }

    /// <summary>File with the server's certificate.</summary>
    public string? ServerCertificate { get; init; }

    /// <summary>File with the server's private key.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>File with the authorities that may have signed a client's certificate.</summary>
    public string? CaCertificates { get; init; }

    /// <summary>File with the certificates that those authorities have revoked.</summary>
    public string? CaCrl { get; init; }

    /// <summary>Secret that holds key, certificate and authorities instead of files.</summary>
    public string? CredentialName { get; init; }

    /// <summary>Secrets with certificates of different algorithms for the same names.</summary>
    [Field(MinItems = 1, MaxItems = 2)]
    public IReadOnlyList<string>? CredentialNames { get; init; }

    /// <summary>Secret or ConfigMap with the authorities for clients' certificates; goes before those of the credentials.</summary>
    public string? CaCertCredentialName { get; init; }

    /// <summary>Files with certificates of different algorithms for the same names.</summary>
    [Field(MinItems = 1, MaxItems = 2)]
    public IReadOnlyList<ServerCertificate>? TlsCertificates { get; init; }

    /// <summary>Names of which a client's certificate must bear one, for MUTUAL.</summary>
    public IReadOnlyList<string>? SubjectAltNames { get; init; }

    /// <summary>SHA-256 hashes, in base64, of public keys that clients may have.</summary>
    public IReadOnlyList<string>? VerifyCertificateSpki { get; init; }

    /// <summary>SHA-256 hashes, in hexadecimal, of certificates that clients may have.</summary>
    public IReadOnlyList<string>? VerifyCertificateHash { get; init; }

    /// <summary>The oldest version that is spoken. Left out, TLSV1_2.</summary>
    public TlsProtocol? MinProtocolVersion { get; init; }

    /// <summary>The newest version that is spoken. Left out, the newest there is.</summary>
    public TlsProtocol? MaxProtocolVersion { get; init; }

    /// <summary>The only ciphers that are spoken, by OpenSSL's names. Left out, all good ones.</summary>
    public IReadOnlyList<string>? CipherSuites { get; init; }

    /// <summary>Ask clients for certificates, but let in those with a bad one too.</summary>
    [Field(Nullable = true)]
    public bool? InsecureSkipVerify { get; init; }

    /// <summary>The mode that holds, said or not.</summary>
    [JsonIgnore]
    public ServerTlsMode EffectiveMode => Mode ?? ServerTlsMode.Passthrough;
}

/// <summary>A certificate with its key.</summary>
public sealed record ServerCertificate : Extensible
{
    /// <summary>File with the certificate.</summary>
    [JsonPropertyName("serverCertificate")]
    public string? Certificate { get; init; }

    /// <summary>File with its private key.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>File with the authorities that may have signed a client's certificate.</summary>
    public string? CaCertificates { get; init; }
}

/// <summary>Who ends TLS, and whether clients show certificates.</summary>
[JsonConverter(typeof(UpperSnakeEnum<ServerTlsMode>))]
public enum ServerTlsMode
{
    /// <summary>Not we: the connection goes on untouched, to where a route for its server name says.</summary>
    Passthrough,

    /// <summary>We do; clients show none.</summary>
    Simple,

    /// <summary>We do; clients must show one.</summary>
    Mutual,

    /// <summary>Not we: the server name itself says which service of the mesh is meant.</summary>
    AutoPassthrough,

    /// <summary>We do, with the mesh's own certificates on both sides; no other field may be set.</summary>
    IstioMutual,

    /// <summary>We do; clients may show one.</summary>
    OptionalMutual,
}

/// <summary>Version of TLS.</summary>
[JsonConverter(typeof(UpperSnakeEnum<TlsProtocol>))]
public enum TlsProtocol
{
    /// <summary>The best there is.</summary>
    TlsAuto,

    /// <summary>1.0, broken.</summary>
    [JsonStringEnumMemberName("TLSV1_0")]
    Tls10,

    /// <summary>1.1, broken.</summary>
    [JsonStringEnumMemberName("TLSV1_1")]
    Tls11,

    /// <summary>1.2.</summary>
    [JsonStringEnumMemberName("TLSV1_2")]
    Tls12,

    /// <summary>1.3.</summary>
    [JsonStringEnumMemberName("TLSV1_3")]
    Tls13,
}
