using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Cluster.Storage;

namespace Katabira.Cluster.Tables;

/// <summary>
/// Writes <c>meta.k8s.io</c> Tables: of a list, of one object, of a watch event. Nothing is built in between: an object goes from its text
/// to its row, then the next one is parsed, so that memory is bounded by the largest object. The caller flushes.
/// </summary>
internal static class TableWriter
{
    /// <param name="items">Objects as UTF-8 JSON, as the store has them. What is not JSON goes up as a JsonException.</param>
    public static void WriteList(Utf8JsonWriter json, TableRequest request, ListMeta meta, IEnumerable<ReadOnlyMemory<byte>> items)
    {
        WriteHead(json, request, meta, withColumns: true);
        var row = new RowWriter(json, request.Now);
        foreach (var item in items)
        {
            using var document = JsonDocument.Parse(item, StoredJson.Depth);
            WriteRow(json, request, row, document.RootElement);
        }
        WriteTail(json);
    }

    /// <summary>The part of a list before its rows; two closing brackets end it.</summary>
    public static void BeginList(Utf8JsonWriter json, TableRequest request, ListMeta meta) => WriteHead(json, request, meta, withColumns: true);

    /// <summary>One row of a list that was begun.</summary>
    public static void WriteRow(Utf8JsonWriter json, TableRequest request, ReadOnlyMemory<byte> item)
    {
        using var document = JsonDocument.Parse(item, StoredJson.Depth);
        WriteRow(json, request, new RowWriter(json, request.Now), document.RootElement);
    }

    /// <inheritdoc cref="WriteList(Utf8JsonWriter, TableRequest, ListMeta, IEnumerable{ReadOnlyMemory{byte}})"/>
    public static void WriteList(Utf8JsonWriter json, TableRequest request, ListMeta meta, IEnumerable<JsonObject> items)
    {
        using var text = new ObjectText();
        WriteList(json, request, meta, items.Select(text.Of));
    }

    /// <summary>A Table of one row. A watch's events carry the columns only in the first one: later heads would only cost bytes.</summary>
    public static void WriteOne(Utf8JsonWriter json, TableRequest request, ReadOnlyMemory<byte> item, bool withColumns = true)
    {
        using var document = JsonDocument.Parse(item, StoredJson.Depth);
        WriteHead(json, request, new(document.RootElement.Child("metadata").Text("resourceVersion")), withColumns);
        WriteRow(json, request, new RowWriter(json, request.Now), document.RootElement);
        WriteTail(json);
    }

    /// <inheritdoc cref="WriteOne(Utf8JsonWriter, TableRequest, ReadOnlyMemory{byte}, bool)"/>
    public static void WriteOne(Utf8JsonWriter json, TableRequest request, JsonObject item, bool withColumns = true)
    {
        using var text = new ObjectText();
        WriteOne(json, request, text.Of(item), withColumns);
    }

    /// <summary>A watch event whose object is a Table of one row; without the newline that ends it on the wire.</summary>
    /// <param name="type"><c>ADDED</c>, <c>MODIFIED</c>, <c>DELETED</c> or <c>BOOKMARK</c>.</param>
    public static void WriteEvent(Utf8JsonWriter json, string type, TableRequest request, ReadOnlyMemory<byte> item, bool isFirst)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WritePropertyName("object"u8);
        WriteOne(json, request, item, withColumns: isFirst);
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, TableRequest request, ListMeta meta, bool withColumns)
    {
        json.WriteStartObject();
        json.WriteString("kind"u8, "Table"u8);
        json.WriteString("apiVersion"u8, $"meta.k8s.io/{request.Version}");
        PartialMetadata.WriteListMeta(json, meta);
        if (withColumns)
        {
            json.WriteStartArray("columnDefinitions"u8);
            foreach (var column in request.Layout.Columns)
            {
                WriteColumn(json, column);
            }
            json.WriteEndArray();
        }
        else
        {
            json.WriteNull("columnDefinitions"u8);
        }
        json.WriteStartArray("rows"u8);
    }

    private static void WriteTail(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteColumn(Utf8JsonWriter json, TableColumn column)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, column.Name);
        json.WriteString("type"u8, column.Type);
        json.WriteString("format"u8, column.Format);
        json.WriteString("description"u8, column.Description);
        json.WriteNumber("priority"u8, column.Priority);
        json.WriteEndObject();
    }

    private static void WriteRow(Utf8JsonWriter json, TableRequest request, RowWriter row, JsonElement item)
    {
        json.WriteStartObject();
        json.WriteStartArray("cells"u8);
        request.Layout.Cells(row, item);
        json.WriteEndArray();
        if (request.Layout.Completion?.Invoke(item) is { } completion)
        {
            WriteCompletion(json, completion);
        }
        json.WritePropertyName("object"u8);
        switch (request.Include)
        {
            case IncludeObject.Metadata:
                PartialMetadata.Write(json, item, request.Version);
                break;
            case IncludeObject.Object:
                item.WriteTo(json);
                break;
            default:
                json.WriteNullValue();
                break;
        }
        json.WriteEndObject();
    }

    private static void WriteCompletion(Utf8JsonWriter json, RowCompletion completion)
    {
        json.WriteStartArray("conditions"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "Completed"u8);
        json.WriteString("status"u8, "True"u8);
        json.WriteString("reason"u8, completion.Reason);
        json.WriteString("message"u8, completion.Message);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>Objects as text, one at a time in one buffer: each text is good until the next is asked for.</summary>
    private sealed class ObjectText : IDisposable
    {
        private readonly ArrayBufferWriter<byte> _buffer = new(4096);
        private readonly Utf8JsonWriter _json;

        public ObjectText() => _json = new(_buffer);

        public ReadOnlyMemory<byte> Of(JsonObject item)
        {
            _buffer.ResetWrittenCount();
            _json.Reset();
            item.WriteTo(_json);
            _json.Flush();
            return _buffer.WrittenMemory;
        }

        public void Dispose() => _json.Dispose();
    }
}
