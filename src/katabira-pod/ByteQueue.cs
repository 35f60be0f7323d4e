namespace Katabira.Pod;

/// <summary>Bytes in, bytes out, in order. It gives its memory back when it is empty, for a pod is idle most of its life.</summary>
internal sealed class ByteQueue
{
    private const int KeptBytes = 1024;

    private byte[] _bytes = [];
    private int _start;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, Length);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }
        if (_bytes.Length - _start - Length < bytes.Length)
        {
            var target = _bytes.Length >= Length + bytes.Length ? _bytes : new byte[Math.Max(512, (Length + bytes.Length) * 2)];
            Bytes.CopyTo(target);
            (_bytes, _start) = (target, 0);
        }
        bytes.CopyTo(_bytes.AsSpan(_start + Length));
        Length += bytes.Length;
    }

    public void Remove(int count)
    {
        (_start, Length) = (_start + count, Length - count);
        if (Length == 0)
        {
            Clear();
        }
    }

    public void Clear()
    {
        (_start, Length) = (0, 0);
        _bytes = _bytes.Length > KeptBytes ? [] : _bytes;
    }
}
