using System.Globalization;
using System.Text.Json.Nodes;

namespace Katabira.Cluster.Protobuf;

/// <summary>
/// Decodes one message after the field table. Fields nobody knows are skipped; a field of the wrong wire type is an error. Bounded: by the
/// depth of messages, and by the number of JSON nodes, because two bytes on the wire can make a node of a hundred.
/// </summary>
internal sealed class MessageDecoder
{
    /// <summary>CRD schemas nest deepest, in practice below 40.</summary>
    private const int MaxDepth = 100;

    /// <summary>The largest CRDs have about ten thousand.</summary>
    private const int MaxNodes = 250_000;

    private int _nodes;

    /// <summary>Reads a message into an object, which may hold earlier parts of it: protobuf merges them.</summary>
    public void Read(ReadOnlySpan<byte> bytes, MessageType type, JsonObject into, int depth)
    {
        if (depth > MaxDepth)
        {
            WireReader.Fail($"messages are nested deeper than {MaxDepth}");
        }
        var reader = new WireReader(bytes);
        while (reader.TryReadTag(out var number, out var wireType))
        {
            if (type.ByNumber(number) is { } field)
            {
                ReadField(ref reader, wireType, type, field, into, depth);
            }
            else
            {
                reader.Skip(wireType);
            }
        }
    }

    /// <summary>Every node that is made counts.</summary>
    public void CountNode()
    {
        if (++_nodes > MaxNodes)
        {
            WireReader.Fail($"the message has more than {MaxNodes.ToString(CultureInfo.InvariantCulture)} values");
        }
    }

    private void ReadField(ref WireReader reader, WireType wireType, MessageType owner, MessageField field, JsonObject into, int depth)
    {
        if (field.Shape == FieldShape.List && wireType == WireType.Bytes && Scalars.WireTypeOf(field.Scalar) != WireType.Bytes)
        {
            ReadPacked(reader.ReadBytes(), field, ListIn(into, field.Name));
            return;
        }
        var expected = field.Shape == FieldShape.Map ? WireType.Bytes : Scalars.WireTypeOf(field.Scalar);
        if (wireType != expected)
        {
            WireReader.Fail($"{owner.Name}.{(field.IsInlined ? "~" : field.Name)} has wire type {(int)wireType} where {(int)expected} belongs");
        }
        CountNode();
        switch (field.Shape)
        {
            case FieldShape.Map:
                ReadEntry(reader.ReadBytes(), field, MapIn(into, field.Name), depth);
                break;
            case FieldShape.List:
                ListIn(into, field.Name).Add(field.Message is { } item ? Value(reader.ReadBytes(), item, null, depth) : Scalars.Read(ref reader, field.Scalar));
                break;
            case FieldShape.One when field.IsInlined:
                Read(reader.ReadBytes(), field.Message!, into, depth + 1); // only messages are inlined
                break;
            case FieldShape.One when field.Message is { } message:
                Set(into, field.Name, Value(reader.ReadBytes(), message, into[field.Name] as JsonObject, depth));
                break;
            default:
                var scalar = Scalars.Read(ref reader, field.Scalar, out var isZero);
                Set(into, field.Name, isZero && !field.HasPresence && !field.IsAlwaysWritten ? null : scalar);
                break;
        }
    }

    /// <summary>A message's JSON; null if it stands for nothing.</summary>
    private JsonNode? Value(ReadOnlySpan<byte> bytes, MessageType type, JsonObject? earlier, int depth)
    {
        if (type.Form != SpecialForm.None)
        {
            return SpecialDecoder.Read(bytes, type.Form, this, depth + 1);
        }
        var value = earlier ?? [];
        Read(bytes, type, value, depth + 1);
        return value;
    }

    private void ReadEntry(ReadOnlySpan<byte> bytes, MessageField field, JsonObject map, int depth)
    {
        var reader = new WireReader(bytes);
        var key = "";
        // an entry without a value has its type's zero
        var value = field.Message is { } message ? Value([], message, null, depth) : Scalars.Zero(field.Scalar);
        while (reader.TryReadTag(out var number, out var wireType))
        {
            if (number == 1 && wireType == WireType.Bytes)
            {
                key = reader.ReadString();
            }
            else if (number == 2 && wireType == Scalars.WireTypeOf(field.Scalar))
            {
                value = field.Message is { } known ? Value(reader.ReadBytes(), known, null, depth) : Scalars.Read(ref reader, field.Scalar);
            }
            else
            {
                reader.Skip(wireType);
            }
        }
        map[key] = value;
    }

    private void ReadPacked(ReadOnlySpan<byte> bytes, MessageField field, JsonArray list)
    {
        var reader = new WireReader(bytes);
        while (!reader.IsAtEnd)
        {
            CountNode();
            list.Add(Scalars.Read(ref reader, field.Scalar));
        }
    }

    private static JsonArray ListIn(JsonObject owner, string name)
    {
        if (owner[name] is not JsonArray list)
        {
            owner[name] = list = [];
        }
        return list;
    }

    private static JsonObject MapIn(JsonObject owner, string name)
    {
        if (owner[name] is not JsonObject map)
        {
            owner[name] = map = [];
        }
        return map;
    }

    private static void Set(JsonObject owner, string name, JsonNode? value)
    {
        if (value is null)
        {
            owner.Remove(name);
        }
        else if (!ReferenceEquals(owner[name], value))
        {
            owner[name] = value;
        }
    }
}
