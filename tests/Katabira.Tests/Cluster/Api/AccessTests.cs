using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Katabira.Cluster.Access;
using Katabira.Tests.Cluster.Access;
using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>Who may do what, over the wire.</summary>
[Collection(SharedCluster.Name)]
public sealed class AccessTests(ClusterFixture cluster)
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    [Theory]
    [InlineData("/healthz", 200)]
    [InlineData("/livez", 200)]
    [InlineData("/readyz", 200)]
    [InlineData("/version", 200)]
    [InlineData("/api", 403)]
    [InlineData("/apis", 403)]
    [InlineData("/openapi/v3", 403)]
    [InlineData("/metrics", 403)]
    [InlineData("/", 403)]
    [InlineData("/nothing", 403)]
    [InlineData("/api/v1/namespaces", 403)]
    [InlineData("/api/v1/nothings", 403)]
    public async Task Anonymous_OfEveryPath_GetsHealthAndVersionOnly(string path, int code)
    {
        using var nobody = ApiClient.With(cluster.Kubeconfig, (string?)null);

        var answer = (await nobody.GetAsync(path)).Expect(code);

        if (code == 403 && !path.StartsWith("/api/v1", StringComparison.Ordinal))
        {
            answer.ExpectStatus(403, "Forbidden", $"forbidden: User \"system:anonymous\" cannot get path \"{path}\"");
        }
    }

    [Theory]
    [InlineData("GET", "pods", "list resource \"pods\" in API group \"\"", "pods")]
    [InlineData("GET", "pods?watch=true", "watch resource \"pods\" in API group \"\"", "pods")]
    [InlineData("GET", "pods/x", "get resource \"pods\" in API group \"\"", "pods \"x\"")]
    [InlineData("HEAD", "pods/x", "", "")]
    [InlineData("POST", "pods", "create resource \"pods\" in API group \"\"", "pods")]
    [InlineData("PUT", "pods/x/status", "update resource \"pods/status\" in API group \"\"", "pods \"x\"")]
    [InlineData("PATCH", "pods/x", "patch resource \"pods\" in API group \"\"", "pods \"x\"")]
    [InlineData("DELETE", "pods/x", "delete resource \"pods\" in API group \"\"", "pods \"x\"")]
    [InlineData("DELETE", "pods", "deletecollection resource \"pods\" in API group \"\"", "pods")]
    [InlineData("GET", "pods/x/exec?command=sh", "get resource \"pods/exec\" in API group \"\"", "pods \"x\"")]
    [InlineData("GET", "nothings/x", "get resource \"nothings\" in API group \"\"", "nothings \"x\"")]
    public async Task Account_WithoutRights_IsToldWhatItLacks(string method, string path, string what, string about)
    {
        var (ns, core) = await cluster.NewNamespaceAsync();
        using var account = await cluster.NewAccountAsync(ns, "limited");

        var answer = (await account.SendAsync(new HttpMethod(method), $"{core}/{path}", method is "GET" or "HEAD" or "DELETE" ? null : "{}")).Expect(403);

        if (method != "HEAD")
        {
            answer.ExpectStatus(403, "Forbidden", $"{about} is forbidden: User \"system:serviceaccount:{ns}:limited\" cannot {what} in the namespace \"{ns}\"");
        }
    }

    [Fact]
    public async Task Account_WithARole_MayDoThatAndNoMore()
    {
        var (ns, core) = await cluster.NewNamespaceAsync();
        using var account = await cluster.NewAccountAsync(ns, "reader");
        await AllowAsync(ns, "reader", """{"apiGroups":[""],"resources":["secrets"],"verbs":["get","list"]}""");
        await cluster.Admin.PostAsync($"{core}/secrets", """{"metadata":{"name":"s"}}""");

        (await account.GetAsync($"{core}/secrets/s")).Expect(200);
        (await account.GetAsync($"{core}/secrets")).Expect(200);
        (await account.GetAsync($"{core}/secrets?watch=true")).Expect(403);
        (await account.DeleteAsync($"{core}/secrets/s")).Expect(403);
        (await account.GetAsync("/api/v1/namespaces/default/secrets")).Expect(403);
        (await account.GetAsync("/api/v1/secrets")).Expect(403);
        (await account.GetAsync("/apis")).Expect(200);
    }

    [Theory]
    [InlineData("fieldSelector=metadata.name%3Dmine", 200)]
    [InlineData("fieldSelector=metadata.name%3Dtheirs", 403)]
    [InlineData("", 403)]
    [InlineData("fieldSelector=&fieldSelector=metadata.name%3Dmine", 403)]
    [InlineData("fieldSelector=metadata.namespace%3Dx&fieldSelector=metadata.name%3Dmine", 403)]
    [InlineData("fieldSelector=metadata.name%3Dtheirs&fieldSelector=metadata.name%3Dmine", 403)]
    [InlineData("fieldSelector=metadata.name%21%3Dmine", 403)]
    [InlineData("fieldSelector=metadata.name%3D%3Dmine", 200)]
    [InlineData("watch=false&watch=true&fieldSelector=metadata.name%3Dmine", 200)]
    public async Task Account_WithTheRightToOneName_ListsNothingElse(string query, int code)
    {
        var (ns, core) = await cluster.NewNamespaceAsync();
        using var account = await cluster.NewAccountAsync(ns, "one");
        await AllowAsync(ns, "one", """{"apiGroups":[""],"resources":["secrets"],"resourceNames":["mine"],"verbs":["list"]}""");
        await cluster.Admin.PostAsync($"{core}/secrets", """{"metadata":{"name":"mine"}}""");
        await cluster.Admin.PostAsync($"{core}/secrets", """{"metadata":{"name":"theirs"}}""");

        var answer = (await account.GetAsync($"{core}/secrets?{query}")).Expect(code);

        Assert.DoesNotContain("\"items\"", code == 200 ? "" : answer.Text, StringComparison.Ordinal);
        if (code == 200)
        {
            Assert.Equal(["mine"], answer.Names());
        }
    }

    [Fact]
    public async Task Account_ThatWritesRoles_CannotGrantWhatItLacks()
    {
        var (ns, _) = await cluster.NewNamespaceAsync();
        using var account = await cluster.NewAccountAsync(ns, "climber");
        await AllowAsync(ns, "climber", """{"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles","rolebindings"],"verbs":["get","create","update","patch"]},{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}""");
        var roles = $"{Rbac}/namespaces/{ns}/roles";

        var fair = await account.PostAsync(roles, """{"metadata":{"name":"fair"},"rules":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}""");
        var create = await account.PostAsync(roles, """{"metadata":{"name":"more"},"rules":[{"apiGroups":[""],"resources":["secrets"],"verbs":["get"]}]}""");
        var patch = await account.PatchAsync($"{roles}/fair", """{"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}""");
        var apply = await account.PatchAsync($"{roles}/more?fieldManager=m", """
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"more"},"rules":[{"apiGroups":[""],"resources":["secrets"],"verbs":["get"]}]}
            """, ApiClient.ApplyPatch);
        var bind = await account.PostAsync($"{Rbac}/namespaces/{ns}/rolebindings", $$$"""
            {"metadata":{"name":"b"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"},"subjects":[{"kind":"ServiceAccount","name":"climber","namespace":"{{{ns}}}"}]}
            """);

        fair.Expect(201);
        Assert.All((Answer[])[create, patch, apply, bind], refused => Assert.Contains("attempting to grant RBAC permissions not currently held", (string?)refused.Expect(403)["message"], StringComparison.Ordinal));
        (await cluster.Admin.GetAsync($"{roles}/more")).Expect(404);
        Assert.Equal("pods", (string?)(await cluster.Admin.GetAsync($"{roles}/fair"))["rules.0.resources.0"]);
    }

    [Fact]
    public async Task Account_ThatWritesClusterRoles_CannotGatherWhatItLacks()
    {
        var (ns, _) = await cluster.NewNamespaceAsync();
        using var account = await cluster.NewAccountAsync(ns, "gatherer");
        var name = cluster.NewName("role");
        (await cluster.Admin.PostAsync($"{Rbac}/clusterroles", $$$"""{"metadata":{"name":"{{{name}}}"},"rules":[{"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"verbs":["create","get","update"]}]}""")).Expect(201);
        (await cluster.Admin.PostAsync($"{Rbac}/clusterrolebindings", $$$"""
            {"metadata":{"name":"{{{name}}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{{name}}}"},"subjects":[{"kind":"ServiceAccount","name":"gatherer","namespace":"{{{ns}}}"}]}
            """)).Expect(201);

        var gathering = $$$"""{"metadata":{"name":"{{{name}}}"},"aggregationRule":{"clusterRoleSelectors":[{}]} }""";
        var create = await account.PostAsync($"{Rbac}/clusterroles", gathering.Replace(name, $"{name}-more", StringComparison.Ordinal));
        var update = await account.PutAsync($"{Rbac}/clusterroles/{name}", gathering);

        Assert.Equal((403, 403), (create.Code, update.Code));
        (await account.GetAsync("/api/v1/secrets")).Expect(403);
    }

    [Fact]
    public async Task Token_OfAnAccount_IsReviewedAndDiesWithIt()
    {
        var (ns, core) = await cluster.NewNamespaceAsync();
        using var account = await cluster.NewAccountAsync(ns, "who");
        var issued = (await cluster.Admin.PostAsync($"{core}/serviceaccounts/who/token", """{"spec":{"expirationSeconds":600,"audiences":["mesh"]}}""")).Expect(201);
        var token = (string)issued["status.token"]!;

        var self = (await account.PostAsync("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}")).Expect(201);
        var right = await ReviewAsync(token, "mesh");
        var wrong = await ReviewAsync(token, "other");
        var can = (await account.PostAsync("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", $$$"""{"spec":{"resourceAttributes":{"namespace":"{{{ns}}}","verb":"get","resource":"pods"} } }""")).Expect(201);
        using var elsewhere = ApiClient.With(cluster.Kubeconfig, token);
        (await elsewhere.GetAsync("/version")).ExpectStatus(401, "Unauthorized", "Unauthorized");
        (await cluster.Admin.DeleteAsync($"{core}/serviceaccounts/who")).Expect(200);
        (await account.GetAsync("/version")).ExpectStatus(401, "Unauthorized", "Unauthorized");
        (await cluster.Admin.PostAsync($"{core}/serviceaccounts/who/token", "{}")).ExpectStatus(404, "NotFound", "serviceaccounts \"who\" not found");

        Assert.Equal($"system:serviceaccount:{ns}:who", (string?)self["status.userInfo.username"]);
        Assert.Equal((true, $"system:serviceaccount:{ns}:who", "mesh"), ((bool?)right["status.authenticated"], (string?)right["status.user.username"], (string?)right["status.audiences.0"]));
        Assert.NotEqual(true, (bool?)wrong["status.authenticated"]);
        Assert.False((bool?)can["status.allowed"]);
        Assert.NotNull(issued["status.expirationTimestamp"]);
    }

    [Fact]
    public async Task Token_OfAnAccountThatWasMadeAgain_IsVoid()
    {
        var (ns, core) = await cluster.NewNamespaceAsync();
        using var account = await cluster.NewAccountAsync(ns, "twice");
        (await account.GetAsync("/version")).Expect(200);

        await cluster.Admin.DeleteAsync($"{core}/serviceaccounts/twice");
        await cluster.Admin.PostAsync($"{core}/serviceaccounts", """{"metadata":{"name":"twice"}}""");

        (await account.GetAsync("/version")).Expect(401);
    }

    [Theory]
    [InlineData("Bearer nonsense", 401)]
    [InlineData("Bearer a.b.c", 401)]
    [InlineData("Bearer a b", 401)]
    [InlineData("Bearer ", 200)]
    [InlineData("Basic YTpi", 200)]
    public async Task Credential_ThatIsBad_IsNotTakenForNone(string authorization, int code)
    {
        using var nobody = ApiClient.With(cluster.Kubeconfig, (string?)null);
        var request = nobody.Request(HttpMethod.Get, "/version", null, null);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);

        (await nobody.SendAsync(request)).Expect(code);
    }

    [Fact]
    public async Task Authorization_SentTwice_IsRefused()
    {
        var (ns, _) = await cluster.NewNamespaceAsync();
        using var account = await cluster.NewAccountAsync(ns, "double");
        var token = await cluster.TokenAsync(ns, "double");
        using var plain = RawConnection.Open(cluster.Kubeconfig, user: null);

        await plain.SendAsync($"GET /version HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 401", await plain.ReadToEndAsync(), StringComparison.Ordinal);
        (await account.GetAsync("/version")).Expect(200);
    }

    [Theory]
    [InlineData("Impersonate-User")]
    [InlineData("impersonate-group")]
    [InlineData("Impersonate-Extra-Scopes")]
    public async Task Impersonation_IsRefusedAndNotPassedOver(string header)
    {
        var request = cluster.Admin.Request(HttpMethod.Get, "/api/v1/secrets", null, null);
        request.Headers.TryAddWithoutValidation(header, "system:anonymous");

        Assert.Equal("Forbidden", (string?)(await cluster.Admin.SendAsync(request)).Expect(403)["reason"]);
    }

    [Fact]
    public async Task Certificate_OfAnotherAuthority_IsABadCredential()
    {
        using var folder = new TemporaryFolder();
        var stranger = ClusterAuthority.Open(PrivateFolder.Open(folder.Path, _ => { }), TimeProvider.System).Admin();
        using var foreign = X509CertificateLoader.LoadPkcs12(stranger.ToCertificate().Export(X509ContentType.Pkcs12), null);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var own = new CertificateRequest("CN=me,O=system:masters", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(90));

        foreach (var certificate in (X509Certificate2[])[foreign, own])
        {
            using var client = ApiClient.With(cluster.Kubeconfig, certificate);
            (await client.GetAsync("/version")).ExpectStatus(401, "Unauthorized", "Unauthorized");
        }
    }

    [Fact]
    public async Task Body_OfSomebodyWithoutRights_IsNotRead()
    {
        using var nobody = ApiClient.With(cluster.Kubeconfig, (string?)null);

        (await nobody.PostAsync("/api/v1/namespaces", "{ this is no JSON", "text/strange")).Expect(403);
    }

    private async Task<Answer> ReviewAsync(string token, string audience) =>
        (await cluster.Admin.PostAsync("/apis/authentication.k8s.io/v1/tokenreviews", $$$"""{"spec":{"token":"{{{token}}}","audiences":["{{{audience}}}"]}}""")).Expect(201);

    /// <summary>A role with these rules for a service account.</summary>
    private async Task AllowAsync(string ns, string account, string rules)
    {
        (await cluster.Admin.PostAsync($"{Rbac}/namespaces/{ns}/roles", $$$"""{"metadata":{"name":"{{{account}}}"},"rules":[{{{rules}}}]}""")).Expect(201);
        (await cluster.Admin.PostAsync($"{Rbac}/namespaces/{ns}/rolebindings", $$$"""
            {"metadata":{"name":"{{{account}}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"{{{account}}}"},
             "subjects":[{"kind":"ServiceAccount","name":"{{{account}}}","namespace":"{{{ns}}}"}]}
            """)).Expect(201);
    }
}
