using System.Security.Cryptography.X509Certificates;
using Katabira.Cluster.Access;
using Xunit;

namespace Katabira.Tests.Cluster.Access;

public sealed class AuthenticatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _strangers = new();
    private readonly SteppedTime _time = new();
    private readonly ClusterAuthority _authority;
    private readonly ServiceAccountTokens _tokens;
    private readonly Authenticator _authenticator;
    private readonly string _token;

    public AuthenticatorTests()
    {
        var folder = PrivateFolder.Open(_folder.Path, _ => { });
        _authority = ClusterAuthority.Open(folder, _time);
        _tokens = new(SigningKeys.Open(folder), _time, (_, _, _, _) => "u");
        _authenticator = new(_authority.Clients, _tokens);
        _token = _tokens.Issue("shop", "cart", "u", ServiceAccountTokens.DefaultAudiences, TimeSpan.FromHours(1), null).Token;
    }

    public void Dispose()
    {
        _folder.Dispose();
        _strangers.Dispose();
    }

    [Theory]
    [InlineData("Bearer T", "system:serviceaccount:shop:cart")]
    [InlineData("bearer T", "system:serviceaccount:shop:cart")]
    [InlineData(" Bearer T ", "system:serviceaccount:shop:cart")]
    [InlineData("Bearer T,T", null)]
    [InlineData("Bearer  T", null)]
    [InlineData("Bearer T T", null)]
    [InlineData("Bearer x", null)]
    [InlineData("Basic YTpi", "system:anonymous")]
    [InlineData("BearerT", "system:anonymous")]
    [InlineData("Bearer", "system:anonymous")]
    [InlineData("", "system:anonymous")]
    [InlineData(null, "system:anonymous")]
    public void Authenticate_Header_IsUserAnonymousOrBad(string? header, string? user) =>
        Assert.Equal(user, _authenticator.Authenticate(null, [header?.Replace("T", _token, StringComparison.Ordinal)]).User?.Name);

    [Fact]
    public void Authenticate_NoCredentials_IsAnonymous() => Assert.Equal(UserInfo.Anonymous, _authenticator.Authenticate(null, []).User);

    [Fact]
    public void Authenticate_TwoHeaders_AreBad()
    {
        Assert.Null(_authenticator.Authenticate(null, ["Bearer " + _token, "Bearer " + _token]).User);
        Assert.Null(_authenticator.Authenticate(null, ["Basic YTpi", "Bearer " + _token]).User);
    }

    [Fact]
    public void Authenticate_HugeHeader_IsBad() => Assert.Equal(
        "the Authorization header is too long", _authenticator.Authenticate(null, ["Bearer " + new string('a', 1 << 20)]).Why);

    [Fact]
    public void Authenticate_BadToken_IsNotInTheReason()
    {
        var bad = _token[..^6] + "AAAAAA";
        Assert.DoesNotContain(bad[^20..], _authenticator.Authenticate(null, ["Bearer " + bad]).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Authenticate_CertificateAndToken_CertificateIsTheUser()
    {
        using var certificate = _authority.IssueClient("jane", [], TimeSpan.FromDays(1)).ToCertificate();
        Assert.Equal("jane", _authenticator.Authenticate(certificate, ["Bearer bad"]).User?.Name);
    }

    [Fact]
    public void Authenticate_StrangersCertificate_IsBadUnlessATokenIsGood()
    {
        var other = ClusterAuthority.Open(PrivateFolder.Open(_strangers.Path, _ => { }), _time);
        using X509Certificate2 stranger = other.Admin().ToCertificate();
        Assert.Null(_authenticator.Authenticate(stranger, []).User);
        Assert.Null(_authenticator.Authenticate(stranger, ["Bearer x"]).User);
        Assert.Equal("system:serviceaccount:shop:cart", _authenticator.Authenticate(stranger, ["Bearer " + _token]).User?.Name);
    }
}
