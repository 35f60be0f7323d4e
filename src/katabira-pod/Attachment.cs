using System.Buffers.Binary;
using System.Text;
using Katabira.Net.Linux;
using Katabira.Net.Pods;

namespace Katabira.Pod;

/// <summary>Somebody who is there while a container runs. The program never waits for such a client: what it is too slow for is left out, and said.</summary>
internal sealed class Attachment(Connection connection, Container container) : ISession
{
    private long _leftOut;

    public bool HasRoom => container.Input.HasRoom;

    public void Take(PodFrame kind, ReadOnlySpan<byte> payload) => container.Input.Take(kind, payload);

    public void Continue() => TellLeftOut();

    public void Abandon() => container.Detach(this);

    /// <summary>Something that the program wrote.</summary>
    public void Offer(PodFrame kind, ReadOnlySpan<byte> bytes)
    {
        if (!connection.HasRoom)
        {
            _leftOut += bytes.Length;
            return;
        }
        TellLeftOut();
        connection.Send(kind, bytes);
    }

    /// <summary>The program has ended, and all it wrote was offered.</summary>
    public void End(ChildEnd end)
    {
        TellLeftOut();
        Span<byte> payload = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(payload, end.ExitCode);
        BinaryPrimitives.WriteInt32LittleEndian(payload[4..], end.Signal);
        connection.SendLast(PodFrame.Ended, payload);
    }

    private void TellLeftOut()
    {
        if (_leftOut == 0)
        {
            return;
        }
        var text = $"katabira: {_leftOut} bytes are left out here, as they came faster than they were read";
        // before it is sent: sending makes room, and room comes back here
        _leftOut = 0;
        // a terminal has one stream, and its lines end with both
        var (kind, line) = container.HasTerminal ? (PodFrame.Output, $"\r\n{text}\r\n") : (PodFrame.Errors, $"{text}\n");
        connection.Send(kind, Encoding.UTF8.GetBytes(line));
    }
}
