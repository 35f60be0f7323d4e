using System.Net;

namespace Katabira.Cluster.Network.Dns;

/// <summary>Types of records (RFC 1035, 2782, 3596, 6891). Others are passed around by their number.</summary>
internal enum DnsType : ushort
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
    Opt = 41,
    Any = 255,
}

/// <summary>How a question ended.</summary>
internal enum DnsCode : byte
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NoSuchName = 3,
    NotImplemented = 4,
    Refused = 5,
}

/// <summary>What a record says. <see cref="Type"/> tells which of the kinds it is.</summary>
internal abstract record DnsData(DnsType Type);

/// <summary>An address, of either family.</summary>
internal sealed record AddressData(IPAddress Address)
    : DnsData(Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa);

/// <summary>Another name: of CNAME, PTR or NS.</summary>
internal sealed record NameData(DnsType Type, DnsName Name) : DnsData(Type);

/// <summary>Where a service is (RFC 2782).</summary>
internal sealed record SrvData(ushort Weight, ushort Port, DnsName Target) : DnsData(DnsType.Srv);

/// <summary>Text of at most 255 bytes.</summary>
internal sealed record TextData(string Text) : DnsData(DnsType.Txt);

/// <summary>Who answers for a zone, and for how long a negative answer holds.</summary>
internal sealed record SoaData(DnsName Server, DnsName Mailbox, uint Serial, uint NegativeTtl) : DnsData(DnsType.Soa);

/// <summary>A record.</summary>
/// <param name="Ttl">Seconds.</param>
internal sealed record DnsRecord(DnsName Name, uint Ttl, DnsData Data);

/// <summary>A question that was understood.</summary>
/// <param name="IsRecursionDesired">Copied into the answer.</param>
/// <param name="HasEdns">Whether the answer says that we speak EDNS (RFC 6891).</param>
/// <param name="MostBytes">What the asker takes by UDP, between 512 and 1232.</param>
/// <param name="QuestionBytes">The question as it stands on the wire, to be given back in its own letters (0x20).</param>
internal sealed record DnsQuery(ushort Id, bool IsRecursionDesired, DnsName Name, DnsType Type, bool HasEdns, int MostBytes, ReadOnlyMemory<byte> QuestionBytes);

/// <summary>What is answered.</summary>
/// <param name="IsAuthoritative">Whether it is about our own zone.</param>
internal sealed record DnsAnswer(DnsCode Code, bool IsAuthoritative, IReadOnlyList<DnsRecord> Answers, IReadOnlyList<DnsRecord> Authority, IReadOnlyList<DnsRecord> Additional)
{
    /// <summary>An answer without records.</summary>
    public static DnsAnswer Failure(DnsCode code) => new(code, false, [], [], []);
}
