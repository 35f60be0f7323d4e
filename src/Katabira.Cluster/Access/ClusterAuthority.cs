using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Katabira.Cluster.Access;

/// <summary>
/// The cluster's own certificate authority: one P-256 key that signs the API server's certificate and client certificates, and no
/// authority below it. Made on the first start, read again on the next ones. Thread-safe after <see cref="Open"/>.
/// </summary>
internal sealed class ClusterAuthority
{
    private const string KeyFile = "ca.key";
    private const string CertificateFile = "ca.crt";
    private const string AdminFile = "admin.pem";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private static readonly TimeSpan s_tenYears = TimeSpan.FromDays(3650);
    private static readonly TimeSpan s_oneYear = TimeSpan.FromDays(365);

    /// <summary>A clock a little behind ours still accepts a certificate of this minute.</summary>
    private static readonly TimeSpan s_backdated = TimeSpan.FromMinutes(5);

    private static readonly string[] s_names =
        ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"];

    private static readonly IPAddress[] s_addresses = [IPAddress.Loopback, IPAddress.IPv6Loopback, IPAddress.Parse("10.96.0.1")];

    private readonly PrivateFolder _folder;
    private readonly TimeProvider _time;
    private readonly string _key;
    private readonly X509Certificate2 _certificate;

    private ClusterAuthority(PrivateFolder folder, TimeProvider time, string key, string certificate)
    {
        (_folder, _time, _key, CertificatePem) = (folder, time, key, certificate);
        _certificate = X509Certificate2.CreateFromPem(certificate);
        Clients = new(_certificate, time);
    }

    /// <summary>What clients trust; no secret.</summary>
    public string CertificatePem { get; }

    /// <summary>Tells who holds a client certificate of this authority.</summary>
    public ClientCertificates Clients { get; }

    /// <summary>Reads the authority from the folder, or makes it.</summary>
    /// <exception cref="InvalidDataException">
    /// The files do not belong together, or the key of an existing certificate is gone: a silent new authority would lock every client out.
    /// </exception>
    public static ClusterAuthority Open(PrivateFolder folder, TimeProvider time)
    {
        var key = folder.Read(KeyFile);
        var certificate = folder.Read(CertificateFile);
        if (key is null && certificate is not null)
        {
            throw new InvalidDataException($"{folder.PathOf(KeyFile)} is missing: restore it, or delete the cluster and create it again");
        }
        if (key is null)
        {
            using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            key = fresh.ExportPkcs8PrivateKeyPem();
            folder.Write(KeyFile, key);
        }
        // a key without a certificate is a first start that was interrupted: nobody has seen a certificate yet
        if (certificate is null)
        {
            certificate = SelfSigned(key, time.GetUtcNow());
            folder.Write(CertificateFile, certificate);
        }
        RequirePair(folder, key, certificate);
        return new(folder, time, key, certificate);
    }

    /// <summary>The API server's certificate, for a year: its fixed names and addresses, and more.</summary>
    /// <param name="extra">More host names and addresses.</param>
    public IssuedCertificate IssueServing(IEnumerable<string> extra)
    {
        var names = new SubjectAlternativeNameBuilder();
        var more = extra.ToLookup(e => IPAddress.TryParse(e, out _));
        foreach (var name in s_names.Concat(more[false]).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            names.AddDnsName(name);
        }
        foreach (var address in s_addresses.Concat(more[true].Select(IPAddress.Parse)).Distinct())
        {
            names.AddIpAddress(address);
        }
        return Issue("kube-apiserver", [], ServerAuthentication, s_oneYear, names);
    }

    /// <summary>A client certificate.</summary>
    /// <param name="user">The user's name, at most 64 characters (the bound of a common name, RFC 5280).</param>
    /// <param name="groups">The user's groups, each within the same bound.</param>
    /// <param name="lifetime">How long it holds; never longer than the authority.</param>
    public IssuedCertificate IssueClient(string user, IEnumerable<string> groups, TimeSpan lifetime) =>
        Issue(user, groups, ClientAuthentication, lifetime, names: null);

    /// <summary>The administrator's certificate, kept in the folder; a new one when less than a third of its year is left.</summary>
    public IssuedCertificate Admin()
    {
        if (_folder.Read(AdminFile) is { } pem && ReadPair(pem) is { } kept && !kept.IsDue(_time.GetUtcNow()))
        {
            using var certificate = X509Certificate2.CreateFromPem(kept.CertificatePem);
            if (Clients.Identify(certificate).User is { IsMaster: true })
            {
                return kept;
            }
        }
        var admin = IssueClient("kubernetes-admin", [UserInfo.Masters], s_oneYear);
        _folder.Write(AdminFile, $"{admin.CertificatePem}\n{admin.KeyPem}\n");
        return admin;
    }

    private IssuedCertificate Issue(string user, IEnumerable<string> groups, string purpose, TimeSpan lifetime, SubjectAlternativeNameBuilder? names)
    {
        using var signer = ECDsa.Create();
        signer.ImportFromPem(_key);
        using var authority = _certificate.CopyWithPrivateKey(signer);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject(user, groups), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (names is not null)
        {
            request.CertificateExtensions.Add(names.Build());
        }
        var now = _time.GetUtcNow();
        var from = Later(now - s_backdated, _certificate.NotBefore);
        var to = now + lifetime < _certificate.NotAfter ? now + lifetime : _certificate.NotAfter;
        using var issued = request.Create(authority, from, to, Serial());
        return new(issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), issued.NotBefore, issued.NotAfter);
    }

    private static X500DistinguishedName Subject(string user, IEnumerable<string> groups)
    {
        // the builder writes in reverse, as a directory's path is read: what is added last comes first
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(user);
        foreach (var group in groups.Reverse())
        {
            subject.AddOrganizationName(group);
        }
        return subject.Build();
    }

    private static string SelfSigned(string keyPem, DateTimeOffset now)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(keyPem);
        // the name is unique, so that a client which trusts two clusters never takes one for the other
        var request = new CertificateRequest($"CN=kubernetes-ca-{RandomNumberGenerator.GetHexString(8, lowercase: true)}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(now - s_backdated, now + s_tenYears);
        return certificate.ExportCertificatePem();
    }

    private static void RequirePair(PrivateFolder folder, string key, string certificate)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception cause) when (cause is CryptographicException or ArgumentException)
        {
            // the cause is left out: it may quote the file
            throw new InvalidDataException($"{folder.PathOf(KeyFile)} and {folder.PathOf(CertificateFile)} do not belong together: restore both, or delete the cluster");
        }
    }

    private static IssuedCertificate? ReadPair(string pem)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPem(pem, pem);
            using var key = pair.GetECDsaPrivateKey();
            return key is null ? null : new(pair.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), pair.NotBefore, pair.NotAfter);
        }
        catch (Exception cause) when (cause is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static byte[] Serial()
    {
        // 20 octets at most and positive (RFC 5280 4.1.2.2); 127 random bits
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        serial[0] |= 0x01;
        return serial;
    }
}
