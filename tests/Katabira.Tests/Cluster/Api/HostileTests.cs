using System.Text;
using System.Text.Json;
using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>Input that wants to hurt: each is refused, or done, in bounded time and space, and never a failure of the server.</summary>
[Collection(SharedCluster.Name)]
public sealed class HostileTests(ClusterFixture cluster)
{
    private const int Limit = 3 * 1024 * 1024;

    public static TheoryData<string, string, string> Deep
    {
        get
        {
            var nested = string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) + "1" + new string('}', 100_000);
            var just = string.Concat(Enumerable.Repeat("{\"a\":", 505)) + "1" + new string('}', 505);
            var rows = new TheoryData<string, string, string>();
            foreach (var (name, value) in ((string, string)[])[("deep", nested), ("nearly too deep", just)])
            {
                rows.Add($"{name} create", ApiClient.Json, $$$"""{"metadata":{"name":"d"},"data":{{{value}}} }""");
                rows.Add($"{name} create", ApiClient.Yaml, $$$"""{"metadata":{"name":"d"},"data":{{{value}}} }""");
                rows.Add($"{name} patch", ApiClient.JsonPatch, $$$"""[{"op":"add","path":"/data","value":{{{value}}} }]""");
                rows.Add($"{name} patch", ApiClient.MergePatch, $$$"""{"data":{{{value}}} }""");
                rows.Add($"{name} patch", ApiClient.StrategicPatch, $$$"""{"data":{{{value}}} }""");
                rows.Add($"{name} patch", ApiClient.ApplyPatch, $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"there"},"data":{{{value}}} }""");
                rows.Add($"{name} delete", ApiClient.Json, $$$"""{"preconditions":{{{value}}} }""");
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Deep), DisableDiscoveryEnumeration = true)]
    public async Task Nesting_OfAnyLanguage_IsRefused(string what, string type, string body)
    {
        var core = await ThereAsync();

        var answer = what.EndsWith("create", StringComparison.Ordinal) ? await cluster.Admin.PostAsync($"{core}/configmaps", body, type)
            : what.EndsWith("patch", StringComparison.Ordinal) ? await cluster.Admin.PatchAsync($"{core}/configmaps/there?fieldManager=m", body, type)
            : await cluster.Admin.DeleteAsync($"{core}/configmaps/there", body);

        Assert.InRange(answer.Code, what == "nearly too deep delete" ? 200 : 400, 499);
    }

    [Fact]
    public async Task Nesting_OfACustomResource_StaysReadableHoweverItGrows()
    {
        var path = await AnythingAsync();
        (await cluster.Admin.PostAsync(path, """{"metadata":{"name":"a"}}""")).Expect(201);
        var value = string.Concat(Enumerable.Repeat("{\"a\":", 505)) + "1" + new string('}', 505);
        var steps = string.Concat(Enumerable.Repeat("/a", 504));

        int[] codes =
        [
            (await cluster.Admin.PatchAsync($"{path}/a", $$$"""{"d":{{{value}}} }""")).Code,
            (await cluster.Admin.PatchAsync($"{path}/a", $$$"""[{"op":"add","path":"/d{{{steps}}}","value":{"b":{"b":{"b":{"b":{"b":{"b":{"b":1} } } } } } } }]""", ApiClient.JsonPatch)).Code,
            (await cluster.Admin.PatchAsync($"{path}/a?fieldManager=m", $$$"""{"apiVersion":"x.example/v1","kind":"Anything","metadata":{"name":"a"},"e":{{{value}}} }""", ApiClient.ApplyPatch)).Code,
            (await cluster.Admin.PostAsync(path, $$$"""{"metadata":{"name":"b"},"d":{{{value}}} }""")).Code,
            (await cluster.Admin.PostAsync($"{path}?dryRun=All", $$$"""{"metadata":{"name":"c"},"d":{{{value}}} }""")).Code,
        ];

        Assert.All(codes, code => Assert.InRange(code, 200, 499));
        (await cluster.Admin.GetAsync($"{path}/a")).Expect(200);
        (await cluster.Admin.GetAsync(path)).Expect(200);
        (await cluster.Admin.GetAsync(path, ApiClient.Table)).Expect(200);
        (await cluster.Admin.DeleteAsync(path)).Expect(200);
    }

    [Fact]
    public async Task Size_OfAnObject_IsBoundedHoweverItGrows()
    {
        var path = await AnythingAsync();
        (await cluster.Admin.PostAsync(path, """{"metadata":{"name":"a"}}""")).Expect(201);
        var text = new string('x', 2_900_000);
        var codes = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            codes.Add((await cluster.Admin.PatchAsync($"{path}/a", $$"""{"g{{i}}":"{{text}}"}""")).Code);
        }

        Assert.Equal([200, 200, 413, 413], codes);
        (await cluster.Admin.DeleteAsync($"{path}/a")).Expect(200);
    }

    [Theory]
    [InlineData("1.1", 0, false, 201)]
    [InlineData("1.1", 1, false, 413)]
    [InlineData("1.1", 0, true, 201)]
    [InlineData("1.1", 1, true, 413)]
    [InlineData("2.0", 0, false, 201)]
    [InlineData("2.0", 1, false, 413)]
    [InlineData("2.0", 1, true, 413)]
    public async Task Body_OfTheLimitAndOneMore_IsTakenAndRefused(string version, int more, bool chunked, int code)
    {
        using var client = ApiClient.Admin(cluster.Kubeconfig, Version.Parse(version));
        var (_, core) = await cluster.NewNamespaceAsync();
        const string Head = """{"metadata":{"name":"big"},"unknown":"x""";
        var body = Encoding.UTF8.GetBytes(Head.PadRight(Limit + more - 2, 'x') + "\"}");
        var request = client.Request(HttpMethod.Post, $"{core}/configmaps?dryRun=All", body, ApiClient.Json);
        if (chunked)
        {
            request.Headers.TransferEncodingChunked = version == "1.1" ? true : null;
            request.Content!.Headers.ContentLength = null; // not null: there is a body
        }

        var answer = (await client.SendAsync(request)).Expect(code);

        if (code == 413)
        {
            answer.ExpectStatus(413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728");
        }
    }

    [Fact]
    public async Task Yaml_ThatMultipliesItself_IsRefused()
    {
        var core = await ThereAsync();
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for (var i = 1; i < 12; i++)
        {
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 9))}]\n");
        }

        (await cluster.Admin.PostAsync($"{core}/configmaps", bomb.ToString(), ApiClient.Yaml)).Expect(400);
        (await cluster.Admin.PatchAsync($"{core}/configmaps/there?fieldManager=m", bomb.ToString(), ApiClient.ApplyPatch)).Expect(400);
    }

    [Theory]
    [InlineData(ApiClient.Json, "7B226D65746164617461223A7B226E616D65223A22FF227D7D")] // a name of a byte that is no UTF-8
    [InlineData(ApiClient.Json, "7B226D65746164617461223A7B226E616D65223A225C7564383030227D7D")] // "\ud800"
    [InlineData(ApiClient.Yaml, "6D657461646174613A207B6E616D653A20FF7D")]
    [InlineData(ApiClient.Yaml, "6D657461646174613A207B6E616D653A20225C7564383030227D")]
    [InlineData(ApiClient.Protobuf, "6B387300FFFFFFFFFF")]
    [InlineData(ApiClient.Protobuf, "")]
    [InlineData(ApiClient.Json, "EFBBBF")]
    [InlineData(ApiClient.Json, "00")]
    public async Task Text_ThatIsNone_IsRefused(string type, string hex)
    {
        var core = await ThereAsync();
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Post, $"{core}/configmaps"), (HttpMethod.Put, $"{core}/configmaps/there")])
        {
            (await cluster.Admin.SendAsync(cluster.Admin.Request(method, path, Convert.FromHexString(hex), type))).Expect(400);
        }
    }

    [Fact]
    public async Task Warnings_OfHostileFields_StayHeadersAndFewOfThem()
    {
        var core = await ThereAsync();
        var quoted = await cluster.Admin.PostAsync($"{core}/configmaps?dryRun=All", """{"metadata":{"name":"x"},"a\r\nX-Evil: 1":1,"q\"u\\o":2,"\u2028\ud83d\ude00":3,"\u007f\u0085":4}""");
        var many = await cluster.Admin.PostAsync($"{core}/configmaps?dryRun=All",
            $$"""{"metadata":{"name":"x"},{{string.Join(',', Enumerable.Range(0, 900).Select(i => $"\"u{i}{new string('z', 3_000)}\":1"))}}}""");

        Assert.Equal(4, quoted.Expect(201).Warnings.Length);
        Assert.Equal("299 - \"unknown field \\\"a  X-Evil: 1\\\"\"", quoted.Warnings[0]);
        Assert.DoesNotContain("x-evil", quoted.Headers.Keys);
        Assert.NotEmpty(many.Expect(201).Warnings);
        Assert.InRange(many.Warnings.Sum(w => w.Length), 1, 8_000);
    }

    [Theory]
    [InlineData("a\\u0000b")]
    [InlineData("a\\nb")]
    [InlineData("a/b")]
    [InlineData("a%b")]
    [InlineData("..")]
    [InlineData("LONG")]
    public async Task Name_ThatCannotBeStored_IsInvalid(string name)
    {
        const string Roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
        var text = name.Replace("LONG", new string('a', 600), StringComparison.Ordinal);

        var created = await cluster.Admin.PostAsync(Roles, $$$"""{"metadata":{"name":"{{{text}}}"}}""");
        var generated = await cluster.Admin.PostAsync(Roles, $$$"""{"metadata":{"generateName":"{{{(name == "LONG" ? "a\\n" : text)}}}"}}""");
        var applied = await cluster.Admin.PatchAsync($"{Roles}/{Uri.EscapeDataString(JsonSerializer.Deserialize<string>($"\"{text}\"")!.Replace('\0', 'x'))}?fieldManager=m",
            $$$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"{{{text}}}"}}""", ApiClient.ApplyPatch);

        Assert.Equal(422, created.Code);
        Assert.InRange(generated.Code, 201, 422);
        Assert.InRange(applied.Code, 400, 422);
    }

    [Theory]
    [InlineData("%2F..%2Fsecrets", 404)]
    [InlineData("a%2Fb", 404)]
    [InlineData("%01", 404)]
    [InlineData("%0D%0AX-Evil:%201", 404)]
    [InlineData("%ED%A0%80", 404)]
    [InlineData("%FF", 404)]
    [InlineData("a;b=c", 404)]
    public async Task Path_OfTricks_NamesNothing(string name, int code)
    {
        var core = await ThereAsync();
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
        {
            var answer = (await cluster.Admin.SendAsync(method, $"{core}/configmaps/{name}")).Expect(code);
            Assert.DoesNotContain("x-evil", answer.Headers.Keys);
        }
    }

    [Theory]
    [InlineData("/api/v1/namespaces/default/configmaps/%00", "HTTP/1.1 400")]
    [InlineData("/api/v1/namespaces/default/../../../../metrics", "HTTP/1.1 403")]
    [InlineData("/healthz/../api/v1/secrets", "HTTP/1.1 403")]
    [InlineData("/healthz/%2e%2e/api/v1/secrets", "HTTP/1.1 403")]
    [InlineData("/healthz%2f..%2fapi/v1/secrets", "HTTP/1.1 403")]
    [InlineData("//api/v1/secrets", "HTTP/1.1 403")]
    [InlineData("/API/v1/secrets", "HTTP/1.1 403")]
    [InlineData("http://other.example/api/v1/secrets", "HTTP/1.1 403")]
    public async Task Path_OfSomebodyWithoutRights_LeadsNowhere(string path, string answer)
    {
        using var connection = RawConnection.Open(cluster.Kubeconfig, user: null);

        await connection.SendAsync($"GET {path} HTTP/1.1\r\nHost: {(path.StartsWith("http", StringComparison.Ordinal) ? "other.example" : "x")}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith(answer, await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Selector_OfAMillionTerms_IsRefused()
    {
        (await cluster.Admin.GetAsync($"/api/v1/secrets?labelSelector={string.Join(',', Enumerable.Range(0, 6_000).Select(i => $"a{i}=b"))}")).Expect(400);
        using var connection = RawConnection.Open(cluster.Kubeconfig, ApiClient.UserOf(cluster.Kubeconfig));
        await connection.SendAsync($"GET /api/v1/secrets?labelSelector={string.Concat(Enumerable.Repeat("a=b,", 20_000))} HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 414", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fields_BeyondCounting_CostNoMoreThanTheyWeigh()
    {
        var path = await AnythingAsync("""{"type":"object","properties":{"m":{"type":"object","additionalProperties":{"type":"object","properties":{"x":{"type":"integer","maximum":0}}}}}}""");
        var unknown = string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"{i:x}\":1"));
        var body = $$$"""{"metadata":{"name":"a"},"m":{"{{{new string('k', 1_500_000)}}}":{"x":1,{{{unknown}}} } } }""";

        var before = GC.GetTotalAllocatedBytes();
        var strict = (await cluster.Admin.PostAsync($"{path}?fieldValidation=Strict", body)).Expect(400);
        var invalid = (await cluster.Admin.PostAsync(path, body)).Expect(422);

        Assert.InRange(strict.Text.Length, 1, 100_000);
        Assert.InRange(invalid.Text.Length, 1, 100_000);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 1L << 30);
    }

    [Fact]
    public async Task Labels_BeyondCounting_AreRefusedInFewWords()
    {
        var core = await ThereAsync();

        var answer = (await cluster.Admin.PostAsync($"{core}/configmaps", $$$"""{"metadata":{"name":"x","labels":{ {{{string.Join(',', Enumerable.Range(0, 50_000).Select(i => $"\"!{i:x}\":\"\""))}}} } } }""")).Expect(422);

        Assert.InRange(answer.Text.Length, 1, 200_000);
    }

    [Fact]
    public async Task JsonPatch_ThatExplodes_IsRefused()
    {
        var path = await AnythingAsync();
        (await cluster.Admin.PostAsync(path, """{"metadata":{"name":"a"},"d":{"x":"0123456789"}}""")).Expect(201);
        var doubling = string.Join(',', Enumerable.Range(0, 60).Select(i => $$"""{"op":"copy","from":"/d","path":"/d/c{{i}}"}"""));
        var many = string.Join(',', Enumerable.Repeat("""{"op":"add","path":"/d/y","value":1}""", 20_000));

        (await cluster.Admin.PatchAsync($"{path}/a", $"[{doubling}]", ApiClient.JsonPatch)).Expect(422);
        Assert.InRange((await cluster.Admin.PatchAsync($"{path}/a", $"[{many}]", ApiClient.JsonPatch)).Code, 413, 422);
        Assert.Equal("""{"x":"0123456789"}""", (await cluster.Admin.GetAsync($"{path}/a"))["d"]!.ToJsonString());
    }

    private async Task<string> ThereAsync()
    {
        var (_, core) = await cluster.NewNamespaceAsync();
        (await cluster.Admin.PostAsync($"{core}/configmaps", """{"metadata":{"name":"there"}}""")).Expect(201);
        return core;
    }

    /// <summary>The path of a custom kind that takes anything.</summary>
    private async Task<string> AnythingAsync(string schema = """{"type":"object","x-kubernetes-preserve-unknown-fields":true}""")
    {
        var group = cluster.NewName("x") + ".example";
        (await cluster.Admin.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", $$$"""
            {"metadata":{"name":"anythings.{{{group}}}"},"spec":{"group":"{{{group}}}","scope":"Namespaced","names":{"plural":"anythings","kind":"Anything"},
             "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{{{schema}}} } }]}}
            """)).Expect(201);
        return $"/apis/{group}/v1/namespaces/default/anythings";
    }
}
