using System.Buffers.Binary;
using System.Text;

namespace Katabira.Cluster.Network.Dns;

/// <summary>Writes answers (RFC 1035 §4). What does not fit is left out, and the answer says that it is cut (TC), so that the asker comes by TCP. Pure.</summary>
internal static class DnsWriter
{
    private const int OptBytes = 11;
    private const ushort Internet = 1;

    /// <summary>The place of the question's name: most records are about it.</summary>
    private const ushort ToQuestion = 0xC000 | DnsReader.HeaderBytes;

    /// <summary>An answer to a question.</summary>
    /// <param name="limit">The most bytes it may have.</param>
    public static byte[] Write(DnsQuery query, DnsAnswer answer, int limit)
    {
        var buffer = new byte[limit];
        query.QuestionBytes.Span.CopyTo(buffer.AsSpan(DnsReader.HeaderBytes));
        var at = DnsReader.HeaderBytes + query.QuestionBytes.Length;
        var room = limit - (query.HasEdns ? OptBytes : 0);
        var answers = WriteAll(buffer.AsSpan(0, room), ref at, answer.Answers, query.Name);
        var isCut = answers < answer.Answers.Count;
        var authority = isCut ? 0 : WriteAll(buffer.AsSpan(0, room), ref at, answer.Authority, query.Name);
        var additional = isCut ? 0 : WriteAll(buffer.AsSpan(0, room), ref at, answer.Additional, query.Name);
        if (query.HasEdns)
        {
            WriteEdns(buffer, ref at);
            additional++;
        }
        WriteHeader(buffer, query.Id, Flags(query, answer, isCut), 1, answers, authority, additional);
        return buffer[..at];
    }

    /// <summary>An answer to something that was no question: its header, and the reason.</summary>
    /// <param name="message">At least a header.</param>
    public static byte[] Refuse(ReadOnlySpan<byte> message, DnsCode code)
    {
        var buffer = new byte[DnsReader.HeaderBytes];
        var kept = (message[2] & 0x79) << 8; // opcode and RD, as RFC 1035 §4.1.1 asks
        WriteHeader(buffer, BinaryPrimitives.ReadUInt16BigEndian(message), (ushort)(0x8000 | kept | (byte)code), 0, 0, 0, 0);
        return buffer;
    }

    /// <summary>A question of our own, without EDNS.</summary>
    public static byte[] Ask(ushort id, DnsName name, DnsType type)
    {
        var buffer = new byte[DnsReader.HeaderBytes + DnsName.MostBytes + 4];
        WriteHeader(buffer, id, 0x0100, 1, 0, 0, 0);
        var at = DnsReader.HeaderBytes;
        WriteName(buffer, ref at, name);
        U16(buffer, ref at, (ushort)type);
        U16(buffer, ref at, Internet);
        return buffer[..at];
    }

    private static ushort Flags(DnsQuery query, DnsAnswer answer, bool isCut) => (ushort)(
        0x8080 // an answer; recursion is there to be had
        | (answer.IsAuthoritative ? 0x0400 : 0) | (isCut ? 0x0200 : 0) | (query.IsRecursionDesired ? 0x0100 : 0) | (byte)answer.Code);

    private static void WriteHeader(Span<byte> buffer, ushort id, ushort flags, int questions, int answers, int authority, int additional)
    {
        var at = 0;
        U16(buffer, ref at, id);
        U16(buffer, ref at, flags);
        foreach (var count in (ReadOnlySpan<int>)[questions, answers, authority, additional])
        {
            U16(buffer, ref at, (ushort)count);
        }
    }

    private static void WriteEdns(Span<byte> buffer, ref int at)
    {
        buffer[at++] = 0; // the root
        U16(buffer, ref at, (ushort)DnsType.Opt);
        U16(buffer, ref at, DnsReader.LargestUdp);
        at += 6; // no extended code, version 0, no options
    }

    /// <returns>How many fitted.</returns>
    private static int WriteAll(Span<byte> buffer, ref int at, IReadOnlyList<DnsRecord> records, DnsName question)
    {
        for (var i = 0; i < records.Count; i++)
        {
            if (at + MostBytes(records[i]) > buffer.Length)
            {
                return i;
            }
            WriteRecord(buffer, ref at, records[i], question);
        }
        return records.Count;
    }

    /// <summary>No record is longer than this when written.</summary>
    private static int MostBytes(DnsRecord record) => 10 + LengthOf(record.Name) + record.Data switch
    {
        AddressData address => address.Address.GetAddressBytes().Length,
        NameData name => LengthOf(name.Name),
        SrvData srv => 6 + LengthOf(srv.Target),
        TextData text => 1 + text.Text.Length,
        SoaData soa => 20 + LengthOf(soa.Server) + LengthOf(soa.Mailbox),
        _ => throw new ArgumentException($"cannot write {record.Data.Type}", nameof(record)),
    };

    private static int LengthOf(DnsName name) => 1 + name.Labels.Sum(l => l.Length + 1);

    private static void WriteRecord(Span<byte> buffer, ref int at, DnsRecord record, DnsName question)
    {
        if (record.Name.Equals(question))
        {
            U16(buffer, ref at, ToQuestion);
        }
        else
        {
            WriteName(buffer, ref at, record.Name);
        }
        U16(buffer, ref at, (ushort)record.Data.Type);
        U16(buffer, ref at, Internet);
        U32(buffer, ref at, record.Ttl);
        var length = at;
        at += 2;
        WriteData(buffer, ref at, record.Data);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[length..], (ushort)(at - length - 2));
    }

    private static void WriteData(Span<byte> buffer, ref int at, DnsData data)
    {
        switch (data)
        {
            case AddressData address:
                address.Address.TryWriteBytes(buffer[at..], out var written);
                at += written;
                break;
            case NameData name:
                WriteName(buffer, ref at, name.Name);
                break;
            case SrvData srv:
                U16(buffer, ref at, 0); // all targets are as good
                U16(buffer, ref at, srv.Weight);
                U16(buffer, ref at, srv.Port);
                WriteName(buffer, ref at, srv.Target);
                break;
            case TextData text:
                buffer[at++] = (byte)text.Text.Length;
                at += Encoding.Latin1.GetBytes(text.Text, buffer[at..]);
                break;
            case SoaData soa:
                WriteName(buffer, ref at, soa.Server);
                WriteName(buffer, ref at, soa.Mailbox);
                foreach (var number in (ReadOnlySpan<uint>)[soa.Serial, 7200, 1800, 86400, soa.NegativeTtl])
                {
                    U32(buffer, ref at, number);
                }
                break;
        }
    }

    private static void WriteName(Span<byte> buffer, ref int at, DnsName name)
    {
        foreach (var label in name.Labels)
        {
            buffer[at++] = (byte)label.Length;
            at += Encoding.Latin1.GetBytes(label, buffer[at..]);
        }
        buffer[at++] = 0;
    }

    private static void U16(Span<byte> buffer, ref int at, ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(buffer[at..], value);
        at += 2;
    }

    private static void U32(Span<byte> buffer, ref int at, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(buffer[at..], value);
        at += 4;
    }
}
