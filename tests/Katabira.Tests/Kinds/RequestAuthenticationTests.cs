using Katabira.Model.Kinds;
using Katabira.Model.Validation;
using Xunit;

namespace Katabira.Tests.Kinds;

public class RequestAuthenticationTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"selector": {"matchLabels": {"app": "httpbin"}}, "jwtRules": [{"issuer": "example.com"}]}""")]
    [InlineData("""
        {"targetRefs": [{"group": "", "kind": "Service", "name": "foo"}], "jwtRules": [{
          "issuer": "example.com", "audiences": ["a", "b"], "jwksUri": "https://example.com:8443/.well-known/jwks.json", "forwardOriginalToken": true,
          "fromCookies": ["foo"], "fromParams": ["token"], "fromHeaders": [{"name": "x-token", "prefix": "Bearer "}],
          "outputClaimToHeaders": [{"claim": "a.b", "header": "x-a"}, {"claim": "a.b", "header": "x-b"}], "outputPayloadToHeader": "x-payload",
          "timeout": "5s", "spaceDelimitedClaims": ["custom_scope"]}]}
        """)]
    [InlineData("""{"jwtRules": [{"issuer": "a", "jwks_uri": "http://example.com/keys", "outputPayloadToHeader": ""}]}""")]
    [InlineData("""{"jwtRules": [{"issuer": "a", "jwks": "{\"keys\": [{\"kty\": \"RSA\", \"e\": \"AQAB\", \"n\": \"xx\"}]}", "timeout": "1ms"}]}""")]
    public void Validate_WhatIstioAccepts_IsLeftInPeace(string spec)
    {
        var findings = Validate(spec);
        Assert.Empty(findings.Lines());
        Assert.Empty(findings.Warnings);
    }

    public static TheoryData<string, string[]> Refused => new()
    {
        {
            """{"selector": {"matchLabels": {"a": "b"}}, "targetRefs": [{"kind": "Service", "name": "s"}]}""",
            ["""spec: Invalid value: "object": only one of targetRefs or selector can be set"""]
        },
        {
            """{"targetRef": {"kind": "Service", "name": "s", "namespace": "other"}}""",
            ["""spec.targetRef.namespace: Invalid value: "other": cross namespace referencing is not currently supported"""]
        },
        { """{"jwtRules": [{"issuer": "a"}, {}]}""", ["spec.jwtRules[1].issuer: Required value"] },
        {
            """{"jwtRules": [{"issuer": "", "audiences": ["a", ""], "fromParams": [""], "fromCookies": [""], "spaceDelimitedClaims": [""]}]}""",
            [
                """spec.jwtRules[0].issuer: Invalid value: "": spec.jwtRules[0].issuer in body should be at least 1 chars long""",
                """spec.jwtRules[0].audiences[1]: Invalid value: "": spec.jwtRules[0].audiences[1] in body should be at least 1 chars long""",
                """spec.jwtRules[0].fromParams[0]: Invalid value: "": spec.jwtRules[0].fromParams[0] in body should be at least 1 chars long""",
                """spec.jwtRules[0].fromCookies[0]: Invalid value: "": spec.jwtRules[0].fromCookies[0] in body should be at least 1 chars long""",
                """spec.jwtRules[0].spaceDelimitedClaims[0]: Invalid value: "": spec.jwtRules[0].spaceDelimitedClaims[0] in body should be at least 1 chars long""",
            ]
        },
        {
            """{"jwtRules": [{"issuer": "a", "jwks": "{\"keys\": []}", "jwksUri": "https://a/b"}, {"issuer": "a", "jwks_uri": "https://a/b", "jwksUri": "https://a/b"}]}""",
            [
                """spec.jwtRules[0]: Invalid value: "object": only one of jwks or jwksUri can be set""",
                """spec.jwtRules[1]: Invalid value: "object": only one of jwks or jwksUri can be set""",
            ]
        },
        {
            """{"jwtRules": [{"issuer": "a", "jwksUri": "ftp://a/b", "timeout": "apple"}, {"issuer": "a", "jwks_uri": "a/b", "timeout": "0s"}, {"issuer": "a", "jwksUri": "https://a:b/c", "timeout": "-1s"}]}""",
            [
                """spec.jwtRules[0].jwksUri: Invalid value: "ftp://a/b": url must have scheme http:// or https://""",
                """spec.jwtRules[0].timeout: Invalid value: "apple": must be a valid duration greater than 1ms""",
                """spec.jwtRules[1].jwks_uri: Invalid value: "a/b": url must have scheme http:// or https://""",
                """spec.jwtRules[1].timeout: Invalid value: "0s": must be a valid duration greater than 1ms""",
                """spec.jwtRules[2].jwksUri: Invalid value: "https://a:b/c": url must have scheme http:// or https://""",
                """spec.jwtRules[2].timeout: Invalid value: "-1s": must be a valid duration greater than 1ms""",
            ]
        },
        {
            """{"jwtRules": [{"issuer": "a", "fromHeaders": [{"prefix": "b"}, {"name": ""}], "outputClaimToHeaders": [{"header": ":authority", "claim": "c"}, {"header": "h"}]}]}""",
            [
                "spec.jwtRules[0].fromHeaders[0].name: Required value",
                """spec.jwtRules[0].fromHeaders[1].name: Invalid value: "": spec.jwtRules[0].fromHeaders[1].name in body should be at least 1 chars long""",
                """spec.jwtRules[0].outputClaimToHeaders[0].header: Invalid value: ":authority": """
                + "spec.jwtRules[0].outputClaimToHeaders[0].header in body should match '^[-_A-Za-z0-9]+$'",
                "spec.jwtRules[0].outputClaimToHeaders[1].claim: Required value",
            ]
        },
        {
            """
            {"jwtRules": [{"issuer": "a", "fromHeaders": [{"name": "x y"}], "outputPayloadToHeader": "x:y",
              "outputClaimToHeaders": [{"header": "x-a", "claim": "a"}, {"header": "X-A", "claim": "b"}]}]}
            """,
            [
                """spec.jwtRules[0].fromHeaders[0].name: Invalid value: "x y": must be the name of an HTTP header""",
                """spec.jwtRules[0].outputPayloadToHeader: Invalid value: "x:y": must be the name of an HTTP header""",
                """spec.jwtRules[0].outputClaimToHeaders[1].header: Duplicate value: "X-A" """.TrimEnd(),
            ]
        },
        {
            """{"jwtRules": [{"issuer": "a", "jwks": "[]"}, {"issuer": "a", "jwks": "{\"keys\": 1}"}]}""",
            [
                """spec.jwtRules[0].jwks: Invalid value: "[]": must be a JSON Web Key Set: an object with the list keys""",
                """spec.jwtRules[1].jwks: Invalid value: "{\"keys\": 1}": must be a JSON Web Key Set: an object with the list keys""",
            ]
        },
    };

    [Theory, MemberData(nameof(Refused))]
    public void Validate_WrongObject_SaysEverythingThatIsWrong(string spec, string[] errors) => Assert.Equal(errors, Validate(spec).Lines());

    [Theory]
    [InlineData("{")]
    [InlineData("keys")]
    public void Validate_KeysThatAreNoJson_AreRefused(string jwks)
    {
        var error = Assert.Single(Validate($$"""{"jwtRules": [{"issuer": "a", "jwks": "{{jwks}}"}]}""").Lines());
        Assert.StartsWith($"spec.jwtRules[0].jwks: Invalid value: \"{jwks}\": must be JSON: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_DeepKeys_AreRefusedNotFollowed() =>
        Assert.Single(Validate($$"""{"jwtRules": [{"issuer": "a", "jwks": "{{new string('[', 100_000)}}"}]}""").Lines());

    [Theory]
    [InlineData("d")]
    [InlineData("k")]
    public void Validate_PrivateOrSharedKey_IsDoubted(string member)
    {
        var findings = Validate($$"""{"jwtRules": [{"issuer": "a", "jwks": "{\"keys\": [{\"kty\": \"EC\"}, {\"{{member}}\": \"secret\"}]}"}]}""");
        Assert.Empty(findings.Lines());
        Assert.StartsWith("spec.jwtRules[0].jwks: key 1 holds a secret", Assert.Single(findings.Warnings), StringComparison.Ordinal);
    }

    private static Findings Validate(string spec) => Verdict.Of(RequestAuthentication.Kind, spec);
}
