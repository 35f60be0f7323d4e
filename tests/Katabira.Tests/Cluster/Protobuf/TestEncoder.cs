using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Katabira.Cluster.Protobuf;

namespace Katabira.Tests.Cluster.Protobuf;

/// <summary>Writes JSON as protobuf after the field table: the decoder's mirror, for tests only.</summary>
internal static class TestEncoder
{
    /// <summary>A whole body: prefix and envelope around the object.</summary>
    public static byte[] Body(JsonObject item)
    {
        var kind = Katabira.Cluster.Resources.GroupVersionKind.Of((string)item["apiVersion"]!, (string)item["kind"]!);
        var typeMeta = Concat(Field(1, Text((string)item["apiVersion"]!)), Field(2, Text((string)item["kind"]!)));
        return Concat("k8s\0"u8.ToArray(), Field(1, typeMeta), Field(2, Message(item, FieldTable.Find(kind)!)));
    }

    public static byte[] Message(JsonObject item, MessageType type)
    {
        var bytes = new List<byte>();
        foreach (var field in type.Fields)
        {
            if (field.IsInlined)
            {
                bytes.AddRange(Field(field.Number, Message(item, field.Message!)));
            }
            else if (item[field.Name] is { } value)
            {
                bytes.AddRange(Field(field, value));
            }
        }
        return [.. bytes];
    }

    /// <summary>A field of wire type 2.</summary>
    public static byte[] Field(int number, byte[] content) => Concat(Varint((ulong)number << 3 | 2), Varint((ulong)content.Length), content);

    public static byte[] VarintField(int number, long value) => Concat(Varint((ulong)number << 3), Varint(unchecked((ulong)value)));

    public static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value > 0x7F; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }
        bytes.Add((byte)value);
        return [.. bytes];
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Concat(params byte[][] parts) => [.. parts.SelectMany(p => p)];

    private static byte[] Field(MessageField field, JsonNode value) => field.Shape switch
    {
        FieldShape.List => Concat([.. value.AsArray().Select(v => One(field, field.Number, v!))]),
        FieldShape.Map => Concat([.. value.AsObject().Select(p => Field(field.Number, Concat(Field(1, Text(p.Key)), One(field, 2, p.Value!))))]),
        _ => One(field, field.Number, value),
    };

    private static byte[] One(MessageField field, int number, JsonNode value) => field.Scalar switch
    {
        ScalarKind.String => Field(number, Text((string)value!)),
        ScalarKind.Bool => VarintField(number, (bool)value ? 1 : 0),
        ScalarKind.Int32 or ScalarKind.Int64 => VarintField(number, long.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)),
        ScalarKind.Double => Concat(Varint((ulong)number << 3 | 1), BitConverter.GetBytes(double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture))),
        ScalarKind.Bytes => Field(number, Convert.FromBase64String((string)value!)),
        _ => Field(number, Special(field.Message!, value)),
    };

    private static byte[] Special(MessageType type, JsonNode value) => type.Form switch
    {
        SpecialForm.Time or SpecialForm.MicroTime => Time((string)value!),
        SpecialForm.Quantity => Field(1, Text((string)value!)),
        SpecialForm.IntOrString => value.GetValueKind() == System.Text.Json.JsonValueKind.String
            ? Concat(VarintField(1, 1), VarintField(2, 0), Field(3, Text((string)value!)))
            : Concat(VarintField(1, 0), VarintField(2, (int)value), Field(3, [])),
        SpecialForm.Json => Field(1, Text(value.ToJsonString())),
        SpecialForm.Strings => Concat([.. value.AsArray().Select(v => Field(1, Text((string)v!)))]),
        SpecialForm.None => Message(value.AsObject(), type),
        _ => value switch
        {
            JsonValue flag => VarintField(1, (bool)flag ? 1 : 0),
            JsonArray list when type.Form == SpecialForm.SchemaOrStrings => Concat([.. list.Select(v => Field(2, Text((string)v!)))]),
            JsonArray list => Concat([.. list.Select(v => Field(2, Message(v!.AsObject(), Schema)))]),
            _ => Field(type.Form == SpecialForm.SchemaOrBool ? 2 : 1, Message(value.AsObject(), Schema)),
        },
    };

    private static MessageType Schema => FieldTable.Types["apiextensions.v1.JSONSchemaProps"];

    private static byte[] Time(string text)
    {
        var time = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
        return Concat(VarintField(1, time.ToUnixTimeSeconds()), VarintField(2, time.Ticks % TimeSpan.TicksPerSecond * 100));
    }
}
