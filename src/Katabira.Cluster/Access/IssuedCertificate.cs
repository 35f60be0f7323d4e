using System.Security.Cryptography.X509Certificates;

namespace Katabira.Cluster.Access;

/// <summary>A certificate with its private key, as PEM text. Keep it out of logs; <see cref="ToString"/> shows neither.</summary>
/// <param name="CertificatePem">One certificate.</param>
/// <param name="KeyPem">Its private key, PKCS#8.</param>
/// <param name="NotBefore">Start of validity.</param>
/// <param name="NotAfter">End of validity.</param>
internal sealed record IssuedCertificate(string CertificatePem, string KeyPem, DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    /// <summary>For a TLS library. The caller disposes it.</summary>
    public X509Certificate2 ToCertificate() => X509Certificate2.CreateFromPem(CertificatePem, KeyPem);

    /// <summary>True once less than a third of the validity is left.</summary>
    public bool IsDue(DateTimeOffset now) => NotAfter - now < (NotAfter - NotBefore) / 3;

    public override string ToString() => $"certificate until {NotAfter:O}";
}
