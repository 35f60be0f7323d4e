using Katabira.Model.Kinds;
using Xunit;

namespace Katabira.Tests.Kinds;

/// <summary>What an HTTP route does with a request. <c>ROUTE</c> stands for one destination.</summary>
public class HttpRouteTests
{
    [Theory]
    [InlineData("""{ }""", "spec.http[0]: Required value: one of route, redirect, directResponse, delegate")]
    [InlineData("""{ "route": [] }""", "spec.http[0]: Required value: one of route, redirect, directResponse, delegate")]
    [InlineData("""{ ROUTE, "redirect": { "uri": "/x" } }""", "spec.http[0]: Invalid value: \"object\": only one of route, redirect can be set")]
    [InlineData("""{ ROUTE, "redirect": { "uri": "/x" }, "directResponse": { "status": 200 }, "delegate": { "name": "d" } }""",
        "spec.http[0]: Invalid value: \"object\": only one of route, redirect, directResponse, delegate can be set")]
    [InlineData("""{ "redirect": { "uri": "/x" }, "fault": { "abort": { "httpStatus": 500 } }, "rewrite": { "uri": "/y" } }""",
        "spec.http[0].fault: Forbidden: cannot be combined with redirect",
        "spec.http[0].rewrite: Forbidden: cannot be combined with redirect")]
    [InlineData("""{ "directResponse": { "status": 200 }, "fault": { "abort": { "httpStatus": 500 } }, "rewrite": { "uri": "/y" } }""",
        "spec.http[0].fault: Forbidden: cannot be combined with directResponse",
        "spec.http[0].rewrite: Forbidden: cannot be combined with directResponse")]
    [InlineData("""{ "delegate": { "namespace": "a.b" } }""",
        "spec.http[0].delegate.name: Required value",
        "spec.http[0].delegate.namespace: Invalid value: \"a.b\": must be a DNS label: letters, digits and inner hyphens, at most 63")]
    public void Action_IsOneAndOnlyOne(string route, params string[] expected) => Assert.Equal(expected, Errors(route));

    [Theory]
    [InlineData("1ms")]
    [InlineData("1.5s")]
    [InlineData("2h45m")]
    [InlineData("0s", "must be a valid duration greater than 1ms")]
    [InlineData("-1s", "must be a valid duration greater than 1ms")]
    [InlineData("999us", "must be a valid duration greater than 1ms")]
    [InlineData("1d", "must be a valid duration greater than 1ms")]
    [InlineData("", "must be a valid duration greater than 1ms")]
    [InlineData("1.0001s", "only durations to ms precision are supported")]
    public void Timeout_IsPositiveAndWholeMilliseconds(string timeout, string? detail = null) =>
        Assert.Equal(
            detail is null ? [] : [$"spec.http[0].timeout: Invalid value: \"{timeout}\": {detail}"],
            Errors($$"""{ ROUTE, "timeout": "{{timeout}}" }"""));

    [Theory]
    [InlineData("""{ "attempts": 0 }""")]
    [InlineData("""{ "attempts": 10, "perTryTimeout": "2s", "retryOn": "5xx,gateway-error,503,unavailable", "backoff": "25ms" }""")]
    [InlineData("""{ "attempts": -1, "perTryTimeout": "0s", "backoff": "1ns", "retryOn": "5xx,bogus,600, reset" }""",
        "spec.http[0].retries.attempts: Invalid value: -1: must not be negative",
        "spec.http[0].retries.perTryTimeout: Invalid value: \"0s\": must be a valid duration greater than 1ms",
        "spec.http[0].retries.backoff: Invalid value: \"1ns\": must be a valid duration greater than 1ms",
        "spec.http[0].retries.retryOn: Invalid value: \"bogus\": must be a status code or one of " + Conditions,
        "spec.http[0].retries.retryOn: Invalid value: \"600\": must be a status code or one of " + Conditions,
        "spec.http[0].retries.retryOn: Invalid value: \" reset\": must be a status code or one of " + Conditions)]
    [InlineData("""{ "retryOn": "5xx" }""", "spec.http[0].retries.attempts: Required value: must be greater than 0 when a retry policy is configured")]
    [InlineData("""{ "attempts": 0, "retryRemoteLocalities": false }""", "spec.http[0].retries.attempts: Required value: must be greater than 0 when a retry policy is configured")]
    public void Retries_AreJudged(string retries, params string[] expected) => Assert.Equal(expected, Errors($$"""{ ROUTE, "retries": {{retries}} }"""));

    [Theory]
    [InlineData("""{ "abort": { "httpStatus": 200, "percentage": { "value": 0.0001 } }, "delay": { "fixedDelay": "3s", "percentage": { "value": 100 } } }""")]
    [InlineData("""{ "abort": { "grpcStatus": "DEADLINE_EXCEEDED", "percentage": { "value": 0 } } }""")]
    [InlineData("""{ }""", "spec.http[0].fault: Required value: delay or abort")]
    [InlineData("""{ "abort": { "httpStatus": 199, "percentage": { "value": -10 } }, "delay": { "fixedDelay": "0s", "percent": 101, "percentage": { "value": 100.5 } } }""",
        "spec.http[0].fault.delay.percent: Invalid value: 101: must be between 0 and 100",
        "spec.http[0].fault.delay.percentage.value: Invalid value: 100.5: must be between 0 and 100",
        "spec.http[0].fault.delay.fixedDelay: Invalid value: \"0s\": must be a valid duration greater than 1ms",
        "spec.http[0].fault.abort.percentage.value: Invalid value: -10: must be between 0 and 100",
        "spec.http[0].fault.abort.httpStatus: Invalid value: 199: HTTP status must be in range 200-599")]
    [InlineData("""{ "abort": { "httpStatus": 600, "percentage": { "value": 0.00001 } } }""",
        "spec.http[0].fault.abort.percentage.value: Invalid value: 1E-05: must be 0 or at least 0.0001",
        "spec.http[0].fault.abort.httpStatus: Invalid value: 600: HTTP status must be in range 200-599")]
    [InlineData("""{ "abort": { "http2Error": "PROTOCOL_ERROR" }, "delay": { "exponentialDelay": "1s" } }""",
        "spec.http[0].fault.delay.exponentialDelay: Forbidden: not supported, use fixedDelay",
        "spec.http[0].fault.abort.http2Error: Forbidden: not supported, use httpStatus or grpcStatus")]
    [InlineData("""{ "abort": { "httpStatus": 500, "grpcStatus": "OK" } }""",
        "spec.http[0].fault.abort: Invalid value: \"object\": only one of httpStatus, grpcStatus can be set")]
    public void Fault_IsJudged(string fault, params string[] expected) => Assert.Equal(expected, Errors($$"""{ ROUTE, "fault": {{fault}} }"""));

    [Fact]
    public void Fault_UnknownGrpcStatus_NamesTheKnownOnes() =>
        Assert.StartsWith(
            "spec.http[0].fault.abort.grpcStatus: Unsupported value: \"BAD\": supported values: \"OK\", \"CANCELLED\", ",
            Assert.Single(Errors("""{ ROUTE, "fault": { "abort": { "grpcStatus": "BAD" } } }""")), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "uri": "/t", "redirectCode": 308 }""")]
    [InlineData("""{ "authority": "t", "redirectCode": 0 }""")]
    [InlineData("""{ "scheme": "https" }""")]
    [InlineData("""{ "derivePort": "FROM_PROTOCOL_DEFAULT" }""")]
    [InlineData("""{ "prefixRewrite": "/", "authority": "foo.example.com", "port": 8443 }""")]
    [InlineData("""{ "uri": "", "authority": "" }""", "spec.http[0].redirect: Required value: one of uri, prefixRewrite, authority, port, derivePort, scheme")]
    [InlineData("""{ "uri": "/a", "prefixRewrite": "/b", "redirectCode": 299, "scheme": "ftp", "port": 65536 }""",
        "spec.http[0].redirect: Invalid value: \"object\": only one of uri, prefixRewrite can be set",
        "spec.http[0].redirect.redirectCode: Invalid value: 299: not a valid redirect code, must be 3xx",
        "spec.http[0].redirect.scheme: Unsupported value: \"ftp\": supported values: \"http\", \"https\"",
        "spec.http[0].redirect.port: Invalid value: 65536: port must be between 1-65535")]
    [InlineData("""{ "uri": "/a", "redirectCode": 400 }""", "spec.http[0].redirect.redirectCode: Invalid value: 400: not a valid redirect code, must be 3xx")]
    [InlineData("""{ "uri": "/a\r\nset-cookie: b", "authority": "c\n" }""",
        "spec.http[0].redirect.uri: Invalid value: \"/a\\r\\nset-cookie: b\": must not contain control characters",
        "spec.http[0].redirect.authority: Invalid value: \"c\\n\": must not contain control characters")]
    [InlineData("""{ "port": 80, "derivePort": "FROM_REQUEST_PORT" }""", "spec.http[0].redirect: Invalid value: \"object\": only one of port, derivePort can be set")]
    public void Redirect_IsJudged(string redirect, params string[] expected) => Assert.Equal(expected, Errors($$"""{ "redirect": {{redirect}} }"""));

    [Theory]
    [InlineData("""{ "uri": { "prefix": "/foo" } }""", true)]
    [InlineData("""{ "headers": { "x-foo": { "exact": "bar" } } }""", true)]
    [InlineData("""{ "uri": { "exact": "/foo" } }""", false)]
    [InlineData("""{ "uri": { "regex": "/foo.*" } }""", false)]
    public void Redirect_PrefixRewrite_NeedsPrefixes(string match, bool accepted) =>
        Assert.Equal(
            accepted ? [] : ["spec.http[0].redirect.prefixRewrite: Invalid value: \"/bar\": needs every uri match of the route to be a prefix"],
            Errors($$"""{ "match": [{{match}}], "redirect": { "prefixRewrite": "/bar" } }"""));

    [Theory]
    [InlineData("""{ "uri": "/a", "authority": "b" }""")]
    [InlineData("""{ "uriRegexRewrite": { "match": "^/service/([^/]+)(/.*)$", "rewrite": "\\2/instance/\\1\\\\\\0" } }""")]
    [InlineData("""{ }""", "spec.http[0].rewrite: Required value: one of uri, uriRegexRewrite, authority")]
    [InlineData("""{ "uri": "/a", "uriRegexRewrite": { } }""",
        "spec.http[0].rewrite: Invalid value: \"object\": only one of uri, uriRegexRewrite can be set",
        "spec.http[0].rewrite.uriRegexRewrite.match: Required value",
        "spec.http[0].rewrite.uriRegexRewrite.rewrite: Required value")]
    [InlineData("""{ "uriRegexRewrite": { "match": "[", "rewrite": "[" } }""",
        "spec.http[0].rewrite.uriRegexRewrite.match: Invalid value: \"[\": not a regular expression: unterminated bracket at offset 1")]
    [InlineData("""{ "uriRegexRewrite": { "match": "(a)", "rewrite": "\\1\\2" } }""",
        "spec.http[0].rewrite.uriRegexRewrite.rewrite: Invalid value: \"\\\\1\\\\2\": \\2 refers to a group that match does not have: it has 1")]
    [InlineData("""{ "uriRegexRewrite": { "match": "(a)", "rewrite": "\\1\\" } }""",
        "spec.http[0].rewrite.uriRegexRewrite.rewrite: Invalid value: \"\\\\1\\\\\": a backslash must be followed by a digit or another backslash")]
    public void Rewrite_IsJudged(string rewrite, params string[] expected) => Assert.Equal(expected, Errors($$"""{ ROUTE, "rewrite": {{rewrite}} }"""));

    [Theory]
    [InlineData("""{ "status": 200 }""")]
    [InlineData("""{ "status": 599, "body": { "string": "hello" } }""")]
    [InlineData("""{ "status": 503, "body": { "bytes": "aGVsbG8=" } }""")]
    [InlineData("""{ }""", "spec.http[0].directResponse.status: Required value")]
    [InlineData("""{ "status": 600, "body": { "bytes": "!" } }""",
        "spec.http[0].directResponse.status: Invalid value: 600: HTTP status must be in range 200-599",
        "spec.http[0].directResponse.body.bytes: Invalid value: \"!\": not base64")]
    [InlineData("""{ "status": 200, "body": { "string": "a", "bytes": "aGVsbG8=" } }""",
        "spec.http[0].directResponse.body: Invalid value: \"object\": only one of string, bytes can be set")]
    public void DirectResponse_IsJudged(string response, params string[] expected) => Assert.Equal(expected, Errors($$"""{ "directResponse": {{response}} }"""));

    [Fact]
    public void DirectResponse_Size_WarnsThenRefuses()
    {
        static string Route(int size) => $$"""{ "directResponse": { "status": 200, "body": { "string": "{{new string('a', size)}}" } } }""";

        Assert.Empty(Warnings(Route(100 * 1024)));
        Assert.Equal(["spec.http[0].directResponse.body: a response of 102401 bytes is copied to every proxy and may impact control plane performance"], Warnings(Route(100 * 1024 + 1)));
        Assert.Equal(["spec.http[0].directResponse.body: Too long: may not be more than 1048576 bytes"], Errors(Route(1024 * 1024 + 1)));
    }

    [Theory]
    [InlineData(""" "mirror": { "host": "a" }, "mirrorPercentage": { "value": 100 } """)]
    [InlineData(""" "mirrors": [{ "destination": { "host": "a" } }, { "destination": { "host": "b" }, "percentage": { "value": 0.5 } }] """)]
    [InlineData(""" "mirror": { "host": "*" }, "mirrors": [{ "destination": { "host": "a" }, "percentage": { "value": 101 } }, { "destination": { "host": "" } }] """,
        "spec.http[0]: Invalid value: \"object\": only one of mirror, mirrors can be set",
        "spec.http[0].mirror.host: Invalid value: \"*\": must be the name of a service",
        "spec.http[0].mirrors[0].percentage.value: Invalid value: 101: must be between 0 and 100",
        "spec.http[0].mirrors[1].destination.host: Invalid value: \"\": must be the name of a service")]
    [InlineData(""" "mirror": { "host": "a" }, "mirrorPercent": 101, "mirror_percent": 200, "mirrorPercentage": { "value": -1 } """,
        "spec.http[0].mirrorPercentage.value: Invalid value: -1: must be between 0 and 100",
        "spec.http[0].mirrorPercent: Invalid value: 101: must be between 0 and 100",
        "spec.http[0].mirror_percent: Invalid value: 200: must be between 0 and 100")]
    [InlineData(""" "mirrors": [{ }] """, "spec.http[0].mirrors[0].destination: Required value")]
    public void Mirrors_AreJudged(string mirrors, params string[] expected) => Assert.Equal(expected, Errors($$"""{ ROUTE, {{mirrors}} }"""));

    [Theory]
    [InlineData("""{ "allowOrigins": [{ "exact": "https://a" }, { "prefix": "https://" }, { "regex": "https://.*" }], "allowMethods": ["GET", "*"], "allowHeaders": ["*"], "maxAge": "2s" }""")]
    [InlineData("""{ "allowOrigins": [{ "exact": "" }, { "prefix": "" }, { "regex": "" }, { }, { "regex": "(" }], "allowMethods": ["get"], "allowHeaders": ["a b"], "exposeHeaders": [""], "maxAge": "1.5s" }""",
        "spec.http[0].corsPolicy.allowOrigins[0].exact: Required value: must not be empty",
        "spec.http[0].corsPolicy.allowOrigins[1].prefix: Required value: must not be empty",
        "spec.http[0].corsPolicy.allowOrigins[2].regex: Required value: must not be empty",
        "spec.http[0].corsPolicy.allowOrigins[3]: Required value: one of exact, prefix, regex",
        "spec.http[0].corsPolicy.allowOrigins[4].regex: Invalid value: \"(\": not a regular expression: insufficient closing parentheses at offset 1",
        "spec.http[0].corsPolicy.allowMethods[0]: Unsupported value: \"get\": supported values: \"GET\", \"HEAD\", \"POST\", \"PUT\", \"PATCH\", \"DELETE\", \"CONNECT\", \"OPTIONS\", \"TRACE\", \"*\"",
        "spec.http[0].corsPolicy.allowHeaders[0]: Invalid value: \"a b\": must be the name of an HTTP header",
        "spec.http[0].corsPolicy.exposeHeaders[0]: Invalid value: \"\": must be the name of an HTTP header",
        "spec.http[0].corsPolicy.maxAge: Invalid value: \"1.5s\": only durations to seconds precision are supported")]
    public void CorsPolicy_IsJudged(string policy, params string[] expected) => Assert.Equal(expected, Errors($$"""{ ROUTE, "corsPolicy": {{policy}} }"""));

    [Theory]
    [InlineData("""{ "request": { "set": { ":authority": "a", "x-a": "100%%" }, "add": { "x-b": "hello %HOSTNAME%" }, "remove": ["x-c"] }, "response": { "set": { "x-d": "%REQ(a)%" } } }""")]
    [InlineData("""{ "request": { "set": { "": "a", ":path": "/" }, "add": { "x y": "a%b", "z": "a\r\nb: c" }, "remove": ["host", ":method", ""] } }""",
        "spec.http[0].headers.request.set[]: Invalid value: \"\": must be the name of an HTTP header",
        "spec.http[0].headers.request.set[:path]: Invalid value: \":path\": header cannot have \":\" prefix",
        "spec.http[0].headers.request.add[x y]: Invalid value: \"x y\": must be the name of an HTTP header",
        "spec.http[0].headers.request.add[x y]: Invalid value: \"a%b\": header value has an unpaired '%': a command is %NAME% or %NAME(ARGUMENTS)%, a percent sign is %%",
        "spec.http[0].headers.request.add[z]: Invalid value: \"a\\r\\nb: c\": header value must not contain control characters",
        "spec.http[0].headers.request.remove[0]: Forbidden: the host can only be set or added, and only in a request",
        "spec.http[0].headers.request.remove[1]: Invalid value: \":method\": header cannot have \":\" prefix",
        "spec.http[0].headers.request.remove[2]: Invalid value: \"\": must be the name of an HTTP header")]
    [InlineData("""{ "response": { "set": { "Host": "a" }, "add": { ":authority": "a" }, "remove": [":status"] } }""",
        "spec.http[0].headers.response.set[Host]: Forbidden: the host can only be set or added, and only in a request",
        "spec.http[0].headers.response.add[:authority]: Forbidden: the host can only be set or added, and only in a request",
        "spec.http[0].headers.response.remove[0]: Invalid value: \":status\": header cannot have \":\" prefix")]
    [InlineData("""{ "request": { "set": { ":authority": "a" }, "add": { "host": "b" } } }""",
        "spec.http[0]: Invalid value: \"object\": authority header cannot be set multiple times")]
    public void Headers_AreJudged(string headers, params string[] expected)
    {
        Assert.Equal(expected, Errors($$"""{ ROUTE, "headers": {{headers}} }"""));
        // a destination's headers obey the same rules, except that the authority of the route is not theirs
        Assert.Equal(
            expected.Where(e => !e.Contains("multiple times", StringComparison.Ordinal)).Select(e => e.Replace("http[0].headers", "http[0].route[0].headers", StringComparison.Ordinal)),
            Errors($$"""{ "route": [{ "destination": { "host": "a" }, "headers": {{headers}} }] }"""));
    }

    [Fact]
    public void Authority_RewrittenAndSet_IsRefused() =>
        Assert.Equal(
            ["spec.http[0]: Invalid value: \"object\": authority header cannot be set multiple times"],
            Errors("""{ ROUTE, "rewrite": { "authority": "bar" }, "headers": { "request": { "set": { ":authority": "foo" } } } }"""));

    [Theory]
    [InlineData("""{ ROUTE, "mirror": { "host": "a" }, "mirrorPercent": 5 }""", "spec.http[0].mirrorPercent: deprecated, use mirrorPercentage")]
    [InlineData("""{ "redirect": { "uri": "/a", "redirectCode": 305 } }""", "spec.http[0].redirect.redirectCode: 305 is not a redirect that browsers follow: 301, 302, 303, 307 and 308 are")]
    [InlineData("""{ ROUTE, "fault": { "abort": { }, "delay": { } } }""",
        "spec.http[0].fault.delay: nothing is delayed, for there is no fixedDelay",
        "spec.http[0].fault.abort: nothing is aborted, for there is neither httpStatus nor grpcStatus")]
    [InlineData("""{ ROUTE, "fault": { "abort": { "httpStatus": 500 }, "delay": { "fixedDelay": "1s" } } }""",
        "spec.http[0].fault.delay: nothing is delayed, for there is no percentage",
        "spec.http[0].fault.abort: nothing is aborted, for there is no percentage")]
    [InlineData("""{ ROUTE, "corsPolicy": { "allowOrigin": ["*"], "allowOrigins": [{ "regex": ".*" }], "allowCredentials": true } }""",
        "spec.http[0].corsPolicy.allowOrigin: deprecated, use allowOrigins",
        "spec.http[0].corsPolicy.allowCredentials: every page of the web may act with its visitor's credentials")]
    public void Route_Doubtful_IsAcceptedWithWarning(string route, params string[] expected) => Assert.Equal(expected, Warnings(route));

    private const string Conditions =
        "5xx, gateway-error, reset, reset-before-request, connect-failure, retriable-4xx, refused-stream, retriable-status-codes, retriable-headers, envoy-ratelimited, "
        + "http3-post-connect-failure, cancelled, deadline-exceeded, internal, resource-exhausted, unavailable";

    private static string[] Errors(string route) => Verdict.Errors(VirtualService.Kind, Full(route));

    private static string[] Warnings(string route) => Verdict.Warnings(VirtualService.Kind, Full(route));

    private static string Full(string route) =>
        $$"""{ "hosts": ["reviews"], "http": [{{route.Replace("ROUTE", """ "route": [{ "destination": { "host": "reviews" } }] """, StringComparison.Ordinal)}}] }""";
}
