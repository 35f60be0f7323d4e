using System.Text;
using Katabira.Cluster.Access;
using Katabira.Tests.Cluster.Access;
using Katabira.Tests.Cluster.Admission;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>Webhooks from a client's request to a server behind TLS, found by its Service, and back.</summary>
[Collection(SharedCluster.Name)]
public sealed class WebhookTests(ClusterFixture cluster) : IAsyncLifetime
{
    private const string Configurations = "/apis/admissionregistration.k8s.io/v1";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _configured = [];
    private WebhookServer? _server;
    private string _roots = "";
    private string _ns = "";
    private string _core = "";

    private WebhookServer Server => _server!; // set before the test runs

    public async ValueTask InitializeAsync()
    {
        (_ns, _core) = await cluster.NewNamespaceAsync();
        var authority = ClusterAuthority.Open(PrivateFolder.Open(_folder.Path, _ => { }), TimeProvider.System);
        _roots = Convert.ToBase64String(Encoding.UTF8.GetBytes(authority.CertificatePem));
        _server = await WebhookServer.StartAsync(authority.IssueServing([$"hook.{_ns}.svc"]));
        (await cluster.Admin.PostAsync($"{_core}/services", """{"metadata":{"name":"hook"},"spec":{"ports":[{"port":443}]}}""")).Expect(201);
        (await cluster.Admin.PostAsync($"/apis/discovery.k8s.io/v1/namespaces/{_ns}/endpointslices", $$$"""
            {"metadata":{"name":"hook-1","labels":{"kubernetes.io/service-name":"hook"}},"addressType":"IPv4","endpoints":[{"addresses":["127.0.0.1"]}],
             "ports":[{"name":"","port":{{{Server.Address.Port}}},"protocol":"TCP"}]}
            """)).Expect(201);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var path in _configured)
        {
            (await cluster.Admin.DeleteAsync(path)).Expect(200);
        }
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Mutation_OfAPod_IsStoredDefaultedAndTold()
    {
        Answers("/m", $$"""{"allowed":true,"warnings":["mind \"this\""],"patchType":"JSONPatch","patch":"{{Patch("""[{"op":"add","path":"/spec/containers/-","value":{"name":"sidecar","image":"s"}}]""")}}"}""");
        await ConfigureAsync("mutating", "/m", "pods");

        var made = (await cluster.Admin.PostAsync($"{_core}/pods", Pod("p"))).Expect(201);

        Assert.Equal(("sidecar", "Always"), ((string?)made["spec.containers.1.name"], (string?)made["spec.containers.1.imagePullPolicy"]));
        Assert.Equal(["299 - \"mind \\\"this\\\"\""], made.Warnings);
        var (path, query, review) = Assert.Single(Server.Asked);
        Assert.Equal(("/m", "?timeout=10s"), (path, query));
        Assert.Equal(("CREATE", _ns, "Pod", false), ((string?)Answer.Find(review, "request.operation"), (string?)Answer.Find(review, "request.namespace"),
            (string?)Answer.Find(review, "request.kind.kind"), (bool?)Answer.Find(review, "request.dryRun")));
        Assert.Equal("system:masters", (string?)Answer.Find(review, "request.userInfo.groups.0"));
    }

    [Theory]
    [InlineData("""{"allowed":false,"status":{"code":403,"message":"no way"}}""", 403, "admission webhook \"HOOK\" denied the request: no way")]
    [InlineData("""{"allowed":false}""", 400, "admission webhook \"HOOK\" denied the request without explanation")]
    public async Task Denial_OfEveryWrite_ChangesNothing(string response, int code, string message)
    {
        (await cluster.Admin.PostAsync($"{_core}/secrets", """{"metadata":{"name":"there"}}""")).Expect(201);
        Answers("/v", response);
        var hook = await ConfigureAsync("validating", "/v", "secrets");
        var before = (await cluster.Admin.GetAsync($"{_core}/secrets"))["items"]!.ToJsonString();

        Answer[] answers =
        [
            await cluster.Admin.PostAsync($"{_core}/secrets", """{"metadata":{"name":"new"}}"""),
            await cluster.Admin.PatchAsync($"{_core}/secrets/there", """{"metadata":{"labels":{"a":"b"}}}"""),
            await cluster.Admin.PatchAsync($"{_core}/secrets/new?fieldManager=m", """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"new"}}""", ApiClient.ApplyPatch),
            await cluster.Admin.DeleteAsync($"{_core}/secrets/there"),
            await cluster.Admin.DeleteAsync($"{_core}/secrets"),
        ];

        Assert.All(answers, answer => Assert.Equal((code, message.Replace("HOOK", hook, StringComparison.Ordinal)), (answer.Code, (string?)answer["message"])));
        Assert.Equal(before, (await cluster.Admin.GetAsync($"{_core}/secrets"))["items"]!.ToJsonString());
    }

    [Fact]
    public async Task DryRun_IsToldToWebhooks_AndRefusedBySideEffects()
    {
        Answers("/v", """{"allowed":true}""");
        await ConfigureAsync("validating", "/v", "secrets");

        (await cluster.Admin.PostAsync($"{_core}/secrets?dryRun=All", """{"metadata":{"name":"s"}}""")).Expect(201);

        Assert.Equal((true, "All"), ((bool?)Answer.Find(Server.Asked.Single().Review, "request.dryRun"), (string?)Answer.Find(Server.Asked.Single().Review, "request.options.dryRun.0")));
    }

    [Fact]
    public async Task Webhook_ThatIsAway_IsAFailureOrIsPassedOver()
    {
        var hook = await ConfigureAsync("validating", "/v", "secrets", service: "nobody");
        var refused = await cluster.Admin.PostAsync($"{_core}/secrets", """{"metadata":{"name":"s"}}""");
        (await cluster.Admin.PatchAsync(_configured.Single(), """[{"op":"replace","path":"/webhooks/0/failurePolicy","value":"Ignore"}]""", ApiClient.JsonPatch)).Expect(200);

        Assert.StartsWith($"Internal error occurred: failed calling webhook \"{hook}\": failed to call webhook: Post \"https://nobody.{_ns}.svc:443/v?timeout=10s\"", (string?)refused.Expect(500)["message"], StringComparison.Ordinal);
        (await cluster.Admin.PostAsync($"{_core}/secrets", """{"metadata":{"name":"s"}}""")).Expect(201);
    }

    [Fact]
    public async Task Webhook_ThatWritesToTheClusterItself_IsAnswered()
    {
        Server.Answers["/v"] = async (context, review) =>
        {
            (await cluster.Admin.PatchAsync($"{_core}/configmaps/kube-root-ca.crt", """{"metadata":{"labels":{"seen":"yes"}}}""")).Expect(200);
            await WebhookServer.Response("""{"allowed":true}""")(context, review);
        };
        await ConfigureAsync("validating", "/v", "secrets");

        (await cluster.Admin.PostAsync($"{_core}/secrets", """{"metadata":{"name":"s"}}""")).Expect(201);
    }

    [Fact]
    public async Task Namespace_WhoseContentAWebhookKeeps_EndsOnceItLetsGo()
    {
        (await cluster.Admin.PostAsync($"{_core}/secrets", """{"metadata":{"name":"s"}}""")).Expect(201);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var refuses = true;
        Server.Answers["/v"] = (HttpContext context, System.Text.Json.Nodes.JsonObject review) =>
        {
            var allowed = !Volatile.Read(ref refuses);
            asked.TrySetResult();
            return WebhookServer.Response(allowed ? """{"allowed":true}""" : """{"allowed":false}""")(context, review);
        };
        await ConfigureAsync("validating", "/v", "secrets", service: null);
        using var watch = await cluster.Admin.WatchAsync($"/api/v1/namespaces?fieldSelector=metadata.name%3D{_ns}");

        (await cluster.Admin.DeleteAsync($"/api/v1/namespaces/{_ns}")).Expect(200);
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        Volatile.Write(ref refuses, false);

        while ((string?)(await watch.NextAsync())["type"] != "DELETED")
        {
        }
    }

    private static string Pod(string name) => $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"containers":[{"name":"c","image":"i"}]} }""";

    private static string Patch(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json));

    private void Answers(string path, string response) => Server.Answers[path] = WebhookServer.Response(response);

    /// <summary>A webhook for one resource of this test's namespace.</summary>
    /// <param name="service">By which it is found; null to call the server's address itself.</param>
    /// <returns>The webhook's name.</returns>
    private async Task<string> ConfigureAsync(string type, string path, string resource, string? service = "hook")
    {
        var name = cluster.NewName("hook");
        var where = service is null
            ? $"\"url\":\"https://localhost:{Server.Address.Port}{path}\""
            : $$$"""
                "service":{"namespace":"{{{_ns}}}","name":"{{{service}}}","path":"{{{path}}}"}
                """;
        (await cluster.Admin.PostAsync($"{Configurations}/{type}webhookconfigurations", $$$"""
            {"metadata":{"name":"{{{name}}}"},"webhooks":[{"name":"{{{name}}}.mesh.example","clientConfig":{ {{{where}}},"caBundle":"{{{_roots}}}"},"sideEffects":"None","admissionReviewVersions":["v1"],
             "namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"{{{_ns}}}"}},
             "rules":[{"operations":["*"],"apiGroups":[""],"apiVersions":["v1"],"resources":["{{{resource}}}"]}]}]}
            """)).Expect(201);
        _configured.Add($"{Configurations}/{type}webhookconfigurations/{name}");
        return $"{name}.mesh.example";
    }
}
