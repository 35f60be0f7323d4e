using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Admission;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Katabira.Tests.Cluster.Admission;

public sealed class WebhookAdmissionTests : IClassFixture<WebhookFixture>, IDisposable
{
    private readonly WebhookFixture _fixture;
    private readonly WebhookClient _client;
    private readonly WebhookAdmission _admission;
    private readonly string _path = "/" + Guid.NewGuid().ToString("N");

    public WebhookAdmissionTests(WebhookFixture fixture)
    {
        _fixture = fixture;
        _client = fixture.Client();
        _admission = WebhookFixture.Admission(_client);
    }

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Validate_Allowed_GoesOnWithTheWarnings()
    {
        Answer("""{"allowed":true,"warnings":["old field","old field","a\u001b[2Jb\r\nX: y"]}""");
        var outcome = await ValidateAsync(_fixture.Configuration("a", _path));
        Assert.Null(outcome.Failure);
        Assert.Equal(["old field", "a[2JbX: y"], outcome.Warnings);
    }

    [Fact]
    public async Task Call_Request_IsAsKubernetesWritesIt()
    {
        Answer("""{"allowed":true}""");
        await ValidateAsync(_fixture.Configuration("a", _path, w => w["timeoutSeconds"] = 7));
        var (_, query, review) = Asked().Single();
        Assert.Equal("?timeout=7s", query);
        var request = review["request"]!.AsObject();
        Assert.True(Guid.TryParse((string?)request["uid"], out _));
        request.Remove("uid");
        const string Kind = """{"group":"","version":"v1","kind":"Pod"}""";
        const string Resource = """{"group":"","version":"v1","resource":"pods"}""";
        const string Expected = """
            {"kind":KIND,"resource":RESOURCE,"requestKind":KIND,"requestResource":RESOURCE,"name":"","namespace":"shop","operation":"CREATE","userInfo":{"username":"bob","groups":["dev"]},"object":{"kind":"Pod","apiVersion":"v1","metadata":{"generateName":"p-","labels":{}}},"oldObject":null,"dryRun":false,"options":{"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1"}}
            """;
        Assert.Equal(
            Expected.Replace("KIND", Kind, StringComparison.Ordinal).Replace("RESOURCE", Resource, StringComparison.Ordinal), request.ToJsonString());
    }

    [Theory]
    [InlineData("""{"allowed":false,"status":{"code":403,"message":"no","reason":"Forbidden"}}""", 403, "admission webhook \"a.mesh.example\" denied the request: no")]
    [InlineData("""{"allowed":false,"status":{"code":200,"message":"no"}}""", 400, "admission webhook \"a.mesh.example\" denied the request: no")]
    [InlineData("""{"allowed":false,"status":{"reason":"Because"}}""", 400, "admission webhook \"a.mesh.example\" denied the request: Because")]
    [InlineData("""{"allowed":false}""", 400, "admission webhook \"a.mesh.example\" denied the request without explanation")]
    [InlineData("""{"allowed":"true"}""", 400, "admission webhook \"a.mesh.example\" denied the request without explanation")]
    [InlineData("""{"allowed":true,"uid":"x"}""", 500, "got \"x\"")]
    [InlineData("""{"allowed":true,"patchType":"JSONPatch","patch":"W10="}""", 500, "received invalid webhook response: validating webhook may not return response.patch")]
    public async Task Validate_Answer_RefusesWithItsWords(string response, int code, string message)
    {
        Answer(response);
        var outcome = await ValidateAsync(_fixture.Configuration("a", _path, w => w["failurePolicy"] = code == 500 ? "Fail" : "Ignore"));
        Assert.Equal(code, outcome.Failure!.Code);
        Assert.EndsWith(message, outcome.Failure.Message, StringComparison.Ordinal);
        Assert.Null(outcome.Object);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"kind":"\ud800"}""")]
    [InlineData("""{"\ud800":1,"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"allowed":true}}""")]
    [InlineData("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}""")]
    [InlineData("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1beta1","response":{"allowed":true}}""")]
    [InlineData("""{"kind":"AdmissionReview","kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"allowed":true}}""")]
    public async Task Validate_Garbage_FollowsTheFailurePolicy(string body)
    {
        On((context, _) => context.Response.WriteAsync(body));
        var failure = (await ValidateAsync(_fixture.Configuration("a", _path))).Failure!;
        Assert.StartsWith("Internal error occurred: failed calling webhook \"a.mesh.example\": received invalid webhook response: ", failure.Message, StringComparison.Ordinal);
        Assert.Null((await ValidateAsync(_fixture.Configuration("a", _path, w => w["failurePolicy"] = "Ignore"))).Failure);
    }

    [Fact]
    public async Task Validate_Oversized_Fails()
    {
        On(async (context, _) =>
        {
            for (var i = 0; i < 64 && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.Body.WriteAsync(new byte[64 * 1024], context.RequestAborted);
            }
        });
        Assert.EndsWith($"{_path}?timeout=10s\": the response is larger than 3145728 bytes", await FailureAsync(_fixture.Configuration("a", _path)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_Redirect_IsNotFollowed()
    {
        On((context, _) =>
        {
            context.Response.Redirect($"https://hook.mesh.svc{_path}/other");
            return Task.CompletedTask;
        });
        Assert.Contains("status code 302", await FailureAsync(_fixture.Configuration("a", _path)), StringComparison.Ordinal);
        Assert.Single(Asked());
    }

    [Fact]
    public async Task Validate_WrongHostName_FailsBeforeAnythingIsSent()
    {
        Answer("""{"allowed":true}""");
        Assert.Equal($"Internal error occurred: failed calling webhook \"a.mesh.example\": failed to call webhook: Post \"https://wrong.mesh.svc:443{_path}?timeout=10s\": "
            + "tls: failed to verify certificate: x509: certificate is not valid for wrong.mesh.svc", await FailureAsync(_fixture.Configuration("a", _path, service: "wrong")));
        Assert.Empty(Asked());
    }

    [Fact]
    public async Task Validate_AnotherAuthority_FailsBeforeAnythingIsSent()
    {
        Answer("""{"allowed":true}""");
        Assert.EndsWith("tls: failed to verify certificate: x509: certificate signed by unknown authority",
            await FailureAsync(_fixture.Configuration("a", _path, strangeRoots: true)), StringComparison.Ordinal);
        Assert.Empty(Asked());
    }

    [Fact]
    public async Task Validate_NoRoots_TrustsTheMachinesOnly()
    {
        Answer("""{"allowed":true}""");
        await FailureAsync(_fixture.Configuration("a", _path, w => w["clientConfig"]!.AsObject().Remove("caBundle")));
        Assert.Empty(Asked());
    }

    [Fact]
    public async Task Validate_NobodyBehindTheService_Fails() => Assert.EndsWith(
        "no endpoints available for service \"nobody\"", await FailureAsync(_fixture.Configuration("a", _path, service: "nobody")), StringComparison.Ordinal);

    [Fact]
    public async Task Validate_NoAnswerInTime_Fails()
    {
        On((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var client = _fixture.Client(new HurriedTime());
        var model = WebhookModel.Build([], [_fixture.Configuration("a", _path)]);
        var outcome = await WebhookFixture.Admission(client).ValidateAsync(model, Pod(), TestContext.Current.CancellationToken);
        Assert.EndsWith("context deadline exceeded", outcome.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_CallerGone_IsCancelled()
    {
        using var cancel = new CancellationTokenSource();
        On(async (context, _) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var model = WebhookModel.Build([], [_fixture.Configuration("a", _path, w => w["failurePolicy"] = "Ignore")]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _admission.ValidateAsync(model, Pod(), cancel.Token));
    }

    [Fact]
    public async Task Validate_Several_AreAskedAtOnceAndTheFirstInOrderRefuses()
    {
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = 0;
        Func<HttpContext, JsonObject, Task> Denying(string message) => async (context, review) =>
        {
            if (Interlocked.Increment(ref waiting) == 2)
            {
                both.SetResult();
            }
            await both.Task;
            await WebhookServer.Response($$$"""{"allowed":false,"status":{"message":"{{{message}}}"}}""")(context, review);
        };
        _fixture.Server.Answers[_path + "a"] = Denying("first");
        _fixture.Server.Answers[_path + "b"] = Denying("second");
        var outcome = await ValidateAsync(_fixture.Configuration("b", _path + "b"), _fixture.Configuration("a", _path + "a"));
        Assert.EndsWith("denied the request: first", outcome.Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("None", true)]
    [InlineData("NoneOnDryRun", true)]
    [InlineData("Some", false)]
    [InlineData("Unknown", false)]
    public async Task Validate_DryRun_OnlyWithoutSideEffects(string sideEffects, bool called)
    {
        Answer("""{"allowed":true}""");
        var model = WebhookModel.Build([], [_fixture.Configuration("a", _path, w => w["sideEffects"] = sideEffects)]);
        var outcome = await _admission.ValidateAsync(model, Pod() with { DryRun = true }, TestContext.Current.CancellationToken);
        Assert.Equal(called ? null : "admission webhook \"a.mesh.example\" does not support dry run", outcome.Failure?.Message);
        Assert.Equal(called ? 1 : 0, Asked().Length);
    }

    [Theory]
    [InlineData("Fail", 500)]
    [InlineData("Ignore", null)]
    public async Task Validate_MatchConditions_AreRefusedByNameAndPolicy(string policy, int? code)
    {
        var outcome = await ValidateAsync(_fixture.Configuration("a", _path, w =>
        {
            w["matchConditions"] = new JsonArray(new JsonObject { ["name"] = "x", ["expression"] = "true" });
            w["failurePolicy"] = policy;
        }));
        Assert.Equal(code, outcome.Failure?.Code);
        Assert.True(code is null || outcome.Failure!.Message.Contains("matchConditions", StringComparison.Ordinal));
        Assert.Empty(Asked());
    }

    [Fact]
    public async Task Mutate_Patch_IsAppliedAndDefaultsFollow()
    {
        Answer(Patching("b", "1"));
        var pod = Pod();
        var outcome = await MutateAsync(pod, _fixture.Configuration("a", _path));
        Assert.Equal("""{"b":"1"}""", outcome.Object!["metadata"]!["labels"]!.ToJsonString());
        Assert.True((bool)outcome.Object["defaulted"]!);
        Assert.Equal("{}", pod.Object!["metadata"]!["labels"]!.ToJsonString());
    }

    [Theory]
    [InlineData("not base64!", "returned a patch that is not a JSON patch")]
    [InlineData("e30=", "returned a patch that is not a JSON patch")]
    [InlineData("[{\"op\":\"add\",\"path\":\"/spec/x/y\",\"value\":1}]", "the patch does not fit")]
    [InlineData("[{\"op\":\"add\",\"path\":\"/kind\",\"value\":\"Secret\"}]", "changed the kind, which names the object")]
    [InlineData("[{\"op\":\"add\",\"path\":\"/metadata/namespace\",\"value\":\"kube-system\"}]", "changed metadata.namespace, which names the object")]
    [InlineData("[{\"op\":\"add\",\"path\":\"/metadata/name\",\"value\":\"other\"}]", "changed metadata.name, which names the object")]
    public async Task Mutate_BadPatch_FailsWhateverThePolicy(string patch, string message)
    {
        Answer($$"""{"allowed":true,"patchType":"JSONPatch","patch":"{{(patch.StartsWith('[') ? WebhookFixture.Patch(patch) : patch)}}"}""");
        var outcome = await MutateAsync(Pod(), _fixture.Configuration("a", _path, w => w["failurePolicy"] = "Ignore"));
        Assert.Equal(500, outcome.Failure!.Code);
        Assert.EndsWith(message, outcome.Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"allowed":true,"patch":"W10="}""")]
    [InlineData("""{"allowed":true,"patchType":"JSONPatch"}""")]
    [InlineData("""{"allowed":true,"patchType":"MergePatch","patch":"e30="}""")]
    public async Task Mutate_HalfAPatch_IsAFailedCall(string response)
    {
        Answer(response);
        Assert.Equal(500, (await MutateAsync(Pod(), _fixture.Configuration("a", _path))).Failure!.Code);
        Assert.Null((await MutateAsync(Pod(), _fixture.Configuration("a", _path, w => w["failurePolicy"] = "Ignore"))).Failure);
    }

    [Fact]
    public async Task Mutate_PatchOfADelete_Fails()
    {
        Answer(Patching("b", "1"));
        var outcome = await MutateAsync(Pod() with { Operation = "DELETE", OldObject = Pod().Object, Object = null }, _fixture.Configuration("a", _path));
        Assert.EndsWith("attempted to modify the object, which is not supported for this operation", outcome.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mutate_LaterChange_AsksAgainThoseThatWantIt_Once()
    {
        _fixture.Server.Answers[_path + "/a"] = Counting("a");
        _fixture.Server.Answers[_path + "/b"] = Counting("b");
        _fixture.Server.Answers[_path + "/c"] = WebhookServer.Response("""{"allowed":true}""");
        void IfNeeded(JsonObject w) => w["reinvocationPolicy"] = "IfNeeded";
        var outcome = await MutateAsync(Pod(), _fixture.Configuration("c", _path + "/c", IfNeeded), _fixture.Configuration("b", _path + "/b"),
            _fixture.Configuration("a", _path + "/a", IfNeeded), _fixture.Configuration("a0", _path + "/c"));
        Assert.Equal(["/a", "/c", "/b", "/c", "/a"], Asked().Select(a => a.Path[_path.Length..]));
        Assert.Equal("""{"a":"2","b":"1"}""", Sorted(outcome.Object!["metadata"]!["labels"]!.AsObject()));
    }

    [Fact]
    public async Task Mutate_NothingChanges_NobodyIsAskedAgain()
    {
        Answer("""{"allowed":true,"patchType":"JSONPatch","patch":"W10="}""");
        void IfNeeded(JsonObject w) => w["reinvocationPolicy"] = "IfNeeded";
        var pod = Pod();
        var outcome = await MutateAsync(pod, _fixture.Configuration("a", _path, IfNeeded), _fixture.Configuration("b", _path, IfNeeded));
        Assert.Same(pod.Object, outcome.Object);
        Assert.Equal(2, Asked().Length);
    }

    [Fact]
    public async Task Validate_AThousandWarnings_AreBounded()
    {
        var warnings = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"{i}{new string('x', 1000)}\""));
        Answer($$"""{"allowed":true,"warnings":[{{warnings}}]}""");
        var outcome = await ValidateAsync(_fixture.Configuration("a", _path));
        Assert.InRange(outcome.Warnings.Sum(w => w.Length), 1, 4096);
        Assert.All(outcome.Warnings, w => Assert.True(w.Length <= 256));
    }

    private static Func<HttpContext, JsonObject, Task> Counting(string label) => (context, review) =>
    {
        var before = (string?)review["request"]!["object"]!["metadata"]!["labels"]![label] ?? "0";
        return WebhookServer.Response(Patching(label, (int.Parse(before, System.Globalization.CultureInfo.InvariantCulture) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)))(context, review);
    };

    private static string Patching(string label, string value) =>
        $$"""{"allowed":true,"patchType":"JSONPatch","patch":"{{WebhookFixture.Patch($"[{{\"op\":\"add\",\"path\":\"/metadata/labels/{label}\",\"value\":\"{value}\"}}]")}}"}""";

    private static string Sorted(JsonObject labels) =>
        new JsonObject(labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => KeyValuePair.Create(l.Key, l.Value?.DeepClone()))).ToJsonString();

    private static AdmissionRequest Pod() => new("CREATE", new UserInfo("bob", ["dev"]))
    {
        Group = "",
        Version = "v1",
        Kind = "Pod",
        Plural = "pods",
        Namespace = "shop",
        Object = JsonNode.Parse("""{"kind":"Pod","apiVersion":"v1","metadata":{"generateName":"p-","labels":{}}}""")!.AsObject(),
        Options = new JsonObject { ["kind"] = "CreateOptions", ["apiVersion"] = "meta.k8s.io/v1" },
    };

    private void Answer(string response) => On(WebhookServer.Response(response));

    private void On(Func<HttpContext, JsonObject, Task> answer) => _fixture.Server.Answers[_path] = answer;

    private (string Path, string Query, JsonObject Review)[] Asked() => [.. _fixture.Server.Asked.Where(a => a.Path.StartsWith(_path, StringComparison.Ordinal))];

    private Task<AdmissionOutcome> ValidateAsync(params JsonObject[] configurations) =>
        _admission.ValidateAsync(WebhookModel.Build([], configurations), Pod(), TestContext.Current.CancellationToken);

    private Task<AdmissionOutcome> MutateAsync(AdmissionRequest request, params JsonObject[] configurations) =>
        _admission.MutateAsync(WebhookModel.Build(configurations, []), request, o => o["defaulted"] = true, TestContext.Current.CancellationToken);

    private async Task<string> FailureAsync(JsonObject configuration) => (await ValidateAsync(configuration)).Failure!.Message;

    /// <summary>Its seconds are hundredths of real ones.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime / 100, period);
    }
}
