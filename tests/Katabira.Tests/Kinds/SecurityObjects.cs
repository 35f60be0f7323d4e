using System.Text.Json;
using Katabira.Model.Resources;
using Katabira.Model.Validation;

namespace Katabira.Tests.Kinds;

/// <summary>Objects of security.istio.io around a specification written as JSON.</summary>
internal static class SecurityObjects
{
    public static Findings Validate(ResourceKind kind, string spec, string metadata = """{"name": "policy", "namespace": "demo"}""") =>
        kind.Validate(Json(kind, spec, metadata));

    public static JsonElement Json(ResourceKind kind, string spec, string metadata)
    {
        using var document = JsonDocument.Parse(
            $$"""{"apiVersion": "{{kind.Group}}/{{kind.StorageVersion}}", "kind": "{{kind.Kind}}", "metadata": {{metadata}}, "spec": {{spec}}}""");
        return document.RootElement.Clone();
    }

    public static string[] Errors(this Findings findings) => [.. findings.Errors.Select(e => e.ToString())];
}
