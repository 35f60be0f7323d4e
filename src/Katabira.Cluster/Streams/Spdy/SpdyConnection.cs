using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Katabira.Cluster.Streams.Spdy;

/// <summary>
/// The server's side of SPDY/3.1, as far as Kubernetes' clients speak it: they open streams, both sides write to them, both may end them. Bytes of a
/// stream that nobody reads hold the whole connection back, so memory is bounded; windows, which clients ignore, are not kept. One owner runs it; streams
/// may be used from any thread.
/// </summary>
/// <remarks>Source: draft-mbelshe-httpbis-spdy-00 with the data frames of 3.1; kubernetes/apimachinery pkg/util/httpstream/spdy.</remarks>
internal sealed class SpdyConnection(Stream transport) : IAsyncDisposable
{
    private const int HeadLength = 8;
    private const int LongestControl = 64 * 1024;

    /// <summary>Larger ones are allowed and would only be read in pieces anyway.</summary>
    private const int Piece = 32 * 1024;

    private const int MostStreams = 1_000;

    private readonly SpdyHeaderReader _headersIn = new();
    private readonly SpdyHeaderWriter _headersOut = new();
    private readonly ConcurrentDictionary<int, SpdyStream> _streams = [];
    private readonly Channel<SpdyStream> _opened = Channel.CreateBounded<SpdyStream>(MostStreams);
    private readonly SemaphoreSlim _sending = new(1);
    private int _lastOpened;

    /// <summary>The streams that the other side opens, each answered already; ends with the connection.</summary>
    public ChannelReader<SpdyStream> Opened => _opened.Reader;

    /// <summary>Reads until the other side goes, or does not speak SPDY.</summary>
    /// <exception cref="SpdyFormatException">It does not.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        Exception? why = null;
        try
        {
            var head = new byte[HeadLength];
            while (await ReadHeadAsync(head, cancel))
            {
                var (flags, length) = (head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4)) & 0xFF_FFFF);
                var first = BinaryPrimitives.ReadInt32BigEndian(head);
                if (first >= 0)
                {
                    await ReceiveDataAsync(first, length, isLast: (flags & 1) != 0, cancel);
                }
                else if (!await ReceiveControlAsync(first, flags, length, cancel))
                {
                    return;
                }
            }
        }
        catch (Exception e)
        {
            why = e;
            throw;
        }
        finally
        {
            _opened.Writer.TryComplete();
            foreach (var stream in _streams.Values)
            {
                stream.End(why is null ? new IOException("the connection ended before the stream") : new IOException("the connection broke", why));
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _headersIn.Dispose();
        _headersOut.Dispose();
        _sending.Dispose();
        return transport.DisposeAsync();
    }

    internal async Task SendDataAsync(int id, ReadOnlyMemory<byte> bytes, bool isLast, CancellationToken cancel)
    {
        do
        {
            var piece = bytes.Length > Piece ? bytes[..Piece] : bytes;
            bytes = bytes[piece.Length..];
            var frame = new byte[HeadLength + piece.Length];
            BinaryPrimitives.WriteInt32BigEndian(frame, id);
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), piece.Length);
            frame[4] = (byte)(isLast && bytes.IsEmpty ? 1 : 0);
            piece.CopyTo(frame.AsMemory(HeadLength));
            await SendAsync(frame, cancel);
        }
        while (!bytes.IsEmpty);
    }

    internal Task SendResetAsync(int id, CancellationToken cancel)
    {
        const int Cancel = 5;
        Forget(id, new IOException("the stream was reset"));
        var frame = Control(3, 8);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(HeadLength), id);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(HeadLength + 4), Cancel);
        return SendAsync(frame, cancel);
    }

    private async Task<bool> ReadHeadAsync(byte[] head, CancellationToken cancel)
    {
        var read = await transport.ReadAtLeastAsync(head, HeadLength, throwOnEndOfStream: false, cancel);
        return read is 0 or HeadLength ? read > 0 : throw new SpdyFormatException("the connection ended within a frame");
    }

    private async Task ReceiveDataAsync(int id, int length, bool isLast, CancellationToken cancel)
    {
        var stream = _streams.GetValueOrDefault(id); // none: it is over, and what is on the way is dropped
        var buffer = new byte[Math.Min(length, Piece)];
        while (length > 0)
        {
            var piece = buffer.AsMemory(0, Math.Min(length, buffer.Length));
            await transport.ReadExactlyAsync(piece, cancel);
            length -= piece.Length;
            if (stream is not null)
            {
                await stream.ReceiveAsync(piece, isLast: false, cancel);
            }
        }
        if (isLast && stream is not null)
        {
            await stream.ReceiveAsync(default, isLast: true, cancel);
        }
    }

    /// <returns>False if the other side says goodbye.</returns>
    private async Task<bool> ReceiveControlAsync(int first, byte flags, int length, CancellationToken cancel)
    {
        var (version, type) = ((first >> 16) & 0x7FFF, first & 0xFFFF);
        if (version != 3 || length > LongestControl)
        {
            throw new SpdyFormatException($"a control frame of version {version} and {length} bytes");
        }
        var body = new byte[length];
        await transport.ReadExactlyAsync(body, cancel);
        switch (type)
        {
            case 1 when length > 10:
                await OpenAsync(body, flags, cancel);
                return true;
            case 3 when length == 8:
                Forget(BinaryPrimitives.ReadInt32BigEndian(body) & int.MaxValue, new IOException("the client reset the stream"));
                return true;
            case 6 when length == 4:
                var echo = Control(6, 4);
                body.CopyTo(echo, HeadLength);
                await SendAsync(echo, cancel);
                return true;
            case 7:
                return false;
            case 8 when length > 4:
                _headersIn.Read(body.AsSpan(4)); // the compression is one stream: what does not matter is read all the same
                return true;
            case 4 or 9 or 2:
                return true; // settings, windows and replies change nothing here
            default:
                throw new SpdyFormatException($"a control frame of type {type} and {length} bytes");
        }
    }

    private async Task OpenAsync(byte[] body, byte flags, CancellationToken cancel)
    {
        var id = BinaryPrimitives.ReadInt32BigEndian(body) & int.MaxValue;
        if (id % 2 == 0 || id <= _lastOpened || _streams.Count >= MostStreams)
        {
            throw new SpdyFormatException($"the stream {id} cannot be opened");
        }
        _lastOpened = id;
        var stream = new SpdyStream(this, id, _headersIn.Read(body.AsSpan(10)));
        _streams[id] = stream;
        var block = _headersOut.WriteEmpty();
        var reply = Control(2, 4 + block.Length);
        BinaryPrimitives.WriteInt32BigEndian(reply.AsSpan(HeadLength), id);
        block.CopyTo(reply, HeadLength + 4);
        await SendAsync(reply, cancel);
        if ((flags & 1) != 0)
        {
            await stream.ReceiveAsync(default, isLast: true, cancel);
        }
        await _opened.Writer.WriteAsync(stream, cancel);
    }

    private void Forget(int id, Exception why)
    {
        if (_streams.TryRemove(id, out var stream))
        {
            stream.End(why);
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancel)
    {
        await _sending.WaitAsync(cancel);
        try
        {
            await transport.WriteAsync(frame, cancel);
            await transport.FlushAsync(cancel);
        }
        finally
        {
            _sending.Release();
        }
    }

    private static byte[] Control(short type, int length)
    {
        var frame = new byte[HeadLength + length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, 0x8003);
        BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(2), type);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), length);
        return frame;
    }
}
