using Katabira.Model.Kinds;
using Xunit;

namespace Katabira.Tests.Kinds;

/// <summary>Warnings of routes that never decide anything. A line of a case is one route: its matches, or nothing.</summary>
public class UnreachableRoutesTests
{
    private const string Unused = "not used, spec.http[0].match[0] takes all that it could";

    [Theory]
    [InlineData("""{ "headers": { "x": {} } }""", "")]
    [InlineData("""{ "uri": { "prefix": "/a" } }""", """{ "uri": { "prefix": "/b" } }""")]
    [InlineData("""{ "uri": { "prefix": "/ab" } }""", """{ "uri": { "prefix": "/a" } }""")]
    [InlineData("""{ "uri": { "exact": "/a" } }""", """{ "uri": { "exact": "/ab" } }""")]
    [InlineData("""{ "uri": { "exact": "/a" } }""", """{ "uri": { "prefix": "/a" } }""")]
    [InlineData("""{ "uri": { "prefix": "/a" }, "method": { "exact": "GET" } }""", """{ "uri": { "prefix": "/a" }, "method": { "exact": "PUT" } }""")]
    [InlineData("""{ "uri": { "prefix": "/a" }, "port": 80 }""", """{ "uri": { "prefix": "/ab" } }""")]
    [InlineData("""{ "uri": { "prefix": "/a" } }""", """{ "uri": { "prefix": "/A" }, "ignoreUriCase": true }""")]
    [InlineData("""{ "uri": { "exact": "/a" } }""", """{ "uri": { "exact": "/a" }, "ignoreUriCase": true }""")]
    [InlineData("""{ "uri": { "prefix": "/a" } }""", """{ "uri": { "regex": "/a.*" } }""")]
    public void Http_ReachableRoutes_AreNotWarnedOf(params string[] routes) => Assert.Empty(HttpWarnings(routes));

    [Theory]
    [InlineData("""{ "uri": { "prefix": "/a" } }""", """{ "uri": { "prefix": "/a" } }""")]
    [InlineData("""{ "uri": { "prefix": "/a" } }""", """{ "uri": { "prefix": "/ab" } }""")]
    [InlineData("""{ "uri": { "prefix": "/a" } }""", """{ "uri": { "exact": "/ab" }, "method": { "exact": "GET" } }""")]
    [InlineData("""{ "uri": { "prefix": "/" } }""", """{ "headers": { "x": {} } }""")]
    [InlineData("""{ "uri": { "prefix": "/" } }""", """{ "uri": { "regex": "/a.*" }, "ignoreUriCase": true }""")]
    [InlineData("""{ }""", """{ "uri": { "prefix": "/" } }""")]
    [InlineData("""{ "name": "one", "uri": { "regex": "/a.*" } }""", """{ "name": "two", "uri": { "regex": "/a.*" }, "statPrefix": "s", "ignoreUriCase": false }""")]
    [InlineData("""{ "headers": { "x": {} }, "port": 80 }""", """{ "headers": { "x": {} }, "port": 80, "uri": { "exact": "/" } }""")]
    [InlineData("""{ "uri": { "prefix": "/a" }, "ignoreUriCase": true }""", """{ "uri": { "prefix": "/ab" }, "ignoreUriCase": true }""")]
    public void Http_CoveredRoute_IsWarnedOf(params string[] routes) =>
        Assert.Equal([$"spec.http[1].match[0]: {Unused}", "spec.http[1]: never reached, all its matches are used by prior rules"], HttpWarnings(routes));

    [Fact]
    public void Http_OneOfTwoMatchesCovered_OnlyItIsWarnedOf() =>
        Assert.Equal(
            [$"spec.http[1].match[1]: {Unused}"],
            HttpWarnings("""{ "uri": { "prefix": "/a" } }""", """{ "uri": { "prefix": "/b" } }, { "uri": { "prefix": "/a/b" } }"""));

    [Fact]
    public void Http_AfterRouteWithoutMatch_EverythingIsUnreachable() =>
        Assert.Equal(
            [
                "spec.http[2]: never reached, spec.http[1] has no match and takes everything",
                "spec.http[3]: never reached, spec.http[1] has no match and takes everything",
            ],
            HttpWarnings("""{ "uri": { "prefix": "/a" } }""", "", """{ "uri": { "prefix": "/b" } }""", ""));

    [Fact]
    public void Connections_RepeatedAndCoveredMatches_AreWarnedOf() =>
        Assert.Equal(
            [
                "spec.tls[1].match[0]: not used, spec.tls[0].match[0] takes all that it could",
                "spec.tls[1]: never reached, all its matches are used by prior rules",
                "spec.tcp[1].match[1]: not used, spec.tcp[0].match[0] takes all that it could",
                "spec.tcp[2].match[0]: not used, spec.tcp[1].match[2] takes all that it could",
                "spec.tcp[2]: never reached, all its matches are used by prior rules",
            ],
            Verdict.Warnings(VirtualService.Kind, """
                {
                  "hosts": ["a.com"],
                  "tls": [
                    { "match": [{ "sniHosts": ["a.com"], "port": 443 }], "route": [{ "destination": { "host": "a" } }] },
                    { "match": [{ "sniHosts": ["a.com"], "port": 443 }], "route": [{ "destination": { "host": "b" } }] },
                    { "match": [{ "sniHosts": ["a.com"], "port": 444 }], "route": [{ "destination": { "host": "b" } }] }
                  ],
                  "tcp": [
                    { "match": [{ "port": 1 }], "route": [{ "destination": { "host": "a" } }] },
                    { "match": [{ "port": 2 }, { "port": 1 }, { }], "route": [{ "destination": { "host": "a" } }] },
                    { "match": [{ "port": 3 }], "route": [{ "destination": { "host": "a" } }] }
                  ]
                }
                """));

    [Fact]
    public void Http_ManyLongPaths_EndsSoon()
    {
        var routes = Enumerable.Range(0, 2_000).Select(i => $$"""{ "uri": { "prefix": "/{{new string('a', 500)}}{{i:D4}}" } }""");
        Assert.Empty(HttpWarnings([.. routes]));
    }

    private static string[] HttpWarnings(params string[] routes) =>
        Verdict.Warnings(VirtualService.Kind, $$"""
            { "hosts": ["reviews"], "http": [{{string.Join(',', routes.Select(r => $$"""{ "match": [{{r}}], "route": [{ "destination": { "host": "reviews" } }] }"""))}}] }
            """);
}
