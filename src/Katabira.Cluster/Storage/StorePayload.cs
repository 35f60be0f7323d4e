using System.Text.Json;

namespace Katabira.Cluster.Storage;

/// <summary>
/// An object's JSON on its way into the store, and the hole in it where the resourceVersion belongs.
/// The revision is known only to the writer, in the middle of a transaction; so the caller serializes beforehand and in
/// parallel, and the writer copies the bytes once with the digits in the hole. Key order, numbers and unknown fields are
/// what the caller wrote, and reading later costs nothing.
/// </summary>
internal sealed class StorePayload
{
    private const int MaxDepth = 512;

    private readonly ReadOnlyMemory<byte> _json;
    private readonly int _holeAt;
    private readonly int _holeLength;

    /// <param name="json">Valid JSON; not changed by anybody until the write is done.</param>
    /// <param name="holeAt">Offset of what is between the quotes of metadata.resourceVersion.</param>
    /// <param name="holeLength">Bytes between those quotes; they are replaced. Zero is usual.</param>
    public StorePayload(ReadOnlyMemory<byte> json, int holeAt, int holeLength)
    {
        var end = (long)holeAt + holeLength;
        if (holeAt < 1 || holeLength < 0 || end >= json.Length || json.Span[holeAt - 1] != '"' || json.Span[(int)end] != '"')
        {
            throw new ArgumentException("the hole must lie between two quotes", nameof(holeAt));
        }

        (_json, _holeAt, _holeLength) = (json, holeAt, holeLength);
    }

    /// <summary>Bytes of the object, give or take the digits of its revision.</summary>
    public int LengthBytes => _json.Length;

    /// <summary>
    /// Finds metadata.resourceVersion, which must be a string, in one pass without allocation; what comes after it is not looked at.
    /// Null if there is none, or if the JSON is not an object.
    /// </summary>
    public static StorePayload? Find(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            return EnterProperty(ref reader, "metadata"u8) && EnterProperty(ref reader, "resourceVersion"u8)
                && reader.Read() && reader.TokenType == JsonTokenType.String
                ? new StorePayload(json, (int)reader.TokenStartIndex + 1, reader.ValueSpan.Length)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The object as it will be stored and served.</summary>
    public StoredObject Seal(StoreKey key, Revision revision)
    {
        Span<byte> digits = stackalloc byte[Revision.MaxDigits];
        digits = digits[..revision.Format(digits)];

        var source = _json.Span;
        var sealedJson = new byte[source.Length - _holeLength + digits.Length];
        source[.._holeAt].CopyTo(sealedJson);
        digits.CopyTo(sealedJson.AsSpan(_holeAt));
        source[(_holeAt + _holeLength)..].CopyTo(sealedJson.AsSpan(_holeAt + digits.Length));
        return new StoredObject(key, revision, sealedJson, _holeAt);
    }

    /// <summary>Whether the two are the same bytes but for their resourceVersion: a write that would change nothing.</summary>
    public bool EqualsExceptRevision(StorePayload other)
    {
        var mine = _json.Span;
        var theirs = other._json.Span;
        return mine[.._holeAt].SequenceEqual(theirs[..other._holeAt])
            && mine[(_holeAt + _holeLength)..].SequenceEqual(theirs[(other._holeAt + other._holeLength)..]);
    }

    /// <summary>Moves into the object that comes next and to its property of that name, skipping the others.</summary>
    private static bool EnterProperty(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(name))
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }
}
