using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Katabira.Cluster.Access;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Access;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ClusterAuthorityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SteppedTime _time = new();
    private readonly List<string> _told = [];

    public void Dispose() => _folder.Dispose();

    private ClusterAuthority Open() => ClusterAuthority.Open(PrivateFolder.Open(Path.Combine(_folder.Path, "pki"), _told.Add), _time);

    private string At(string file) => Path.Combine(_folder.Path, "pki", file);

    [Fact]
    public void Open_Again_IsTheSameAuthorityInFilesOfTheOwner()
    {
        var first = Open().CertificatePem;
        Assert.Equal(first, Open().CertificatePem);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("ca.key")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(At("")));
        Assert.Empty(_told);
        using var certificate = X509Certificate2.CreateFromPem(first);
        Assert.Equal(_time.Now.AddDays(3650), certificate.NotAfter);
    }

    [Fact]
    public void Open_KeyReadableByOthers_ClosesItAndSaysSo()
    {
        Open();
        File.SetUnixFileMode(At("ca.key"), (UnixFileMode)0b110_100_100);
        Open();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("ca.key")));
        Assert.Contains("mode 0644", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_InterruptedFirstStart_GoesOnWithTheKey()
    {
        Open();
        var key = File.ReadAllText(At("ca.key"));
        File.Delete(At("ca.crt"));
        File.WriteAllText(At("ca.crt.1234.unfinished"), "half");
        var authority = Open();
        Assert.Equal(key, File.ReadAllText(At("ca.key")));
        Assert.False(File.Exists(At("ca.crt.1234.unfinished")));
        using var _ = X509Certificate2.CreateFromPem(authority.CertificatePem, key);
    }

    [Fact]
    public void Open_KeyGone_RefusesToMakeAnother()
    {
        Open();
        File.Delete(At("ca.key"));
        Assert.Contains("ca.key is missing", Assert.Throws<InvalidDataException>(Open).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not a key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nc2VjcmV0c2VjcmV0\n-----END PRIVATE KEY-----")]
    public void Open_KeyDamaged_IsRefusedWithoutItsContent(string text)
    {
        Open();
        File.WriteAllText(At("ca.key"), text);
        var error = Assert.Throws<InvalidDataException>(Open).ToString();
        Assert.DoesNotContain("c2VjcmV0", error, StringComparison.Ordinal);
        Assert.Contains("do not belong together", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_KeyOfAnotherAuthority_IsRefused()
    {
        Open();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(At("ca.key"), other.ExportPkcs8PrivateKeyPem());
        Assert.Throws<InvalidDataException>(Open);
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("kubernetes", true)]
    [InlineData("kubernetes.default.svc", true)]
    [InlineData("kubernetes.default.svc.cluster.local", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("10.96.0.1", true)]
    [InlineData("api.example", true)]
    [InlineData("192.0.2.7", true)]
    [InlineData("other.example", false)]
    [InlineData("192.0.2.8", false)]
    public void IssueServing_Name_IsCovered(string name, bool covered)
    {
        using var certificate = Open().IssueServing(["api.example", "192.0.2.7", "localhost"]).ToCertificate();
        Assert.Equal(covered, certificate.MatchesHostname(name, allowWildcards: false, allowCommonName: false));
    }

    [Fact]
    public void Admin_InTime_IsKept_AndRenewedInTheLastThird()
    {
        var first = Open().Admin();
        Assert.Equal(first, Open().Admin());
        _time.Now += TimeSpan.FromDays(240);
        Assert.Equal(first.CertificatePem, Open().Admin().CertificatePem);
        _time.Now += TimeSpan.FromDays(10);
        var second = Open().Admin();
        Assert.NotEqual(first.CertificatePem, second.CertificatePem);
        Assert.False(second.IsDue(_time.Now));
        Assert.Equal(second.CertificatePem, Open().Admin().CertificatePem);
    }

    [Fact]
    public void Admin_FileOfSomebodyElse_IsReplaced()
    {
        var authority = Open();
        var admin = authority.Admin();
        var ordinary = authority.IssueClient("bob", [], TimeSpan.FromDays(365));
        File.WriteAllText(At("admin.pem"), ordinary.CertificatePem + "\n" + ordinary.KeyPem);
        Assert.NotEqual(ordinary.CertificatePem, authority.Admin().CertificatePem);
        File.WriteAllText(At("admin.pem"), "garbage");
        Assert.NotEqual(admin.CertificatePem, authority.Admin().CertificatePem);
    }

    [Fact]
    public void ToString_IssuedCertificate_HasNoKey() =>
        Assert.DoesNotContain("PRIVATE", Open().Admin().ToString(), StringComparison.Ordinal);

    [Fact]
    public void Write_Kubeconfig_HoldsAllThreeAndQuotesTheName()
    {
        var authority = Open();
        var admin = authority.Admin();
        var json = YamlJson.Node(Kubeconfig.Write("kata: \"b\"\n- x", new Uri("https://127.0.0.1:6443/"), authority.CertificatePem, admin))!;
        Assert.Equal("https://127.0.0.1:6443", (string?)json["clusters"]![0]!["cluster"]!["server"]);
        Assert.Equal("kata: \"b\"\n- x", (string?)json["current-context"]);
        Assert.Equal("kata: \"b\"\n- x", (string?)json["contexts"]![0]!["context"]!["user"]);
        var user = json["users"]![0]!["user"]!;
        string Pem(string? base64) => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(base64!));
        using var pair = X509Certificate2.CreateFromPem(Pem((string?)user["client-certificate-data"]), Pem((string?)user["client-key-data"]));
        Assert.True(authority.Clients.Identify(pair).User!.IsMaster);
        Assert.Equal(authority.CertificatePem.Trim(), Pem((string?)json["clusters"]![0]!["cluster"]!["certificate-authority-data"]).Trim());
    }
}
