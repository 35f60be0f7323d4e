using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;

namespace Katabira.Cluster.Streams.Spdy;

/// <summary>
/// Reads the header blocks of one direction of a connection: they are one compressed stream, cut into pieces, which begins with the dictionary behind
/// it. The library knows no preset dictionary, so the dictionary is fed to it as data that was stored uncompressed. Not for several threads.
/// </summary>
internal sealed class SpdyHeaderReader : IDisposable
{
    private const int MostHeaders = 64;
    private const int LongestText = 8 * 1024;

    /// <summary>The head of a zlib stream and the checksum of its dictionary.</summary>
    private const int ZlibHead = 6;

    private readonly Feed _compressed = new();
    private readonly DeflateStream _plain;
    private bool _hasBegun;

    public SpdyHeaderReader() => _plain = new(_compressed, CompressionMode.Decompress);

    public void Dispose() => _plain.Dispose();

    /// <summary>The headers of one block, names in lower case; of a repeated one the last counts.</summary>
    /// <exception cref="SpdyFormatException">It is no such block, or a larger one than anybody needs.</exception>
    public ImmutableDictionary<string, string> Read(ReadOnlySpan<byte> block)
    {
        try
        {
            if (!_hasBegun)
            {
                block = Begin(block);
            }
            _compressed.Add(block);
            var headers = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            var count = ReadLength(MostHeaders);
            for (var i = 0; i < count; i++)
            {
                var name = ReadText();
                headers[name.ToLowerInvariant()] = ReadText();
            }
            return headers.ToImmutable();
        }
        catch (Exception cause) when (cause is InvalidDataException or EndOfStreamException)
        {
            throw new SpdyFormatException("a header block cannot be decompressed");
        }
    }

    private ReadOnlySpan<byte> Begin(ReadOnlySpan<byte> block)
    {
        var dictionary = SpdyDictionary.Bytes.Span;
        if (block.Length < ZlibHead || (block[1] & 0x20) == 0)
        {
            throw new SpdyFormatException("the first header block does not use SPDY's dictionary");
        }
        // a stored block (RFC 1951 3.2.4), not the last one
        Span<byte> head = stackalloc byte[5];
        BinaryPrimitives.WriteUInt16LittleEndian(head[1..], (ushort)dictionary.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(head[3..], (ushort)~dictionary.Length);
        _compressed.Add(head);
        _compressed.Add(dictionary);
        _plain.ReadExactly(new byte[dictionary.Length]);
        _hasBegun = true;
        return block[ZlibHead..];
    }

    private string ReadText()
    {
        var text = new byte[ReadLength(LongestText)];
        _plain.ReadExactly(text);
        return Encoding.UTF8.GetString(text);
    }

    private int ReadLength(int most)
    {
        Span<byte> bytes = stackalloc byte[4];
        _plain.ReadExactly(bytes);
        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return length <= most ? (int)length : throw new SpdyFormatException($"a header block holds {length} of what may be {most}");
    }

    /// <summary>What has come in and was not decompressed yet.</summary>
    private sealed class Feed : Stream
    {
        private readonly Queue<ReadOnlyMemory<byte>> _blocks = [];

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Add(ReadOnlySpan<byte> block)
        {
            if (block.Length > 0)
            {
                _blocks.Enqueue(block.ToArray());
            }
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (!_blocks.TryPeek(out var block))
            {
                return 0;
            }
            var taken = Math.Min(block.Length, buffer.Length);
            block.Span[..taken].CopyTo(buffer);
            _blocks.Dequeue();
            if (taken < block.Length)
            {
                // rare: only a block that is larger than the library's buffer
                ReadOnlyMemory<byte>[] rest = [block[taken..], .. _blocks];
                _blocks.Clear();
                foreach (var left in rest)
                {
                    _blocks.Enqueue(left);
                }
            }
            return taken;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

/// <summary>Writes the header blocks of the other direction. It compresses without the dictionary, which every reader accepts. Not for several threads.</summary>
internal sealed class SpdyHeaderWriter : IDisposable
{
    private readonly MemoryStream _compressed = new();
    private readonly ZLibStream _plain;

    public SpdyHeaderWriter() => _plain = new(_compressed, CompressionLevel.Fastest, leaveOpen: true);

    public void Dispose()
    {
        _plain.Dispose();
        _compressed.Dispose();
    }

    /// <summary>A block without headers: the answer to a stream that is opened has none.</summary>
    public byte[] WriteEmpty()
    {
        _compressed.SetLength(0);
        _plain.Write([0, 0, 0, 0]);
        _plain.Flush();
        return _compressed.ToArray();
    }
}
