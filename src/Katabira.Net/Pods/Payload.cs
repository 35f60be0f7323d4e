using System.Buffers.Binary;
using System.Text;

namespace Katabira.Net.Pods;

/// <summary>Builds the frames of a pod's socket, one after the other, in a buffer of its own. Not thread-safe.</summary>
public sealed class PayloadWriter
{
    private byte[] _bytes = new byte[256];
    private int _start;
    private int _length;

    /// <summary>All that was written.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <summary>One frame with these bytes.</summary>
    public static byte[] Frame(PodFrame kind, ReadOnlySpan<byte> payload = default)
    {
        var frame = new byte[PodFrameHeader.SizeBytes + payload.Length];
        new PodFrameHeader(kind, payload.Length).Write(frame);
        payload.CopyTo(frame.AsSpan(PodFrameHeader.SizeBytes));
        return frame;
    }

    /// <summary>Begins a frame.</summary>
    public PayloadWriter Begin(PodFrame kind)
    {
        _start = _length;
        new PodFrameHeader(kind, 0).Write(Take(PodFrameHeader.SizeBytes));
        return this;
    }

    /// <summary>Ends it: its length is known now.</summary>
    public PayloadWriter End()
    {
        var header = _bytes.AsSpan(_start);
        new PodFrameHeader((PodFrame)header[4], _length - _start - PodFrameHeader.SizeBytes).Write(header);
        return this;
    }

    /// <summary>Forgets what was written.</summary>
    public void Clear() => _length = 0;

    /// <summary>u8.</summary>
    public void Byte(byte value) => Take(1)[0] = value;

    /// <summary>u16.</summary>
    public void Number16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

    /// <summary>i32.</summary>
    public void Number(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    /// <summary>i64.</summary>
    public void Number64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    /// <summary>A text of at most 65,535 bytes.</summary>
    /// <exception cref="ArgumentException">It is longer.</exception>
    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        if (length > ushort.MaxValue)
        {
            throw new ArgumentException($"a text of {length} bytes does not fit into a frame", nameof(value));
        }
        Number16((ushort)length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>A list of at most 65,535 texts.</summary>
    /// <exception cref="ArgumentException">It is longer.</exception>
    public void Texts(IReadOnlyList<string> values)
    {
        if (values.Count > ushort.MaxValue)
        {
            throw new ArgumentException($"a list of {values.Count} texts does not fit into a frame", nameof(values));
        }
        Number16((ushort)values.Count);
        foreach (var value in values)
        {
            Text(value);
        }
    }

    /// <summary>Bytes as they are.</summary>
    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    private Span<byte> Take(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }
        var span = _bytes.AsSpan(_length, count);
        _length += count;
        return span;
    }
}

/// <summary>Takes a payload apart. Whatever does not fit is a <see cref="PodProtocolException"/>.</summary>
public ref struct PayloadReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>u8.</summary>
    public byte Byte() => Take(1)[0];

    /// <summary>u16.</summary>
    public ushort Number16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    /// <summary>i32.</summary>
    public int Number() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    /// <summary>i64.</summary>
    public long Number64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>A text.</summary>
    public string Text() => Encoding.UTF8.GetString(Take(Number16()));

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts()
    {
        var texts = new List<string>();
        for (int i = 0, count = Number16(); i < count; i++)
        {
            texts.Add(Text());
        }
        return texts;
    }

    /// <summary>All that is left.</summary>
    public ReadOnlySpan<byte> Rest() => Take(_rest.Length);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
        {
            throw new PodProtocolException("a payload ends too early");
        }
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
