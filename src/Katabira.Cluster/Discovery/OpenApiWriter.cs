using System.Text.Json;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Discovery;

/// <summary>
/// One OpenAPI v3 document: what kubectl reads of it, and no more. It looks for a PATCH with the kind and the parameters
/// <c>fieldValidation</c> and <c>dryRun</c> (then validation is the server's), for the patch types (only those of custom resources are
/// listed: without a list kubectl takes its compiled-in types, which know the merge keys), and, to explain, for the schemas.
/// </summary>
internal static class OpenApiWriter
{
    private static ReadOnlySpan<string> PatchTypes => s_patchTypes;

    private static readonly string[] s_patchTypes = ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"];

    public static ApiDocument Write(ApiGroupVersion version, string serverVersion) => ApiDocument.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("openapi"u8, "3.0.0"u8);
        json.WriteStartObject("info"u8);
        json.WriteString("title"u8, "Kubernetes"u8);
        json.WriteString("version"u8, serverVersion);
        json.WriteEndObject();
        json.WriteStartObject("paths"u8);
        foreach (var resource in version.Resources)
        {
            WritePaths(json, version, resource);
        }
        json.WriteEndObject();
        json.WriteStartObject("components"u8);
        json.WriteStartObject("schemas"u8);
        OpenApiSchemas.Write(json, version);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static void WritePaths(Utf8JsonWriter json, ApiGroupVersion version, ServedResource resource)
    {
        var collection = $"/{version.Path}/{(resource.Type.Namespaced ? "namespaces/{namespace}/" : "")}{resource.Type.Plural}";
        json.WriteStartObject(collection);
        if (resource.Type.IsStored)
        {
            WriteOperation(json, "get", "list", resource);
        }
        WriteOperation(json, "post", "post", resource);
        if (!resource.Type.IsStored)
        {
            // nobody patches a review; but this is where kubectl looks up the parameters of its creation
            WriteOperation(json, "patch", "patch", resource);
        }
        json.WriteEndObject();
        if (resource.Type.IsStored)
        {
            json.WriteStartObject(collection + "/{name}");
            WriteOperation(json, "get", "get", resource);
            WriteOperation(json, "put", "put", resource);
            WriteOperation(json, "patch", "patch", resource);
            WriteOperation(json, "delete", "delete", resource);
            json.WriteEndObject();
        }
    }

    private static void WriteOperation(Utf8JsonWriter json, string method, string action, ServedResource resource)
    {
        json.WriteStartObject(method);
        json.WriteString("x-kubernetes-action"u8, action);
        json.WritePropertyName("x-kubernetes-group-version-kind"u8);
        WriteKind(json, resource.Kind);
        json.WriteStartArray("parameters"u8);
        if (method != "get")
        {
            WriteParameter(json, "dryRun");
        }
        if (method is "post" or "put" or "patch")
        {
            WriteParameter(json, "fieldManager");
            WriteParameter(json, "fieldValidation");
        }
        json.WriteEndArray();
        if (method == "patch" && resource.Type.IsCustom)
        {
            WritePatchTypes(json);
        }
        json.WriteStartObject("responses"u8);
        json.WriteStartObject("200"u8);
        json.WriteString("description"u8, "OK"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteKind(Utf8JsonWriter json, GroupVersionKind kind)
    {
        json.WriteStartObject();
        json.WriteString("group"u8, kind.Group);
        json.WriteString("version"u8, kind.Version);
        json.WriteString("kind"u8, kind.Kind);
        json.WriteEndObject();
    }

    private static void WriteParameter(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("in"u8, "query"u8);
        json.WriteStartObject("schema"u8);
        json.WriteString("type"u8, "string"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WritePatchTypes(Utf8JsonWriter json)
    {
        json.WriteStartObject("requestBody"u8);
        json.WriteStartObject("content"u8);
        foreach (var type in PatchTypes)
        {
            json.WriteStartObject(type);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
