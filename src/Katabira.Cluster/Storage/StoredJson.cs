using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Storage;

/// <summary>How objects are written down and read again: the one place that knows the depth and the escaping of stored JSON. Pure.</summary>
internal static class StoredJson
{
    private const int MaxDepth = 512;

    // clients do not care how <, > and & are written; people who read the database do
    // what is around an object in an answer comes on top of its own depth
    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2 * MaxDepth, SkipValidation = true };

    /// <summary>The depth that a stored object may have, for other readers of it.</summary>
    public static JsonDocumentOptions Depth { get; } = new() { MaxDepth = MaxDepth };

    /// <summary>A tree of the caller's own.</summary>
    public static JsonObject Read(ReadOnlySpan<byte> json) => JsonNode.Parse(json, nodeOptions: null, Depth)!.AsObject(); // not null: what is stored is an object

    /// <inheritdoc cref="Read(ReadOnlySpan{byte})"/>
    public static JsonObject Read(StoredObject stored) => Read(stored.Json.Span);

    /// <summary>The text of a tree, in a buffer of its own.</summary>
    public static ReadOnlyMemory<byte> Write(JsonNode item)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, s_writing))
        {
            item.WriteTo(writer);
        }
        return buffer.WrittenMemory;
    }

    /// <summary>A writer with the same escaping. The caller disposes it.</summary>
    public static Utf8JsonWriter Writer(IBufferWriter<byte> into) => new(into, s_writing);
}
