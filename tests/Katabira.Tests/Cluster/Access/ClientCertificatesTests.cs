using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Katabira.Cluster.Access;
using Xunit;

namespace Katabira.Tests.Cluster.Access;

public sealed class ClientCertificatesTests : IDisposable
{
    private const string ForClients = "1.3.6.1.5.5.7.3.2";
    private readonly TemporaryFolder _folder = new();
    private readonly SteppedTime _time = new();
    private readonly ClusterAuthority _authority;

    public ClientCertificatesTests() => _authority = ClusterAuthority.Open(PrivateFolder.Open(_folder.Path, _ => { }), _time);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Identify_OurCertificate_IsUserAndGroups()
    {
        using var certificate = _authority.IssueClient("jane", ["dev", "ops"], TimeSpan.FromDays(1)).ToCertificate();
        var user = _authority.Clients.Identify(certificate).User;
        Assert.Equal(new UserInfo("jane", ["dev", "ops", "system:authenticated"]), user);
    }

    [Fact]
    public void Identify_ManyGroupsInOneSet_AsGoWritesThem_AreAllRead()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSetOf())
            {
                Attribute(writer, "2.5.4.10", "dev");
                Attribute(writer, "2.5.4.10", "ops");
            }
            using (writer.PushSetOf())
            {
                Attribute(writer, "2.5.4.3", "jane");
            }
        }
        using var certificate = Sign(new X500DistinguishedName(writer.Encode()));
        Assert.Equal(new UserInfo("jane", ["dev", "ops", "system:authenticated"]), _authority.Clients.Identify(certificate).User);
    }

    [Theory]
    [InlineData("O=dev")]
    [InlineData("CN=a, CN=b")]
    [InlineData("OU=system:masters")]
    public void Identify_OddSubject_IsRefused(string subject)
    {
        using var certificate = Sign(new X500DistinguishedName(subject));
        Refused(certificate);
    }

    [Fact]
    public void Identify_ControlCharacterInName_IsRefused()
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName("bob\u0000.admin");
        using var certificate = Sign(builder.Build());
        Refused(certificate);
    }

    [Fact]
    public void Identify_AnotherAuthorityOfTheSameName_IsRefused()
    {
        using var ours = X509Certificate2.CreateFromPem(_authority.CertificatePem);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(ours.SubjectName, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        using var twin = request.CreateSelfSigned(_time.Now.AddDays(-1), _time.Now.AddDays(100));
        using var certificate = Sign(new X500DistinguishedName("CN=bob, O=system:masters"), twin);
        Refused(certificate);
    }

    [Fact]
    public void Identify_SelfSigned_IsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=bob, O=system:masters", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ForClients)], false));
        using var certificate = request.CreateSelfSigned(_time.Now.AddDays(-1), _time.Now.AddDays(100));
        Refused(certificate);
    }

    [Fact]
    public void Identify_IssuedByAClientCertificate_IsRefused()
    {
        using var client = _authority.IssueClient("jane", [], TimeSpan.FromDays(9)).ToCertificate();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=bob, O=system:masters", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ForClients)], false));
        using var signer = client.GetECDsaPrivateKey()!;
        using var certificate = request.Create(client.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), _time.Now.AddMinutes(-1), _time.Now.AddDays(1), [1]);
        Refused(certificate);
    }

    [Fact]
    public void Identify_ServingCertificateOrAuthorityItself_IsNoClient()
    {
        using var serving = _authority.IssueServing([]).ToCertificate();
        using var authority = X509Certificate2.CreateFromPem(_authority.CertificatePem);
        Refused(serving);
        Refused(authority);
        using var anyPurpose = Sign(new X500DistinguishedName("CN=bob"), purpose: null);
        Refused(anyPurpose);
    }

    [Fact]
    public void Identify_ValidityEndsOnAnOpenConnection_IsRefusedFromThenOn()
    {
        using var certificate = _authority.IssueClient("jane", [], TimeSpan.FromHours(1)).ToCertificate();
        Assert.NotNull(_authority.Clients.Identify(certificate).User);
        _time.Now += TimeSpan.FromHours(1.1);
        Refused(certificate);
        using var unseen = X509CertificateLoader.LoadCertificate(certificate.RawData);
        Refused(unseen);
    }

    private void Refused(X509Certificate2 certificate)
    {
        var verdict = _authority.Clients.Identify(certificate);
        Assert.Null(verdict.User);
        Assert.NotEmpty(verdict.Why);
    }

    private static void Attribute(AsnWriter writer, string kind, string text)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(kind);
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, text);
        }
    }

    /// <summary>A certificate that our authority would never issue, signed by it or by another.</summary>
    private X509Certificate2 Sign(X500DistinguishedName subject, X509Certificate2? by = null, string? purpose = ForClients)
    {
        using var ours = X509Certificate2.CreateFromPem(_authority.CertificatePem, File.ReadAllText(Path.Combine(_folder.Path, "ca.key")));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (purpose is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        }
        return request.Create(by ?? ours, _time.Now.AddMinutes(-1), _time.Now.AddDays(1), [7, 7]);
    }
}
