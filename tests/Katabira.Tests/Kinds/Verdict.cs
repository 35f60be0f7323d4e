using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Model.Resources;
using Katabira.Model.Validation;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Kinds;

/// <summary>What a kind says about a specification that is written as YAML or JSON. The object is <c>example</c> of namespace <c>shop</c>.</summary>
internal static class Verdict
{
    /// <summary>How the message about an unknown protocol ends.</summary>
    public const string Protocols =
        "supported values: \"HTTP\", \"HTTP2\", \"HTTP_PROXY\", \"GRPC\", \"GRPC-WEB\", \"HTTPS\", \"TLS\", \"TCP\", \"UDP\", \"MONGO\", \"REDIS\", \"MYSQL\"";

    /// <summary>Asserts the errors, all of them, as kubectl prints them.</summary>
    public static void Refuses(ResourceKind kind, string spec, params string[] expected) => Assert.Equal(expected, Errors(kind, spec));

    /// <summary>Asserts that the specification is accepted with these warnings, all of them.</summary>
    public static void Warns(ResourceKind kind, string spec, params string[] expected) => Assert.Equal(expected, Warnings(kind, spec));

    /// <summary>The errors, as kubectl prints them.</summary>
    public static string[] Errors(ResourceKind kind, string spec) => Of(kind, spec).Lines();

    /// <summary>The warnings about a specification that is accepted.</summary>
    public static string[] Warnings(ResourceKind kind, string spec)
    {
        var findings = Of(kind, spec);
        Assert.Empty(findings.Errors);
        return [.. findings.Warnings];
    }

    /// <summary>The errors, as kubectl prints them.</summary>
    public static string[] Lines(this Findings findings) => [.. findings.Errors.Select(e => e.ToString())];

    public static Findings Of(ResourceKind kind, string spec) => kind.Validate(Json(kind, spec));

    public static JsonElement Json(ResourceKind kind, string spec) => JsonSerializer.SerializeToElement(Object(kind, spec));

    public static JsonObject Object(ResourceKind kind, string spec) => new()
    {
        ["apiVersion"] = $"{kind.Group}/{kind.Versions[0]}",
        ["kind"] = kind.Kind,
        ["metadata"] = new JsonObject { ["name"] = "example", ["namespace"] = "shop" },
        ["spec"] = YamlJson.Node(spec),
    };
}
