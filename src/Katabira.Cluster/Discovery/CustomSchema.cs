using System.Text.Json;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Discovery;

/// <summary>The published schema of a custom resource: the definition's own, with the metadata every object has.</summary>
internal static class CustomSchema
{
    /// <param name="metadata">Reference to the schema of ObjectMeta.</param>
    public static void Write(Utf8JsonWriter json, ServedResource resource, string metadata)
    {
        var schema = resource.Version.Schema is { ValueKind: JsonValueKind.Object } own ? own : default;
        json.WriteStartObject(NameOf(resource.Kind));
        json.WriteString("type"u8, "object"u8);
        foreach (var member in Members(schema))
        {
            if (member.Name is not ("type" or "properties"))
            {
                member.WriteTo(json);
            }
        }
        json.WriteStartObject("properties"u8);
        WriteText(json, "apiVersion");
        WriteText(json, "kind");
        json.WriteStartObject("metadata"u8);
        json.WriteStartArray("allOf"u8);
        json.WriteStartObject();
        json.WriteString("$ref"u8, metadata);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        foreach (var property in Members(schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties"u8, out var properties) ? properties : default))
        {
            if (property.Name is not ("apiVersion" or "kind" or "metadata"))
            {
                property.WriteTo(json);
            }
        }
        json.WriteEndObject();
        json.WriteStartArray("x-kubernetes-group-version-kind"u8);
        OpenApiWriter.WriteKind(json, resource.Kind);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary><c>com.example.weather.v1.Umbrella</c></summary>
    private static string NameOf(GroupVersionKind kind) => $"{string.Join('.', kind.Group.Split('.').Reverse())}.{kind.Version}.{kind.Kind}";

    private static IEnumerable<JsonProperty> Members(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : Enumerable.Empty<JsonProperty>();

    private static void WriteText(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteString("type"u8, "string"u8);
        json.WriteEndObject();
    }
}
