using System.Buffers.Text;
using System.Text.Json;

namespace Katabira.Cluster.Storage;

/// <summary>
/// Where the next page of a list begins. Clients get it as an opaque string, but they may send back anything.
/// It is base64url of {"v":1,"rv":N,"ns":…,"name":…}.
/// </summary>
/// <param name="At">The revision all pages show. Null for an inconsistent token: go on from whatever is there now.</param>
/// <param name="Namespace">Namespace of the last object of the page before.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct ContinueToken(Revision? At, string Namespace, string Name)
{
    private const int Version = 1;

    /// <summary>Six bytes, an escape, for each character of two segments; some JSON around them; a third more for base64.</summary>
    private const int MaxLength = ((StoreKey.MaxSegmentLength * 2 * 6) + 100) * 4 / 3;

    public override string ToString()
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteNumber("v"u8, Version);
            writer.WriteNumber("rv"u8, At?.Value ?? -1);
            writer.WriteString("ns"u8, Namespace);
            writer.WriteString("name"u8, Name);
            writer.WriteEndObject();
        }

        return Base64Url.EncodeToString(json.GetBuffer().AsSpan(0, (int)json.Length));
    }

    /// <summary>Null if it is not one of ours.</summary>
    public static ContinueToken? Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(text), new JsonDocumentOptions { MaxDepth = 1 });
            var token = json.RootElement;
            var at = token.GetProperty("rv"u8).GetInt64();
            return token.GetProperty("v"u8).GetInt32() == Version
                && token.GetProperty("ns"u8).GetString() is { } space
                && token.GetProperty("name"u8).GetString() is { } name
                ? new ContinueToken(at < 0 ? null : new Revision(at), space, name)
                : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }
}
