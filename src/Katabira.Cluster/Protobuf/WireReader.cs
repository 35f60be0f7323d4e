using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Katabira.Cluster.Protobuf;

/// <summary>
/// Reads the protobuf wire format from one block of bytes; copies nothing. Every length is checked against what is left, so a hostile
/// message costs no more than its own size. Errors are <see cref="ProtobufFormatException"/>.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>The next field's number and wire type; false at the end.</summary>
    public bool TryReadTag(out int number, out WireType type)
    {
        (number, type) = (0, default);
        if (_rest.IsEmpty)
        {
            return false;
        }
        var tag = ReadVarint();
        if (tag >> 3 is 0 or > 0x1FFF_FFFF)
        {
            Fail("a field number is out of range");
        }
        number = (int)(tag >> 3);
        type = (WireType)(tag & 7);
        return true;
    }

    public ulong ReadVarint()
    {
        ulong value = 0;
        for (var i = 0; i < 10; i++)
        {
            if (i >= _rest.Length)
            {
                Fail("unexpected end inside a number");
            }
            var next = _rest[i];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }
        Fail("a number is longer than ten bytes");
        return 0;
    }

    public ulong ReadFixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public uint ReadFixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>The bytes of a string, a message or a packed list.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        var length = ReadVarint();
        if (length > (ulong)_rest.Length)
        {
            Fail($"a length of {length} goes beyond the end of the message");
        }
        return Take((int)length);
    }

    public string ReadString()
    {
        var bytes = ReadBytes();
        try
        {
            return s_strictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            Fail("a string is not valid UTF-8");
            return "";
        }
    }

    /// <summary>Goes past a field nobody knows. Groups are refused: proto3 and Kubernetes have none, and they nest.</summary>
    public void Skip(WireType type)
    {
        switch (type)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Fixed64:
                Take(8);
                break;
            case WireType.Bytes:
                ReadBytes();
                break;
            case WireType.Fixed32:
                Take(4);
                break;
            default:
                Fail($"wire type {(int)type} is not supported");
                break;
        }
    }

    [DoesNotReturn]
    public static void Fail(string reason) => throw new ProtobufFormatException(reason);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            Fail("unexpected end of the message");
        }
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}

/// <summary>The low three bits of a tag.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
