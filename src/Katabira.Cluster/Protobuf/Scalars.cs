using System.Text.Json.Nodes;

namespace Katabira.Cluster.Protobuf;

/// <summary>Scalars on the wire and in JSON.</summary>
internal static class Scalars
{
    /// <summary>How a type is written; messages and strings are bytes.</summary>
    public static WireType WireTypeOf(ScalarKind kind) => kind switch
    {
        ScalarKind.Bool or ScalarKind.Int32 or ScalarKind.Int64 => WireType.Varint,
        ScalarKind.Double => WireType.Fixed64,
        _ => WireType.Bytes,
    };

    public static JsonNode Read(ref WireReader reader, ScalarKind kind) => Read(ref reader, kind, out _);

    public static JsonNode Read(ref WireReader reader, ScalarKind kind, out bool isZero)
    {
        switch (kind)
        {
            case ScalarKind.Bool:
                var flag = reader.ReadVarint() != 0;
                isZero = !flag;
                return JsonValue.Create(flag);
            case ScalarKind.Int32:
                // negative numbers are sign-extended to ten bytes: the low half is the number
                var small = unchecked((int)reader.ReadVarint());
                isZero = small == 0;
                return JsonValue.Create(small);
            case ScalarKind.Int64:
                var number = unchecked((long)reader.ReadVarint());
                isZero = number == 0;
                return JsonValue.Create(number);
            case ScalarKind.Double:
                var real = BitConverter.UInt64BitsToDouble(reader.ReadFixed64());
                if (!double.IsFinite(real))
                {
                    WireReader.Fail("a number is not finite");
                }
                isZero = real == 0;
                return JsonValue.Create(real);
            case ScalarKind.Bytes:
                var bytes = reader.ReadBytes();
                isZero = bytes.IsEmpty;
                return JsonValue.Create(Convert.ToBase64String(bytes));
            default:
                var text = reader.ReadString();
                isZero = text.Length == 0;
                return JsonValue.Create(text);
        }
    }

    public static JsonNode Zero(ScalarKind kind) => kind switch
    {
        ScalarKind.Bool => JsonValue.Create(false),
        ScalarKind.Int32 or ScalarKind.Int64 or ScalarKind.Double => JsonValue.Create(0),
        _ => JsonValue.Create(""),
    };
}
