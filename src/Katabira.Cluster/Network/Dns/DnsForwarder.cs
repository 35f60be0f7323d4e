using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Katabira.Cluster.Network.Dns;

/// <summary>
/// Asks the host's resolvers, from the host's own network, what is not ours. Questions and answers pass through as they are; each has a socket and a number of
/// its own, so that nobody can slip in an answer who does not see the question. Nothing is cached. Thread-safe.
/// </summary>
/// <param name="servers">Whom the host asks at this moment.</param>
internal sealed class DnsForwarder(Func<IReadOnlyList<IPEndPoint>> servers, TimeProvider time)
{
    private const int MostBytes = 4096;

    /// <summary>How long one server may take; resolvers of programs wait 5 s in all.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Asks one server after the other until one answers.</summary>
    /// <param name="question">A whole message.</param>
    /// <param name="isLarge">Whether to ask by TCP, because the answer may be large.</param>
    /// <returns>The answer, with the question's own number; null if nobody answers.</returns>
    public async Task<byte[]?> AskAsync(ReadOnlyMemory<byte> question, bool isLarge, CancellationToken cancellation)
    {
        var sent = question.ToArray();
        foreach (var server in servers())
        {
            RandomNumberGenerator.Fill(sent.AsSpan(0, 2));
            using var patience = new CancellationTokenSource(s_patience, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
            try
            {
                var answer = isLarge ? await AskLargeAsync(server, sent, both.Token) : await AskSmallAsync(server, sent, both.Token);
                question.Span[..2].CopyTo(answer);
                return answer;
            }
            catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                // this one is not there, or does not know better: the next may
            }
        }
        return null;
    }

    private static async Task<byte[]> AskSmallAsync(IPEndPoint server, byte[] sent, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        // connected, so that the kernel takes packets of this server only, and says so if it is not there
        await socket.ConnectAsync(server, cancellation);
        await socket.SendAsync(sent, cancellation);
        var buffer = new byte[MostBytes];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancellation);
            if (Answers(buffer.AsSpan(0, length), sent))
            {
                return buffer[..length];
            }
        }
    }

    private static async Task<byte[]> AskLargeAsync(IPEndPoint server, byte[] sent, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, cancellation);
        await using var stream = new NetworkStream(socket);
        await DnsStream.WriteAsync(stream, sent, cancellation);
        var answer = await DnsStream.ReadAsync(stream, cancellation);
        return answer is not null && Answers(answer, sent) ? answer : throw new IOException("the resolver answers something else");
    }

    /// <summary>Whether a message is the answer to a question: its number, and the question itself in all its letters.</summary>
    private static bool Answers(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> question)
    {
        if (answer.Length < DnsReader.HeaderBytes || (answer[2] & 0x80) == 0 || !answer[..2].SequenceEqual(question[..2]))
        {
            return false;
        }
        // a server that could not even read the question gives none back
        var end = BinaryPrimitives.ReadUInt16BigEndian(answer[4..]) == 0 ? DnsReader.HeaderBytes : QuestionEnd(question);
        return answer.Length >= end && answer[DnsReader.HeaderBytes..end].SequenceEqual(question[DnsReader.HeaderBytes..end]);
    }

    /// <summary>Where the first question ends; it was read before, so it has an end.</summary>
    private static int QuestionEnd(ReadOnlySpan<byte> question)
    {
        var at = DnsReader.HeaderBytes;
        while (question[at] is > 0 and < 64)
        {
            at += question[at] + 1;
        }
        return at + 5;
    }
}
