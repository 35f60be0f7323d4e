using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Katabira.Cluster.Access;

/// <summary>
/// Tells who holds a client certificate: signed by this one authority itself, valid now, meant for clients. The common name is the user,
/// the organizations are the groups. Thread-safe. The verdict on a certificate object is kept as long as the object, which is a connection's life.
/// </summary>
internal sealed class ClientCertificates(X509Certificate2 authority, TimeProvider time)
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string CommonName = "2.5.4.3";
    private const string Organization = "2.5.4.10";

    /// <summary>More than any certificate of ours; each is looked up in every request.</summary>
    private const int MostGroups = 128;

    private const int LongestName = 256;
    private readonly ConditionalWeakTable<X509Certificate2, Verdict> _verdicts = [];

    /// <summary>The holder, or why the certificate is none of ours. Proof that the caller has the key is TLS's business.</summary>
    public Verdict Identify(X509Certificate2 certificate)
    {
        var verdict = _verdicts.GetValue(certificate, Judge);
        if (verdict.User is null)
        {
            return verdict;
        }
        var now = time.GetUtcNow();
        return now < certificate.NotBefore || now > certificate.NotAfter ? new(null, "the certificate is expired or not valid yet") : verdict;
    }

    private Verdict Judge(X509Certificate2 certificate)
    {
        if (!IsForClients(certificate))
        {
            return new(null, "the certificate is not meant for clients");
        }
        if (!IsSignedByUs(certificate))
        {
            return new(null, "the certificate is not of this cluster's authority, or not valid now");
        }
        try
        {
            return Read(certificate.SubjectName);
        }
        catch (Exception cause) when (cause is AsnContentException or CryptographicException)
        {
            return new(null, "the certificate's subject cannot be read");
        }
    }

    private bool IsSignedByUs(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        // exactly leaf and authority: we have no authority below it
        var built = chain.Build(certificate) && chain.ChainElements.Count == 2
            && chain.ChainElements[1].Certificate.RawDataMemory.Span.SequenceEqual(authority.RawDataMemory.Span);
        foreach (var element in chain.ChainElements)
        {
            element.Certificate.Dispose();
        }
        return built;
    }

    /// <summary>A certificate without the extension would serve any purpose; ours always name one.</summary>
    private static bool IsForClients(X509Certificate2 certificate) => certificate.Extensions
        .OfType<X509EnhancedKeyUsageExtension>()
        .Any(e => e.EnhancedKeyUsages.Cast<Oid>().Any(o => o.Value == ClientAuthentication));

    /// <summary>Go writes all organizations into one set and we write a set for each: both are read.</summary>
    private static Verdict Read(X500DistinguishedName subject)
    {
        var user = "";
        var groups = ImmutableArray.CreateBuilder<string>();
        var names = new AsnReader(subject.RawData, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            var set = names.ReadSetOf();
            while (set.HasData)
            {
                var pair = set.ReadSequence();
                var kind = pair.ReadObjectIdentifier();
                if (kind is not (CommonName or Organization))
                {
                    continue;
                }
                var tag = (UniversalTagNumber)pair.PeekTag().TagValue;
                var text = pair.ReadCharacterString(tag);
                if (text.Length is 0 or > LongestName || text.Any(char.IsControl))
                {
                    return new(null, "the certificate's subject has an empty, overlong or unprintable name");
                }
                if (kind == Organization)
                {
                    groups.Add(text);
                }
                else if (user.Length > 0)
                {
                    return new(null, "the certificate names two users");
                }
                else
                {
                    user = text;
                }
            }
        }
        return (user.Length, groups.Count) switch
        {
            (0, _) => new(null, "the certificate names no user"),
            (_, > MostGroups) => new(null, "the certificate names too many groups"),
            _ => new(new UserInfo(user, [.. groups.Append(UserInfo.Authenticated).Distinct()]), ""),
        };
    }

    /// <summary>Who, or why not; exactly one is set.</summary>
    /// <param name="Why">For the log of the server, not for the caller.</param>
    internal sealed record Verdict(UserInfo? User, string Why);
}
