using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Protobuf;

/// <summary>Messages whose JSON is not an object of their fields. Each returns null where the message stands for nothing.</summary>
internal static class SpecialDecoder
{
    private static readonly JsonDocumentOptions s_json = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    public static JsonNode? Read(ReadOnlySpan<byte> bytes, SpecialForm form, MessageDecoder decoder, int depth) => form switch
    {
        SpecialForm.Time => Time(bytes, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        SpecialForm.MicroTime => Time(bytes, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
        SpecialForm.Quantity => Texts(bytes, number: 1, decoder) is [.., var last] && last.Length > 0 ? last : "0",
        SpecialForm.IntOrString => IntOrString(bytes),
        SpecialForm.Json => Json(bytes),
        SpecialForm.Strings => new JsonArray([.. Texts(bytes, number: 1, decoder).Select(t => JsonValue.Create(t))]),
        SpecialForm.SchemaOrStrings when Texts(bytes, number: 2, decoder) is { Count: > 0 } names => new JsonArray([.. names.Select(n => JsonValue.Create(n))]),
        _ => Schema(bytes, form, decoder, depth),
    };

    private static JsonValue? Time(ReadOnlySpan<byte> bytes, string format)
    {
        var reader = new WireReader(bytes);
        var (seconds, nanoseconds) = (0L, 0L);
        while (reader.TryReadTag(out var number, out var type))
        {
            switch (number, type)
            {
                case (1, WireType.Varint):
                    seconds = unchecked((long)reader.ReadVarint());
                    break;
                case (2, WireType.Varint):
                    nanoseconds = unchecked((int)reader.ReadVarint());
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        if (seconds == 0 && nanoseconds == 0)
        {
            return null;
        }
        // year 1 to 9999, RFC 3339's range
        if (seconds is < -62_135_596_800 or > 253_402_300_799 || nanoseconds is < 0 or > 999_999_999)
        {
            WireReader.Fail("a time is out of range");
        }
        var time = DateTime.UnixEpoch.AddSeconds(seconds).AddTicks(nanoseconds / 100);
        return JsonValue.Create(time.ToString(format, CultureInfo.InvariantCulture));
    }

    private static JsonValue IntOrString(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        var (isText, value, text) = (false, 0, "");
        while (reader.TryReadTag(out var number, out var type))
        {
            switch (number, type)
            {
                case (1, WireType.Varint):
                    isText = reader.ReadVarint() == 1;
                    break;
                case (2, WireType.Varint):
                    value = unchecked((int)reader.ReadVarint());
                    break;
                case (3, WireType.Bytes):
                    text = reader.ReadString();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return isText ? JsonValue.Create(text) : JsonValue.Create(value);
    }

    private static JsonNode? Json(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        ReadOnlySpan<byte> json = default;
        while (reader.TryReadTag(out var number, out var type))
        {
            if (number == 1 && type == WireType.Bytes)
            {
                json = reader.ReadBytes();
            }
            else
            {
                reader.Skip(type);
            }
        }
        if (json.IsEmpty)
        {
            return null;
        }
        try
        {
            return JsonNode.Parse(json, documentOptions: s_json);
        }
        catch (JsonException e)
        {
            WireReader.Fail($"embedded JSON is not valid: {e.Message}");
            return null;
        }
    }

    /// <summary>The strings of one repeated field.</summary>
    private static List<string> Texts(ReadOnlySpan<byte> bytes, int number, MessageDecoder decoder)
    {
        var texts = new List<string>();
        var reader = new WireReader(bytes);
        while (reader.TryReadTag(out var found, out var type))
        {
            if (found == number && type == WireType.Bytes)
            {
                decoder.CountNode();
                texts.Add(reader.ReadString());
            }
            else
            {
                reader.Skip(type);
            }
        }
        return texts;
    }

    /// <summary>A JSON schema's either-or: one schema, or a boolean, or a list of schemas.</summary>
    private static JsonNode? Schema(ReadOnlySpan<byte> bytes, SpecialForm form, MessageDecoder decoder, int depth)
    {
        var schema = FieldTable.Types["apiextensions.v1.JSONSchemaProps"];
        var schemaNumber = form == SpecialForm.SchemaOrBool ? 2 : 1;
        var reader = new WireReader(bytes);
        JsonNode? otherwise = form == SpecialForm.SchemaOrBool ? JsonValue.Create(false) : form == SpecialForm.SchemaOrArray ? new JsonArray() : null;
        JsonNode? one = null;
        while (reader.TryReadTag(out var number, out var type))
        {
            if (number == schemaNumber && type == WireType.Bytes)
            {
                one = Object(reader.ReadBytes(), schema, decoder, depth);
            }
            else if (form == SpecialForm.SchemaOrArray && number == 2 && type == WireType.Bytes && otherwise is JsonArray list)
            {
                list.Add(Object(reader.ReadBytes(), schema, decoder, depth));
            }
            else if (form == SpecialForm.SchemaOrBool && number == 1 && type == WireType.Varint)
            {
                otherwise = JsonValue.Create(reader.ReadVarint() != 0);
            }
            else
            {
                reader.Skip(type);
            }
        }
        return one ?? otherwise;
    }

    private static JsonObject Object(ReadOnlySpan<byte> bytes, MessageType type, MessageDecoder decoder, int depth)
    {
        decoder.CountNode();
        var value = new JsonObject();
        decoder.Read(bytes, type, value, depth);
        return value;
    }
}
