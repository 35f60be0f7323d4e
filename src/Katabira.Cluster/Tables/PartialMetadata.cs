using System.Runtime.InteropServices;
using System.Text.Json;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Tables;

/// <summary>Objects reduced to their metadata, which is all that garbage collectors and <c>kubectl get</c> need of them.</summary>
internal static class PartialMetadata
{
    /// <param name="version">Of <c>meta.k8s.io</c>: <c>v1</c> or <c>v1beta1</c>.</param>
    public static void Write(Utf8JsonWriter json, JsonElement item, string version = "v1")
    {
        json.WriteStartObject();
        json.WriteString("kind"u8, "PartialObjectMetadata"u8);
        json.WriteString("apiVersion"u8, ApiVersion(version));
        json.WritePropertyName("metadata"u8);
        if (item.Child("metadata") is var metadata && metadata.IsSomething())
        {
            // most of it is managedFields: it goes as it stands in the store, because writing it anew costs more than reading the object did
            json.WriteRawValue(JsonMarshal.GetRawUtf8Value(metadata), skipInputValidation: true);
        }
        else
        {
            json.WriteStartObject();
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    /// <param name="items">Objects as UTF-8 JSON. What is not JSON goes up as a JsonException.</param>
    public static void WriteList(Utf8JsonWriter json, ListMeta meta, IEnumerable<ReadOnlyMemory<byte>> items, string version = "v1")
    {
        json.WriteStartObject();
        json.WriteString("kind"u8, "PartialObjectMetadataList"u8);
        json.WriteString("apiVersion"u8, ApiVersion(version));
        WriteListMeta(json, meta);
        json.WriteStartArray("items"u8);
        foreach (var item in items)
        {
            using var document = JsonDocument.Parse(item, StoredJson.Depth);
            Write(json, document.RootElement, version);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The member <c>metadata</c> of a list.</summary>
    public static void WriteListMeta(Utf8JsonWriter json, ListMeta meta)
    {
        json.WriteStartObject("metadata"u8);
        json.WriteString("resourceVersion"u8, meta.ResourceVersion);
        if (meta.Continue.Length > 0)
        {
            json.WriteString("continue"u8, meta.Continue);
        }
        if (meta.RemainingItemCount is { } remaining)
        {
            json.WriteNumber("remainingItemCount"u8, remaining);
        }
        json.WriteEndObject();
    }

    private static string ApiVersion(string version) => $"meta.k8s.io/{version}";
}
