using System.Buffers;
using System.Runtime.CompilerServices;
using Katabira.Cluster.Streams;

namespace Katabira.Cluster.Node.Streams;

/// <summary>
/// Reads what one run of a container wrote: the older half of its log, which has <c>.1</c> at its end, then the newer one, and then what is still to come.
/// </summary>
/// <param name="file">The newer half.</param>
/// <param name="wish">What is wanted of it.</param>
internal sealed class ContainerLog(string file, LogWish wish, TimeProvider time)
{
    private const int PieceBytes = 32 << 10;

    /// <summary>How often a followed file is looked at. Only while somebody waits for it.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private readonly ArrayBufferWriter<byte> _piece = new(PieceBytes);
    private bool _isLineStart = true;
    private long _skip;
    private long _left = wish.LimitBytes ?? long.MaxValue;

    /// <param name="over">Ends when nothing will be written any more; of interest only if the log is followed.</param>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(Task over, [EnumeratorCancellation] CancellationToken cancel)
    {
        _skip = wish.TailLines is { } tail ? Math.Max(0, await CountAsync(cancel) - tail) : 0;
        using (var older = LogCursor.Open(file + ".1"))
        {
            await foreach (var piece in DrainAsync(older, cancel))
            {
                yield return piece;
            }
        }
        var newer = LogCursor.Open(file);
        try
        {
            while (_left > 0)
            {
                // asked before the last look, so that nothing is missed
                var isLast = !wish.Follow || over.IsCompleted;
                var isRotated = newer?.IsRotated ?? File.Exists(file);
                await foreach (var piece in DrainAsync(newer, cancel))
                {
                    yield return piece;
                }
                if (isRotated)
                {
                    newer?.Dispose();
                    newer = LogCursor.Open(file);
                }
                else if (isLast)
                {
                    break;
                }
                else
                {
                    await Task.WhenAny(over, Task.Delay(s_look, time, cancel));
                    cancel.ThrowIfCancellationRequested();
                }
            }
        }
        finally
        {
            newer?.Dispose();
        }
    }

    /// <summary>What a file holds now.</summary>
    private async IAsyncEnumerable<ReadOnlyMemory<byte>> DrainAsync(LogCursor? cursor, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (cursor is not null && _left > 0 && await cursor.ReadLineAsync(cancel) is { } line)
        {
            if (_skip-- <= 0 && Take(line.Span))
            {
                yield return Piece();
            }
        }
        if (_piece.WrittenCount > 0)
        {
            yield return Piece();
        }
    }

    /// <summary>The lines there are.</summary>
    private async Task<long> CountAsync(CancellationToken cancel)
    {
        var count = 0L;
        foreach (var half in (string[])[file + ".1", file])
        {
            using var cursor = LogCursor.Open(half);
            while (cursor is not null && await cursor.ReadLineAsync(cancel) is not null)
            {
                count++;
            }
        }
        return count;
    }

    /// <summary>A copy: who gets it may keep it while the next one is made.</summary>
    private ReadOnlyMemory<byte> Piece()
    {
        var piece = _piece.WrittenSpan.ToArray();
        _piece.ResetWrittenCount();
        return piece;
    }

    /// <summary>Adds a line to the piece; true if the piece is large enough to be sent.</summary>
    private bool Take(ReadOnlySpan<byte> line)
    {
        if (!CriLine.TryRead(line, out var read) || (wish.Since is { } since && read.At < since))
        {
            return false;
        }
        if (wish.Timestamps && _isLineStart)
        {
            Write(read.Time);
            Write(" "u8);
        }
        Write(read.Text);
        if (read.IsWhole)
        {
            Write("\n"u8);
        }
        _isLineStart = read.IsWhole;
        return _piece.WrittenCount >= PieceBytes;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        var taken = (int)Math.Min(bytes.Length, _left);
        _piece.Write(bytes[..taken]);
        _left -= taken;
    }
}
