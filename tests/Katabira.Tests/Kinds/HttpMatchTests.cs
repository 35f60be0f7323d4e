using Katabira.Model.Kinds;
using Xunit;

namespace Katabira.Tests.Kinds;

/// <summary>Which requests an HTTP route takes.</summary>
public class HttpMatchTests
{
    [Theory]
    [InlineData("""{ }""")]
    [InlineData("""{ "uri": { "prefix": "" } }""")]
    [InlineData("""{ "uri": { "regex": "^(.*?;)?(user=jason)(;.*)?$" }, "port": 0, "ignoreUriCase": true }""")]
    [InlineData("""{ "headers": { "x-there": {}, "x-empty": { "exact": "" }, ":method": { "exact": "GET" } } }""")]
    [InlineData("""{ "withoutHeaders": { "x-a": {}, "x-b": { "regex": "*" } }, "queryParams": { "a": {}, "b": { "exact": "" }, "c": { "regex": "\\d+" } } }""")]
    [InlineData("""{ "port": 9080, "sourceLabels": { "app": "web", "example.com/tier": "" }, "sourceNamespace": "shop", "gateways": ["mesh", "a/b"] }""")]
    public void Match_Right_IsAccepted(string match) => Assert.Empty(Errors(match));

    [Theory]
    [InlineData("""{ "uri": { }, "scheme": { "exact": "" }, "method": { "prefix": "" }, "authority": { "regex": "" } }""",
        "spec.http[0].match[0].uri: Required value: one of exact, prefix, regex",
        "spec.http[0].match[0].scheme.exact: Required value: must not be empty",
        "spec.http[0].match[0].method.prefix: Required value: must not be empty",
        "spec.http[0].match[0].authority.regex: Required value: must not be empty")]
    [InlineData("""{ "uri": { "exact": "/a", "prefix": "/a" } }""", "spec.http[0].match[0].uri: Invalid value: \"object\": only one of exact, prefix can be set")]
    [InlineData("""{ "headers": { "": {}, "a b": {}, "c": { "prefix": "" }, "d": { "regex": "*" } } }""",
        "spec.http[0].match[0].headers[]: Invalid value: \"\": must be the name of an HTTP header",
        "spec.http[0].match[0].headers[a b]: Invalid value: \"a b\": must be the name of an HTTP header",
        "spec.http[0].match[0].headers[c].prefix: Required value: must not be empty",
        "spec.http[0].match[0].headers[d].regex: Invalid value: \"*\": not a regular expression: quantifier after nothing at offset 1")]
    [InlineData("""{ "withoutHeaders": { ":bogus": {}, "a": { "regex": "?" } }, "queryParams": { "q": { "regex": "*" } } }""",
        "spec.http[0].match[0].withoutHeaders[:bogus]: Invalid value: \":bogus\": must be the name of an HTTP header",
        "spec.http[0].match[0].withoutHeaders[a].regex: Invalid value: \"?\": not a regular expression: quantifier after nothing at offset 1",
        "spec.http[0].match[0].queryParams[q].regex: Invalid value: \"*\": not a regular expression: quantifier after nothing at offset 1")]
    [InlineData("""{ "headers": { "x": null } }""",
        "spec.http[0].match[0].headers[x]: Invalid value: \"null\": spec.http[0].match[0].headers[x] in body must be of type object: \"null\"")]
    [InlineData("""{ "port": 70000, "sourceNamespace": "a_b", "gateways": ["a/*"], "sourceLabels": { "a//b": "" } }""",
        "spec.http[0].match[0].port: Invalid value: 70000: port must be between 1-65535",
        "spec.http[0].match[0].sourceLabels: Invalid value: \"a//b\": label key must be a name such as app or example.com/app",
        "spec.http[0].match[0].gateways[0]: Invalid value: \"a/*\": namespace and name of a gateway must be DNS labels",
        "spec.http[0].match[0].sourceNamespace: Invalid value: \"a_b\": must be a DNS label: letters, digits and inner hyphens, at most 63")]
    public void Match_Wrong_EveryMistakeIsNamed(string match, params string[] expected) => Assert.Equal(expected, Errors(match));

    [Theory]
    [InlineData("@request.auth.claims.group", true)]
    [InlineData("@request.auth.claims[group][id]", true)]
    [InlineData("@Request.Auth.Claims[group]", true)]
    [InlineData("@request.auth.claims", false)]
    [InlineData("@request.auth.claims.", false)]
    [InlineData("@request.auth.claims[]", false)]
    [InlineData("@request.auth.claimsgroup", false)]
    public void Claim_IsForGatewaysOnly(string name, bool isClaim)
    {
        var match = $$"""{ "headers": { "{{name}}": { "exact": "admins" } } }""";
        var notAName = $"spec.http[0].match[0].headers[{name}]: Invalid value: \"{name}\": must be the name of an HTTP header";
        var notHere = $"spec.http[0].match[0].headers[{name}]: Forbidden: JWT claim based routing is only supported for gateways";

        Assert.Equal(isClaim ? [] : [notAName], Errors(match, "istio-system/public"));
        Assert.Equal([isClaim ? notHere : notAName], Errors(match, "mesh"));
    }

    [Theory]
    [InlineData("(?=a)b")]
    [InlineData("(?<!a)b")]
    [InlineData(@"(a)\\1")]
    [InlineData("(?>a)")]
    [InlineData("((a{100}){100}){100}")]
    public void Regex_NotLinear_IsRefused(string pattern) =>
        Assert.EndsWith(
            "not matched in linear time: look-around, back-references, atomic groups, conditions and repetitions that need more than 10000 states are not supported",
            Assert.Single(Errors($$"""{ "uri": { "regex": "{{pattern}}" } }""")), StringComparison.Ordinal);

    private static string[] Errors(string match, string gateway = "mesh") =>
        Verdict.Errors(VirtualService.Kind, $$"""
            { "hosts": ["reviews.example.com"], "gateways": ["{{gateway}}"], "http": [{ "match": [{{match}}], "route": [{ "destination": { "host": "reviews" } }] }] }
            """);
}
