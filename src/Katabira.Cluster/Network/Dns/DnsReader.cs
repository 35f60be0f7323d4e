using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace Katabira.Cluster.Network.Dns;

/// <summary>
/// Reads what we need of DNS messages (RFC 1035 §4): a question, and the addresses of an answer. Every byte is hostile: nothing is read beyond the end,
/// names are bounded, compression pointers lead strictly backwards, and the work is linear in the message's length. Pure.
/// </summary>
internal static class DnsReader
{
    /// <summary>Header of a message.</summary>
    public const int HeaderBytes = 12;

    /// <summary>What everybody takes by UDP.</summary>
    public const int SmallestUdp = 512;

    /// <summary>What passes everywhere in one packet.</summary>
    public const int LargestUdp = 1232;

    private const ushort Internet = 1;

    /// <summary>Answers beyond this are passed over; no name has as many addresses.</summary>
    private const int MostRecords = 512;

    /// <summary>Reads a question.</summary>
    /// <param name="refusal">Why there is none, to be answered; null as well if the message deserves no answer: it is none, or an answer itself.</param>
    public static DnsQuery? ReadQuery(ReadOnlyMemory<byte> message, out DnsCode? refusal)
    {
        refusal = null;
        var bytes = message.Span;
        if (bytes.Length < HeaderBytes || (bytes[2] & 0x80) != 0)
        {
            return null;
        }
        if ((bytes[2] & 0x78) != 0)
        {
            refusal = DnsCode.NotImplemented;
            return null;
        }
        refusal = DnsCode.FormatError;
        var at = HeaderBytes;
        if (U16(bytes, 4) != 1 || U16(bytes, 6) != 0 || U16(bytes, 8) != 0 || ReadName(bytes, ref at) is not { } name || at + 4 > bytes.Length
            || IsCompressed(bytes))
        {
            return null;
        }
        var (type, kind, end) = ((DnsType)U16(bytes, at), U16(bytes, at + 2), at + 4);
        if (ReadEdns(bytes, end) is not { } edns)
        {
            return null;
        }
        if (kind != Internet || type is DnsType.Any or DnsType.Opt || (ushort)type is 251 or 252)
        {
            refusal = kind != Internet ? DnsCode.Refused : DnsCode.NotImplemented; // RFC 8482 lets ANY be refused; transfers are not for pods
            return null;
        }
        refusal = null;
        return new(U16(bytes, 0), (bytes[2] & 1) != 0, name, type, edns.Has, edns.MostBytes, message[HeaderBytes..end]);
    }

    /// <summary>The CNAME, A and AAAA records of an answer, and its code; null if it makes no sense.</summary>
    public static (DnsCode Code, ImmutableArray<DnsRecord> Records)? ReadAddresses(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || U16(bytes, 4) > 1)
        {
            return null;
        }
        var at = HeaderBytes;
        if (U16(bytes, 4) == 1 && (ReadName(bytes, ref at) is null || (at += 4) > bytes.Length))
        {
            return null;
        }
        var records = ImmutableArray.CreateBuilder<DnsRecord>();
        for (var left = Math.Min((int)U16(bytes, 6), MostRecords); left > 0; left--)
        {
            if (ReadName(bytes, ref at) is not { } name || at + 10 > bytes.Length || at + 10 + U16(bytes, at + 8) > bytes.Length)
            {
                return null;
            }
            var (type, kind, ttl, start, length) = ((DnsType)U16(bytes, at), U16(bytes, at + 2), BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 4)..]), at + 10, U16(bytes, at + 8));
            at = start + length;
            if (kind == Internet && ReadData(bytes, type, start, length) is { } data)
            {
                records.Add(new(name, Math.Min(ttl, int.MaxValue), data));
            }
        }
        return ((DnsCode)(bytes[3] & 0x0F), records.ToImmutable());
    }

    private static DnsData? ReadData(ReadOnlySpan<byte> bytes, DnsType type, int start, int length) => type switch
    {
        DnsType.A when length == 4 => new AddressData(new IPAddress(bytes.Slice(start, length))),
        DnsType.Aaaa when length == 16 => new AddressData(new IPAddress(bytes.Slice(start, length))),
        DnsType.Cname when ReadName(bytes, ref start) is { } target => new NameData(type, target),
        _ => null,
    };

    /// <summary>What the asker says about itself behind the question; null if it cannot be read. Records of other types are passed over.</summary>
    private static (bool Has, int MostBytes)? ReadEdns(ReadOnlySpan<byte> bytes, int at)
    {
        for (var left = Math.Min((int)U16(bytes, 10), 8); left > 0; left--)
        {
            if (ReadName(bytes, ref at) is null || at + 10 > bytes.Length)
            {
                return null;
            }
            if (U16(bytes, at) == (ushort)DnsType.Opt)
            {
                return (true, Math.Clamp((int)U16(bytes, at + 2), SmallestUdp, LargestUdp));
            }
            at += 10 + U16(bytes, at + 8);
        }
        return (false, SmallestUdp);
    }

    /// <summary>Reads a name and moves behind it; null if it is none.</summary>
    private static DnsName? ReadName(ReadOnlySpan<byte> bytes, ref int at)
    {
        var labels = ImmutableArray.CreateBuilder<string>();
        var (from, start, end, total) = (at, at, -1, 1);
        while (from < bytes.Length)
        {
            int length = bytes[from];
            if (length == 0)
            {
                at = end < 0 ? from + 1 : end;
                return new(labels.ToImmutable());
            }
            if ((length & 0xC0) == 0xC0)
            {
                if (from + 1 >= bytes.Length || (U16(bytes, from) & 0x3FFF) >= start)
                {
                    return null; // only before where it was read so far, so that no byte is read twice
                }
                end = end < 0 ? from + 2 : end;
                from = start = U16(bytes, from) & 0x3FFF;
                continue;
            }
            total += length + 1;
            if (length > DnsName.MostLabelBytes || total > DnsName.MostBytes || from + 1 + length > bytes.Length)
            {
                return null;
            }
            labels.Add(Encoding.Latin1.GetString(bytes.Slice(from + 1, length)).ToLowerInvariant());
            from += 1 + length;
        }
        return null;
    }

    /// <summary>Whether a question's name, which was read before, has a pointer: before it is nothing to point to but the header.</summary>
    private static bool IsCompressed(ReadOnlySpan<byte> bytes)
    {
        var at = HeaderBytes;
        while (bytes[at] is > 0 and <= DnsName.MostLabelBytes)
        {
            at += bytes[at] + 1;
        }
        return bytes[at] != 0;
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
