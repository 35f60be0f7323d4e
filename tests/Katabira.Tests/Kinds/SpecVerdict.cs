using System.Text.Json;
using Katabira.Model.Resources;
using Katabira.Model.Validation;

namespace Katabira.Tests.Kinds;

/// <summary>Judges a specification as if it were applied in namespace <c>shop</c>.</summary>
internal static class SpecVerdict
{
    /// <summary>The lines kubectl would print for it.</summary>
    public static string[] Errors(ResourceKind kind, string spec) => [.. Of(kind, spec).Errors.Select(e => e.ToString())];

    /// <summary>The warnings about it, which is accepted.</summary>
    public static string[] Warnings(ResourceKind kind, string spec)
    {
        var findings = Of(kind, spec);
        Xunit.Assert.Empty(findings.Errors);
        return [.. findings.Warnings];
    }

    public static Findings Of(ResourceKind kind, string spec) => kind.Validate(Wrap(kind, spec));

    /// <summary>The whole object around it.</summary>
    public static JsonElement Wrap(ResourceKind kind, string spec) => JsonElement.Parse($$"""
        {
          "apiVersion": "{{kind.Group}}/{{kind.Versions[0]}}", "kind": "{{kind.Kind}}",
          "metadata": { "name": "reviews", "namespace": "shop" },
          "spec": {{spec}}
        }
        """);
}
