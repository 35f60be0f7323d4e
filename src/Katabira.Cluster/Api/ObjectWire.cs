using System.Text.Json;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Selectors;
using Katabira.Cluster.Storage;
using Katabira.Cluster.Tables;

namespace Katabira.Cluster.Api;

/// <summary>
/// Turns objects into the answer's form: as they are, as rows, or as metadata. One for each answer; not for several threads.
/// </summary>
internal sealed class ObjectWire
{
    private readonly ResponseShape _shape;
    private readonly TableRequest? _table;

    /// <param name="includeObject">The query parameter, for Tables.</param>
    /// <exception cref="ApiException">The parameter makes no sense.</exception>
    public ObjectWire(ResponseShape shape, ServedResource resource, string? includeObject, TimeProvider time)
    {
        _shape = shape;
        if (shape.Shape == ObjectShape.Table)
        {
            _table = new TableRequest(TableLayouts.For(resource, new ColumnPaths().Find), time.GetUtcNow(), Include(includeObject), shape.Version);
        }
    }

    public ObjectShape Shape => _shape.Shape;

    /// <summary>One object.</summary>
    /// <param name="text">As the client's version has it.</param>
    public void Write(Utf8JsonWriter json, ReadOnlyMemory<byte> text, bool withColumns = true)
    {
        switch (_shape.Shape)
        {
            case ObjectShape.Table:
                TableWriter.WriteOne(json, _table!, text, withColumns); // not null: it was made for this shape
                break;
            case ObjectShape.Metadata:
                using (var document = JsonDocument.Parse(text, StoredJson.Depth))
                {
                    PartialMetadata.Write(json, document.RootElement, _shape.Version);
                }
                break;
            default:
                json.WriteRawValue(text.Span, skipInputValidation: true);
                break;
        }
    }

    /// <summary>The part of a list before its items.</summary>
    public void BeginList(Utf8JsonWriter json, ServedResource resource, ListMeta meta)
    {
        if (_shape.Shape == ObjectShape.Table)
        {
            TableWriter.BeginList(json, _table!, meta); // not null: it was made for this shape
            return;
        }
        var isWhole = _shape.Shape == ObjectShape.Whole;
        json.WriteStartObject();
        json.WriteString("kind"u8, isWhole ? resource.Type.ListKind : "PartialObjectMetadataList");
        json.WriteString("apiVersion"u8, isWhole ? resource.ApiVersion : $"meta.k8s.io/{_shape.Version}");
        PartialMetadata.WriteListMeta(json, meta);
        json.WriteStartArray("items"u8);
    }

    /// <summary>One of the list's items.</summary>
    public void WriteItem(Utf8JsonWriter json, ReadOnlyMemory<byte> text)
    {
        if (_shape.Shape == ObjectShape.Table)
        {
            TableWriter.WriteRow(json, _table!, text); // not null: it was made for this shape
        }
        else
        {
            Write(json, text);
        }
    }

    /// <summary>The part after them.</summary>
    public static void EndList(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static IncludeObject Include(string? parameter) => parameter switch
    {
        null or "" or "Metadata" => IncludeObject.Metadata,
        "Object" => IncludeObject.Object,
        "None" => IncludeObject.None,
        _ => throw new ApiException(ApiFailure.BadRequest($"unrecognized includeObject value: \"{parameter}\"")),
    };

    /// <summary>The JSONPaths of a custom resource's columns, each parsed once for all rows.</summary>
    private sealed class ColumnPaths
    {
        private readonly Dictionary<string, JsonPaths?> _parsed = new(StringComparer.Ordinal);

        public System.Text.Json.Nodes.JsonNode? Find(System.Text.Json.Nodes.JsonObject item, string path)
        {
            if (!_parsed.TryGetValue(path, out var parsed))
            {
                _parsed[path] = parsed = JsonPaths.TryParse(path, out var read, out _) ? read : null;
            }
            return parsed?.First(item);
        }
    }
}
