using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Xunit;

namespace Katabira.Tests.Cluster.Access;

public sealed class ServiceAccountTokensTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SteppedTime _time = new();
    private readonly Dictionary<string, string> _alive = new() { ["serviceaccounts/shop/cart"] = "sa-1", ["pods/shop/cart-0"] = "pod-1" };
    private readonly SigningKeys _keys;
    private readonly ServiceAccountTokens _tokens;

    public ServiceAccountTokensTests()
    {
        _keys = SigningKeys.Open(PrivateFolder.Open(_folder.Path, _ => { }));
        _tokens = new(_keys, _time, FindUid);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Verify_OwnToken_IsTheServiceAccount()
    {
        var user = Verify(Issue()).User!;
        Assert.Equal("system:serviceaccount:shop:cart", user.Name);
        Assert.Equal("sa-1", user.Uid);
        Assert.Equal(["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"], user.Groups);
        Assert.Equal(["pod-1"], user.Extra["authentication.kubernetes.io/pod-uid"]);
        Assert.Equal(["cart-0"], user.Extra["authentication.kubernetes.io/pod-name"]);
    }

    [Fact]
    public void Issue_Claims_AreThoseOfKubernetes()
    {
        var claims = Part(Issue(), 1);
        var now = _time.Now.ToUnixTimeSeconds();
        Assert.Equal(ServiceAccountTokens.Issuer, (string?)claims["iss"]);
        Assert.Equal((now, now, now + 3600), ((long)claims["iat"]!, (long)claims["nbf"]!, (long)claims["exp"]!));
        Assert.Equal("""{"namespace":"shop","serviceaccount":{"name":"cart","uid":"sa-1"},"pod":{"name":"cart-0","uid":"pod-1"}}""", claims["kubernetes.io"]!.ToJsonString());
    }

    [Fact]
    public void Verify_AfterItsTime_IsRefused()
    {
        var token = Issue();
        _time.Now += TimeSpan.FromSeconds(3605);
        Assert.NotNull(Verify(token).User);
        _time.Now += TimeSpan.FromSeconds(6);
        Assert.Equal("service account token has expired", Verify(token).Error);
        _time.Now -= TimeSpan.FromHours(2);
        Assert.Equal("service account token is not valid yet", Verify(token).Error);
    }

    [Fact]
    public void Verify_AudiencesOfToken_MustMeetThoseOfTheReader()
    {
        var token = _tokens.Issue("shop", "cart", "sa-1", ["mesh", "vault"], TimeSpan.FromHours(1), null).Token;
        Assert.Null(Verify(token).User);
        Assert.Equal(["vault"], _tokens.Verify(token, ["vault", "x"]).Audiences);
        Assert.Null(_tokens.Verify(token, []).User);
        Assert.Null(_tokens.Verify(token, ["Vault", "vault "]).User);
    }

    [Theory]
    [InlineData("serviceaccounts/shop/cart")]
    [InlineData("pods/shop/cart-0")]
    public void Verify_ObjectGoneOrMadeAgain_IsRefused(string key)
    {
        var token = Issue();
        _alive[key] = "another";
        Assert.Equal("service account token has been invalidated", Verify(token).Error);
        _alive.Remove(key);
        Assert.Equal("service account token has been invalidated", Verify(token).Error);
    }

    [Fact]
    public void Verify_AcrossRotations_HoldsForTwo()
    {
        var token = Issue();
        _keys.Rotate();
        var second = Issue();
        Assert.NotEqual((string?)Part(token, 0)["kid"], (string?)Part(second, 0)["kid"]);
        _keys.Rotate();
        Assert.NotNull(Verify(token).User);
        var again = new ServiceAccountTokens(SigningKeys.Open(PrivateFolder.Open(_folder.Path, _ => { })), _time, FindUid);
        Assert.NotNull(again.Verify(token, ServiceAccountTokens.DefaultAudiences).User);
        _keys.Rotate();
        Assert.Equal("the token's key is unknown", Verify(token).Error);
        Assert.NotNull(Verify(second).User);
    }

    [Fact]
    public void Open_KeyFileDamaged_IsRefusedWithoutItsContent()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "service-accounts.pem"), "-----BEGIN PRIVATE KEY-----\nc2VjcmV0c2VjcmV0\n-----END PRIVATE KEY-----");
        var error = Assert.Throws<InvalidDataException>(() => SigningKeys.Open(PrivateFolder.Open(_folder.Path, _ => { })));
        Assert.DoesNotContain("c2VjcmV0", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"alg\":\"none\",\"kid\":\"K\"}")]
    [InlineData("{\"alg\":\"None\",\"kid\":\"K\"}")]
    [InlineData("{\"alg\":\"HS256\",\"kid\":\"K\"}")]
    [InlineData("{\"alg\":\"RS256\",\"kid\":\"K\"}")]
    [InlineData("{\"alg\":[\"ES256\"],\"kid\":\"K\"}")]
    [InlineData("{\"kid\":\"K\"}")]
    [InlineData("{\"alg\":\"ES256\"}")]
    [InlineData("{\"alg\":\"ES256\",\"kid\":\"\"}")]
    [InlineData("{\"alg\":\"ES256\",\"kid\":\"../service-accounts.pem\"}")]
    [InlineData("{\"alg\":\"ES256\",\"kid\":\"' or 1=1\",\"jku\":\"https://evil.example\"}")]
    [InlineData("{\"alg\":\"ES256\",\"kid\":\"K\",\"crit\":[\"exp\"]}")]
    [InlineData("{\"alg\":\"ES256\",\"kid\":\"K\",\"b64\":false}")]
    [InlineData("{\"alg\":\"none\",\"alg\":\"ES256\",\"kid\":\"K\"}")]
    [InlineData("[]")]
    [InlineData("{\"alg\":\"\\ud800\",\"kid\":\"K\"}")]
    [InlineData("{\"\\udc00\":1,\"alg\":\"ES256\",\"kid\":\"\\ud800\"}")]
    [InlineData("{\"alg\":\"ES256\",\"kid\":\"K\",\"x\":[[[[[[[[[[[[1]]]]]]]]]]]]}")]
    public void Verify_HeaderGames_AreRefusedEvenWhenSignedByUs(string header)
    {
        var body = Issue().Split('.')[1];
        Assert.Null(Verify(SignedByUs(Encode(header.Replace("K", _keys.Current.Id, StringComparison.Ordinal)), body)).User);
    }

    [Fact]
    public void Verify_HmacWithThePublicKey_IsRefused()
    {
        var body = Issue().Split('.')[1];
        var signed = $"{Encode($"{{\"alg\":\"HS256\",\"kid\":\"{_keys.Current.Id}\"}}")}.{body}";
        var secret = Encoding.UTF8.GetBytes(TokenDiscovery.Keys(_keys).ToJsonString());
        Assert.Null(Verify($"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}").User);
    }

    [Fact]
    public void Verify_KeyOfSomebodyElseUnderOurId_IsRefused()
    {
        var stranger = SigningKey.Create();
        var parts = Issue().Split('.');
        var signature = Base64Url.EncodeToString(stranger.Sign(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}")));
        Assert.Equal("the token's signature does not fit", Verify($"{parts[0]}.{parts[1]}.{signature}").Error);
        Assert.Equal("the token's signature does not fit", Verify($"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(new byte[64])}").Error);
        Assert.Equal("the token's signature does not fit", Verify($"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(new byte[2])}").Error);
    }

    [Theory]
    [InlineData("iss", "\"https://kubernetes.default.svc\"")]
    [InlineData("iss", "null")]
    [InlineData("exp", "null")]
    [InlineData("exp", "\"99999999999\"")]
    [InlineData("exp", "1e400")]
    [InlineData("nbf", "null")]
    [InlineData("aud", "\"https://kubernetes.default.svc.cluster.local\"")]
    [InlineData("aud", "[]")]
    [InlineData("sub", "\"system:serviceaccount:kube-system:admin\"")]
    [InlineData("kubernetes.io", "null")]
    [InlineData("kubernetes.io", "{\"namespace\":\"shop\",\"serviceaccount\":{\"name\":\"cart\",\"uid\":\"\"}}")]
    [InlineData("kubernetes.io", "{\"namespace\":\"shop\",\"serviceaccount\":{\"name\":\"cart\",\"uid\":\"sa-1\"},\"pod\":null}")]
    [InlineData("kubernetes.io", "{\"namespace\":\"shop\",\"serviceaccount\":{\"name\":\"cart\",\"uid\":\"sa-1\"},\"secret\":{\"name\":\"x\",\"uid\":\"\"}}")]
    public void Verify_OddClaims_AreRefusedEvenWhenSignedByUs(string claim, string value)
    {
        var parts = Issue().Split('.');
        var claims = Part(Issue(), 1);
        claims[claim] = JsonNode.Parse(value);
        Assert.Null(Verify(SignedByUs(parts[0], Encode(claims.ToJsonString()))).User);
    }

    [Fact]
    public void Verify_AnyChangeOrForm_IsRefusedQuietly()
    {
        var token = Issue();
        string[] odd = ["", ".", "..", "...", "a.b.c", token + ".", "." + token, token + "=", token + "\n", " " + token, token.Replace('.', ' '), token + ".x",
            new string('a', 8193), string.Concat(Enumerable.Repeat(".", 8000)), token[..^1], token[..^4] + "AAAA", "\u00e9." + token.Split('.', 2)[1]];
        foreach (var one in odd)
        {
            var verdict = Verify(one);
            Assert.Null(verdict.User);
            Assert.True(one.Length < 9 || !verdict.Error.Contains(one, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Keys_Document_HoldsNoPrivatePart()
    {
        _keys.Rotate();
        var keys = TokenDiscovery.Keys(_keys)["keys"]!.AsArray();
        Assert.Equal(2, keys.Count);
        Assert.All(keys, k => Assert.False(k!.AsObject().ContainsKey("d")));
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars((string?)keys[0]!["x"]), Y = Base64Url.DecodeFromChars((string?)keys[0]!["y"]) },
        });
        var parts = Issue().Split('.');
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256));
        Assert.Equal(ServiceAccountTokens.Issuer + "/openid/v1/jwks", (string?)TokenDiscovery.Configuration()["jwks_uri"]);
    }

    [Theory]
    [InlineData("{}", 3600, "https://kubernetes.default.svc.cluster.local")]
    [InlineData("{\"expirationSeconds\":600,\"audiences\":[\"mesh\"]}", 600, "mesh")]
    [InlineData("{\"boundObjectRef\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"name\":\"cart-0\",\"uid\":\"pod-1\"}}", 3600, "https://kubernetes.default.svc.cluster.local")]
    public void Create_TokenRequest_IsAnswered(string spec, int seconds, string audience)
    {
        var (answer, failure) = Request(spec);
        Assert.Null(failure);
        Assert.Equal(audience, (string?)answer!["spec"]!["audiences"]![0]);
        Assert.Equal(_time.Now.AddSeconds(seconds).UtcDateTime.ToString("s") + "Z", (string?)answer["status"]!["expirationTimestamp"]);
        Assert.NotNull(_tokens.Verify((string)answer["status"]!["token"]!, [audience]).User);
    }

    [Theory]
    [InlineData("{\"expirationSeconds\":599}", 422, "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes")]
    [InlineData("{\"expirationSeconds\":4294967297}", 422, "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds")]
    [InlineData("{\"boundObjectRef\":{\"kind\":\"Pod\",\"name\":\"gone\"}}", 404, "pods \"gone\" not found")]
    [InlineData("{\"boundObjectRef\":{\"kind\":\"Node\",\"apiVersion\":\"v1\",\"name\":\"n\"}}", 400, "cannot bind token to object of type v1, Kind=Node")]
    [InlineData("{\"boundObjectRef\":{\"kind\":\"Pod\",\"name\":\"cart-0\",\"uid\":\"old\"}}", 409, "Operation cannot be fulfilled on pods \"cart-0\": the UID in the bound object reference (old) does not match the UID in record. The object might have been deleted and then recreated")]
    [InlineData("{\"boundObjectRef\":{\"kind\":\"Pod\",\"name\":\"other\"}}", 400, "cannot bind token for serviceaccount \"cart\" to pod running with different serviceaccount name.")]
    public void Create_BadTokenRequest_IsRefused(string spec, int code, string message)
    {
        _alive["pods/shop/other"] = "pod-2";
        var (answer, failure) = Request(spec);
        Assert.Null(answer);
        Assert.Equal((code, message), (failure!.Code, failure.Message));
    }

    [Fact]
    public void Review_GoodAndBadToken_AreAnswered()
    {
        var good = TokenRequests.Review(Spec(new JsonObject { ["token"] = Issue() }), _tokens).Answer!["status"]!;
        Assert.True((bool)good["authenticated"]!);
        Assert.Equal("system:serviceaccount:shop:cart", (string?)good["user"]!["username"]);
        var other = TokenRequests.Review(Spec(new JsonObject { ["token"] = Issue(), ["audiences"] = new JsonArray("mesh") }), _tokens).Answer!["status"]!;
        Assert.Null(other["authenticated"]);
        Assert.Equal("[invalid bearer token, the token is meant for another audience]", (string?)other["error"]);
        Assert.Equal(400, TokenRequests.Review([], _tokens).Failure!.Code);
    }

    [Fact]
    public void Self_Review_IsTheCaller()
    {
        var answer = TokenRequests.Self([], new UserInfo("bob", ["dev"]));
        Assert.Equal("""{"userInfo":{"username":"bob","groups":["dev"]}}""", answer["status"]!.ToJsonString());
        Assert.Equal("SelfSubjectReview", (string?)answer["kind"]);
    }

    private (JsonObject? Answer, Katabira.Cluster.Api.ApiFailure? Failure) Request(string spec) => TokenRequests.Create(
        Spec(JsonNode.Parse(spec)!.AsObject()), "shop", "cart", _tokens, FindUid, (_, pod) => pod == "cart-0" ? "cart" : "default");

    private static JsonObject Spec(JsonObject spec) => new() { ["spec"] = spec };

    private string? FindUid(string group, string plural, string ns, string name) => _alive.GetValueOrDefault($"{plural}/{ns}/{name}");

    private string Issue() => _tokens.Issue("shop", "cart", "sa-1", ServiceAccountTokens.DefaultAudiences, TimeSpan.FromHours(1), new("Pod", "cart-0", "pod-1")).Token;

    private TokenVerdict Verify(string token) => _tokens.Verify(token, ServiceAccountTokens.DefaultAudiences);

    private string SignedByUs(string header, string body) =>
        $"{header}.{body}.{Base64Url.EncodeToString(_keys.Current.Sign(Encoding.ASCII.GetBytes($"{header}.{body}")))}";

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private static JsonObject Part(string token, int part) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[part]))!.AsObject();
}
