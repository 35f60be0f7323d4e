using System.Buffers;
using System.Text;
using Katabira.Net.Linux;

namespace Katabira.Pod.Logs;

/// <summary>
/// A container's log in the format of CRI: a line is <c>TIME STREAM TAG TEXT</c>, the tag F for the end of a line and P for a part of one longer
/// than 16 KiB. When the file would pass its limit it becomes <c>FILE.1</c>, and that one is forgotten. On a full disk lines are lost, never halved, and a
/// line says how many as soon as there is room. Not thread-safe.
/// </summary>
internal sealed class LogWriter(string file, long limitBytes, TimeProvider time) : IDisposable
{
    public const long UsualLimitBytes = 10 << 20;

    private const int MostLineBytes = 16 << 10;

    private readonly ArrayBufferWriter<byte> _lines = new(1024);
    private readonly byte[]?[] _partial = new byte[]?[2];
    private readonly int[] _partialLength = new int[2];
    private Descriptor _target = new(-1);
    private long _length;
    private long _lost;

    /// <summary>Opens the file, and goes on at its end if it is there.</summary>
    public Errno Open()
    {
        _target.Dispose();
        var error = Files.Open(file, OpenHow.WriteOnly | OpenHow.Create | OpenHow.Append, 0x180 /* 0600 */, out _target);
        return error.IsError ? error : Files.Length(_target.Number, out _length);
    }

    /// <summary>Takes what was read; whole lines are in the file when it returns.</summary>
    public void Append(LogStream stream, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var room = MostLineBytes - _partialLength[(int)stream];
            var end = bytes[..Math.Min(room, bytes.Length)].IndexOf((byte)'\n');
            if (end >= 0)
            {
                Line(stream, bytes[..end], whole: true);
                bytes = bytes[(end + 1)..];
            }
            else if (bytes.Length >= room)
            {
                Line(stream, bytes[..room], whole: false);
                bytes = bytes[room..];
            }
            else
            {
                Keep(stream, bytes);
                break;
            }
        }
        Flush();
    }

    /// <summary>The stream is at its end: what has no line end is a line.</summary>
    public void End(LogStream stream)
    {
        if (_partialLength[(int)stream] > 0)
        {
            Line(stream, [], whole: true);
        }
        Flush();
    }

    public void Dispose() => _target.Dispose();

    private void Keep(LogStream stream, ReadOnlySpan<byte> bytes)
    {
        ref var partial = ref _partial[(int)stream];
        ref var length = ref _partialLength[(int)stream];
        if (partial is null || partial.Length < length + bytes.Length)
        {
            Array.Resize(ref partial, Math.Min(MostLineBytes, Math.Max(512, (length + bytes.Length) * 2)));
        }
        bytes.CopyTo(partial.AsSpan(length));
        length += bytes.Length;
    }

    private void Line(LogStream stream, ReadOnlySpan<byte> tail, bool whole)
    {
        var head = _lines.GetSpan(64);
        // nine digits, as CRI's writers have them; the clock has seven
        time.GetUtcNow().UtcDateTime.TryFormat(head, out var written, "yyyy-MM-ddTHH:mm:ss.fffffff", System.Globalization.CultureInfo.InvariantCulture);
        _lines.Advance(written);
        _lines.Write("00Z "u8);
        _lines.Write(stream == LogStream.Output ? "stdout "u8 : "stderr "u8);
        _lines.Write(whole ? "F "u8 : "P "u8);
        _lines.Write(_partial[(int)stream].AsSpan(0, _partialLength[(int)stream]));
        _lines.Write(tail);
        _lines.Write("\n"u8);
        _partialLength[(int)stream] = 0;
        if (_lines.WrittenCount >= 4 * MostLineBytes)
        {
            Flush();
        }
    }

    private void Flush()
    {
        if (_lines.WrittenCount == 0)
        {
            return;
        }
        if (_length > 0 && _length + _lines.WrittenCount > limitBytes)
        {
            Rotate();
        }
        var bytes = _lines.WrittenSpan;
        if (!TryTellLost() || !TryWrite(bytes))
        {
            _lost += bytes.Count((byte)'\n');
        }
        _lines.ResetWrittenCount();
    }

    private void Rotate()
    {
        if (!Files.Rename(file, file + ".1").IsError)
        {
            _ = Open();
        }
    }

    private bool TryTellLost()
    {
        if (_lost == 0)
        {
            return true;
        }
        var text = $"{time.GetUtcNow().UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffff}00Z stderr F katabira: {_lost} lines of this log were lost, as the disk was full or the file could not be written\n";
        var told = TryWrite(Encoding.UTF8.GetBytes(text));
        _lost = told ? 0 : _lost;
        return told;
    }

    private bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        if (!_target.IsOpen && Open().IsError)
        {
            return false;
        }
        if (Files.WriteAll(_target.Number, bytes).IsError)
        {
            // what was written of it goes, so that every line in the file is one
            _ = Files.SetLength(_target.Number, _length);
            return false;
        }
        _length += bytes.Length;
        return true;
    }
}
