using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Katabira.Cluster.Discovery;

/// <summary>A document that the API serves about itself. Immutable, so an answer needs no copy.</summary>
/// <param name="Body">UTF-8 JSON, except for the five bytes of the old OpenAPI form.</param>
/// <param name="Hash">Upper-case hex of SHA-256 over the body: equal bytes have equal hashes, whatever process made them.</param>
internal sealed record ApiDocument(ReadOnlyMemory<byte> Body, string ContentType, string Hash)
{
    public const string Json = "application/json";

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A strong entity tag, with its quotes.</summary>
    public string ETag => $"\"{Hash}\"";

    public static ApiDocument Of(Action<Utf8JsonWriter> write, string contentType = Json)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            write(writer);
        }
        return Of(buffer.WrittenMemory, contentType);
    }

    public static ApiDocument Of(ReadOnlyMemory<byte> body, string contentType) => new(body, contentType, Convert.ToHexString(SHA256.HashData(body.Span)));
}
