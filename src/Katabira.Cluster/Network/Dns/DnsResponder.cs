using System.Security.Cryptography;

namespace Katabira.Cluster.Network.Dns;

/// <summary>Turns a message into its answer: from the zone what is ours, from the host's resolvers what is not. Thread-safe.</summary>
internal sealed class DnsResponder(DnsForwarder forwarder)
{
    private const int MostForwarded = 256;

    private volatile DnsZone _zone = DnsZone.Empty;
    private int _turn;
    private int _forwarded;

    /// <summary>What is answered from now on.</summary>
    public DnsZone Zone
    {
        get => _zone;
        set => _zone = value;
    }

    /// <param name="message">As it arrived.</param>
    /// <param name="isStream">Whether by TCP, where answers may be as long as they are.</param>
    /// <returns>What to send back; null for nothing.</returns>
    public async ValueTask<byte[]?> AnswerAsync(ReadOnlyMemory<byte> message, bool isStream, CancellationToken cancellation)
    {
        if (DnsReader.ReadQuery(message, out var refusal) is not { } query)
        {
            return refusal is { } code ? DnsWriter.Refuse(message.Span, code) : null;
        }
        var limit = isStream ? ushort.MaxValue : query.MostBytes;
        if (_zone.Resolve(query.Name, query.Type) is not { } found)
        {
            return await ForwardAsync(message, isStream, cancellation) ?? DnsWriter.Write(query, DnsAnswer.Failure(DnsCode.ServerFailure), limit);
        }
        var answer = found.Outside is { } outside ? await FollowAsync(found.Answer, outside, query.Type, cancellation) : found.Answer;
        return DnsWriter.Write(query, answer with { Answers = Turned(answer.Answers) }, limit);
    }

    /// <summary>An alias that leads out of the cluster: programs expect the addresses behind it in the same answer.</summary>
    private async Task<DnsAnswer> FollowAsync(DnsAnswer answer, DnsName outside, DnsType type, CancellationToken cancellation)
    {
        if (type is not (DnsType.A or DnsType.Aaaa))
        {
            return answer;
        }
        var question = DnsWriter.Ask((ushort)RandomNumberGenerator.GetInt32(1 << 16), outside, type);
        var reply = await ForwardAsync(question, false, cancellation);
        return reply is not null && DnsReader.ReadAddresses(reply) is { } read
            ? answer with { Code = read.Code, IsAuthoritative = false, Answers = [.. answer.Answers, .. read.Records] }
            : answer with { Code = DnsCode.ServerFailure, IsAuthoritative = false };
    }

    /// <summary>Many questions to resolvers that do not answer must not pile up: beyond a number they fail at once.</summary>
    private async Task<byte[]?> ForwardAsync(ReadOnlyMemory<byte> question, bool isLarge, CancellationToken cancellation)
    {
        try
        {
            return Interlocked.Increment(ref _forwarded) > MostForwarded ? null : await forwarder.AskAsync(question, isLarge, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _forwarded);
        }
    }

    /// <summary>Programs take the first address, so another one comes first each time.</summary>
    private IReadOnlyList<DnsRecord> Turned(IReadOnlyList<DnsRecord> records)
    {
        if (records.Count < 2 || records.Any(r => r.Data is not AddressData))
        {
            return records;
        }
        var first = (int)((uint)Interlocked.Increment(ref _turn) % (uint)records.Count);
        return [.. records.Skip(first), .. records.Take(first)];
    }
}
