using System.Text.Json.Nodes;
using Xunit;

namespace Katabira.Tests.Cluster.Api;

/// <summary>Every wrong request gets the Status, the code, the reason and the words that clients know.</summary>
[Collection(SharedCluster.Name)]
public sealed class ErrorTests(ClusterFixture cluster) : IAsyncLifetime
{
    private const string Maps = "/api/v1/namespaces/errors/configmaps";
    private const string Strict = "?fieldValidation=Strict";
    private const string Name422 = """
        a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
        """;

    public async ValueTask InitializeAsync()
    {
        await cluster.Admin.PostAsync("/api/v1/namespaces", """{"metadata":{"name":"errors"}}""");
        await cluster.Admin.PostAsync(Maps, """{"metadata":{"name":"there"},"data":{"a":"1"}}""");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static TheoryData<string, string, string, int, string, string> Rows => new()
    {
        { "GET", $"{Maps}/nope", "", 404, "NotFound", "configmaps \"nope\" not found" },
        { "PUT", $"{Maps}/nope", """{"metadata":{"name":"nope"}}""", 404, "NotFound", "configmaps \"nope\" not found" },
        { "PATCH", $"{Maps}/nope", "{}", 404, "NotFound", "configmaps \"nope\" not found" },
        { "DELETE", $"{Maps}/nope", "", 404, "NotFound", "configmaps \"nope\" not found" },
        { "GET", "/apis/apps/v1/namespaces/errors/deployments/x", "", 404, "NotFound", "deployments.apps \"x\" not found" },
        { "POST", "/api/v1/namespaces/nowhere/configmaps", """{"metadata":{"name":"x"}}""", 404, "NotFound", "namespaces \"nowhere\" not found" },
        { "POST", Maps, """{"metadata":{"name":"there"}}""", 409, "AlreadyExists", "configmaps \"there\" already exists" },
        { "POST", $"{Maps}?dryRun=All", """{"metadata":{"name":"there"}}""", 409, "AlreadyExists", "configmaps \"there\" already exists" },
        {
            "PUT", $"{Maps}/there", """{"metadata":{"name":"there","resourceVersion":"1"}}""", 409, "Conflict",
            "Operation cannot be fulfilled on configmaps \"there\": the object has been modified; please apply your changes to the latest version and try again"
        },
        {
            "PATCH", $"{Maps}/there", """{"metadata":{"resourceVersion":"1"},"data":{"a":"2"}}""", 409, "Conflict",
            "Operation cannot be fulfilled on configmaps \"there\": the object has been modified; please apply your changes to the latest version and try again"
        },
        { "POST", Maps, """{"metadata":{"name":"C!"}}""", 422, "Invalid", $"ConfigMap \"C!\" is invalid: metadata.name: Invalid value: \"C!\": {Name422}" },
        { "POST", Maps, "{}", 422, "Invalid", "ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required" },
        { "POST", Maps, """{"metadata":{"name":"x","namespace":"b"}}""", 400, "BadRequest", "the namespace of the provided object does not match the namespace sent on the request" },
        { "PUT", $"{Maps}/there", """{"metadata":{"name":"there","namespace":"b"}}""", 400, "BadRequest", "the namespace of the provided object does not match the namespace sent on the request" },
        { "POST", Maps, """{"apiVersion":"v2","kind":"ConfigMap"}""", 400, "BadRequest", "the API version in the data (v2) does not match the expected API version (v1)" },
        { "POST", Maps, """{"metadata":{"name":"x","resourceVersion":"7"}}""", 400, "BadRequest", "resourceVersion should not be set on objects to be created" },
        { "PUT", $"{Maps}/there", """{"metadata":{"name":"other"}}""", 400, "BadRequest", "the name of the object (other) does not match the name on the URL (there)" },
        {
            "POST", Maps + Strict, """{"metadata":{"name":"x","foo":1},"data":{"a":"1","a":"2"},"bar":{}}""", 400, "BadRequest",
            "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: duplicate field \"data.a\", unknown field \"metadata.foo\", unknown field \"bar\""
        },
        {
            "POST", Maps, """{"metadata":{"name":"x"},"data":{"a":1}}""", 400, "BadRequest",
            "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string"
        },
        { "DELETE", "/api/v1/namespaces/default", "", 403, "Forbidden", "namespaces \"default\" is forbidden: this namespace may not be deleted" },
        { "PUT", Maps, "{}", 405, "MethodNotAllowed", "update is not supported on resources of kind \"configmaps\"" },
        { "POST", "/api/v1/configmaps", """{"metadata":{"name":"x"}}""", 405, "MethodNotAllowed", "create is not supported on resources of kind \"configmaps\"" },
        { "DELETE", "/api/v1/configmaps", "", 405, "MethodNotAllowed", "deletecollection is not supported on resources of kind \"configmaps\"" },
        { "GET", $"{Maps}?labelSelector=a%3D%3D%3Db", "", 400, "BadRequest", "unable to parse requirement: found '=', expected: identifier" },
        { "GET", $"{Maps}?fieldSelector=spec.foo%3Db", "", 400, "BadRequest", "\"spec.foo\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"" },
        { "GET", "/api/v1/pods?fieldSelector=spec.foo%3Db", "", 400, "BadRequest", "field label not supported: spec.foo" },
        { "GET", $"{Maps}?continue=zz", "", 400, "BadRequest", "continue key is not valid" },
        {
            "GET", $"{Maps}?resourceVersionMatch=Exact", "", 422, "Invalid",
            "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided"
        },
        { "GET", $"{Maps}?sendInitialEvents=true", "", 422, "Invalid", "ListOptions.meta.k8s.io \"\" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list" },
        {
            "GET", $"{Maps}?watch=true&sendInitialEvents=true", "", 422, "Invalid",
            "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
        },
        { "POST", $"{Maps}?dryRun=Some", """{"metadata":{"name":"x"}}""", 422, "Invalid", "CreateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: \"Some\": supported values: \"All\"" },
        {
            "PATCH", $"{Maps}/there?force=true", "{}", 422, "Invalid",
            "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply patch"
        },
        {
            "DELETE", $"{Maps}/there", """{"propagationPolicy":"Later"}""", 422, "Invalid",
            "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \"Later\": supported values: \"Background\", \"Foreground\", \"Orphan\""
        },
        {
            "DELETE", $"{Maps}/there", """{"preconditions":{"resourceVersion":"1"}}""", 409, "Conflict",
            "Operation cannot be fulfilled on configmaps \"there\": Precondition failed: ResourceVersion in precondition: 1, ResourceVersion in object meta: RV"
        },
        {
            "DELETE", $"{Maps}/there", """{"preconditions":{"uid":"u"}}""", 409, "Conflict",
            "Operation cannot be fulfilled on configmaps \"there\": Precondition failed: UID in precondition: u, UID in object meta: UID"
        },
        {
            "PUT", $"{Maps}/there", """{"metadata":{"name":"there","uid":"u"}}""", 409, "Conflict",
            "Operation cannot be fulfilled on configmaps \"there\": Precondition failed: UID in precondition: u, UID in object meta: UID"
        },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Request_ThatIsWrong_IsToldSo(string method, string path, string body, int code, string reason, string message)
    {
        var there = (await cluster.Admin.GetAsync($"{Maps}/there")).Expect(200);

        var answer = await cluster.Admin.SendAsync(new HttpMethod(method), path, body.Length == 0 ? null : body, method == "PATCH" ? ApiClient.MergePatch : ApiClient.Json);

        answer.ExpectStatus(code, reason, message.Replace("RV", there.ResourceVersion, StringComparison.Ordinal).Replace("meta: UID", $"meta: {there.Uid}", StringComparison.Ordinal));
        Assert.Equal(there.Text, (await cluster.Admin.GetAsync($"{Maps}/there")).Text);
    }

    [Fact]
    public async Task Status_OfNotFound_NamesTheResource()
    {
        var answer = await cluster.Admin.GetAsync("/apis/apps/v1/namespaces/errors/deployments/x");

        Assert.Equal("""{"name":"x","group":"apps","kind":"deployments"}""", answer["details"]!.ToJsonString());
        Assert.Equal("{}", answer["metadata"]!.ToJsonString());
    }

    [Fact]
    public async Task Status_OfInvalid_NamesTheKindAndEveryCause()
    {
        var answer = await cluster.Admin.PostAsync("/apis/apps/v1/namespaces/errors/deployments", """
            {"metadata":{"name":"d"},"spec":{"replicas":-1,"selector":{"matchLabels":{"a":"b"}},
             "template":{"metadata":{"labels":{"a":"c"}},"spec":{"restartPolicy":"Sometimes","containers":[{"image":"i"}]}}}}
            """);

        answer.Expect(422);
        Assert.Equal(("d", "apps", "Deployment"), ((string?)answer["details.name"], (string?)answer["details.group"], (string?)answer["details.kind"]));
        var causes = answer["details.causes"]!.AsArray().Select(c => ((string?)c!["reason"], (string?)c["field"])).ToArray();
        Assert.Contains(("FieldValueInvalid", "spec.replicas"), causes);
        Assert.Contains(("FieldValueInvalid", "spec.template.metadata.labels"), causes);
        Assert.Contains(("FieldValueRequired", "spec.template.spec.containers[0].name"), causes);
        Assert.Contains(("FieldValueNotSupported", "spec.template.spec.restartPolicy"), causes);
        var bodies = answer["details.causes"]!.AsArray().Select(c => $"{(string?)c!["field"]}: {(string?)c["message"]}");
        Assert.Equal($"Deployment.apps \"d\" is invalid: [{string.Join(", ", bodies)}]", (string?)answer["message"]);
    }

    [Theory]
    [InlineData("/api/v1/nothings")]
    [InlineData("/api/v2/pods")]
    [InlineData("/apis/nobody.example/v1/things")]
    [InlineData("/apis/apps/v1/namespaces/errors/deployments/x/nothing")]
    [InlineData("/nothing")]
    [InlineData("/api/v1/namespaces/errors/nodes")]
    [InlineData("/api/v1/namespaces/errors/configmaps//there")]
    [InlineData("/apis/apps//v1")]
    [InlineData("/apis//apps")]
    [InlineData("/openapi/v3/apis/nobody.example/v1")]
    public async Task Path_OfNothing_IsPlainText404(string path)
    {
        var answer = (await cluster.Admin.GetAsync(path)).Expect(404);

        Assert.Equal(("404 page not found\n", "text/plain; charset=utf-8"), (answer.Text, answer.Headers["content-type"]));
    }

    [Fact]
    public async Task Version_FarInTheFuture_IsAskedForAgainLater()
    {
        var now = long.Parse((await cluster.Admin.GetAsync(Maps)).ResourceVersion, System.Globalization.CultureInfo.InvariantCulture);
        var watch = cluster.Admin.GetAsync($"{Maps}?watch=true&resourceVersion={now + 1_000_000}");
        var answer = await cluster.Admin.GetAsync($"{Maps}?resourceVersion={now + 1_000_000}");

        answer.Expect(504);
        Assert.Equal("Timeout", (string?)(await watch).Expect(504)["reason"]);
        Assert.Matches($"^Timeout: Too large resource version: {now + 1_000_000}, current: [0-9]+$", (string?)answer["message"]);
        Assert.Equal(("ResourceVersionTooLarge", 1, "1"), ((string?)answer["details.causes.0.reason"], (int?)answer["details.retryAfterSeconds"], answer.Headers["retry-after"]));
    }

    [Theory]
    [InlineData("application/xml", 406)]
    [InlineData("application/json;as=Table;v=v9;g=meta.k8s.io", 406)]
    [InlineData("application/json;as=Something;v=v1;g=meta.k8s.io,application/json", 200)]
    [InlineData("application/vnd.kubernetes.protobuf, application/json", 200)]
    [InlineData("*/*", 200)]
    [InlineData("application/json;stream=watch", 200)]
    public async Task Accept_FirstThatIsServed_Counts(string accept, int code) => (await cluster.Admin.GetAsync(Maps, accept)).Expect(code);

    [Theory]
    [InlineData("POST", Maps, """{"metadata":{"name":"unread"}}""")]
    [InlineData("PUT", $"{Maps}/there", """{"metadata":{"name":"there"},"data":{"changed":"yes"}}""")]
    [InlineData("PATCH", $"{Maps}/there", """{"data":{"changed":"yes"}}""")]
    [InlineData("DELETE", $"{Maps}/there", null)]
    [InlineData("DELETE", Maps, null)]
    public async Task Write_WhoseAnswerTheClientCannotRead_ChangesNothing(string method, string path, string? body)
    {
        var before = (await cluster.Admin.GetAsync(Maps))["items"]!.ToJsonString();

        var answer = await cluster.Admin.SendAsync(new HttpMethod(method), path, body, method == "PATCH" ? ApiClient.MergePatch : ApiClient.Json, accept: "application/xml");

        Assert.Equal((406, "NotAcceptable"), (answer.Code, (string?)answer["reason"]));
        Assert.Equal(before, (await cluster.Admin.GetAsync(Maps))["items"]!.ToJsonString());
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/json; charset=utf-8", 201)]
    [InlineData(null, 201)]
    public async Task Body_OfAType_IsReadOrRefused(string? type, int code)
    {
        var answer = (await cluster.Admin.PostAsync(Maps, $$$"""{"metadata":{"name":"{{{cluster.NewName()}}}"}}""", type)).Expect(code);

        if (code == 415)
        {
            Assert.StartsWith("the body of the request was in an unknown format - accepted media types include: application/json", (string?)answer["message"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Error_OfAnyKind_HasTheHeadersOfAnAnswer()
    {
        var answer = await cluster.Admin.GetAsync($"{Maps}/nope");

        Assert.True(Guid.TryParse(answer.Headers["audit-id"], out _));
        Assert.Equal(("application/json", "no-cache, private"), (answer.Headers["content-type"], answer.Headers["cache-control"]));
        Assert.NotNull(JsonNode.Parse(answer.Text));
    }
}
