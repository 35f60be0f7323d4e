using System.Buffers.Binary;
using System.Text;
using Katabira.Net.Linux;
using Katabira.Net.Pods;

namespace Katabira.Pod;

/// <summary>One client: its frames in, ours out. The first frame is the request; whatever breaks the protocol ends the connection.</summary>
internal sealed class Connection(Descriptor socket, PollLoop loop, Requests requests, byte[] buffer) : IWatched
{
    private const int EnoughBytes = 64 << 10;

    /// <summary>A client that watches and does not read loses its connection, and gets all states anew on the next.</summary>
    private const int MostBytes = 1 << 20;

    private readonly ByteQueue _in = new();
    private readonly ByteQueue _out = new();
    private bool _asked;
    private bool _last;

    public int Number => socket.Number;

    public Readiness Wanted =>
        (_last || !(Session?.HasRoom ?? true) ? Readiness.None : Readiness.Read) | (_out.Length > 0 ? Readiness.Write : Readiness.None);

    /// <summary>Whether output may be read for it.</summary>
    public bool HasRoom => socket.IsOpen && _out.Length < EnoughBytes;

    /// <summary>Whom later frames are for; null while there is nobody.</summary>
    public ISession? Session { get; set; }

    /// <summary>Whether it wants every change of a state.</summary>
    public bool Watches { get; set; }

    public void Ready(Readiness came)
    {
        if ((came & Readiness.Read) != 0)
        {
            Read();
        }
        else if ((came & (Readiness.HangUp | Readiness.Error)) != 0)
        {
            Close();
        }
        if (socket.IsOpen && (came & Readiness.Write) != 0)
        {
            Push();
        }
    }

    public void Send(PodFrame kind, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[PodFrameHeader.SizeBytes];
        new PodFrameHeader(kind, payload.Length).Write(header);
        Send(header, payload);
    }

    /// <summary>Sends frames that are ready.</summary>
    public void Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        if (!socket.IsOpen)
        {
            return;
        }
        SendOrKeep(first);
        SendOrKeep(second);
        if (_out.Length > MostBytes)
        {
            Close();
        }
        else if (_out.Length == 0)
        {
            Push();
        }
    }

    /// <summary>Sends one more, and closes the connection when it is gone.</summary>
    public void SendLast(PodFrame kind, ReadOnlySpan<byte> payload)
    {
        _last = true;
        Session = null;
        Send(kind, payload);
    }

    public void Refuse(Errno error, string reason)
    {
        var text = Encoding.UTF8.GetBytes(reason);
        var payload = new byte[6 + text.Length];
        BinaryPrimitives.WriteInt32LittleEndian(payload, error.Code);
        BinaryPrimitives.WriteUInt16LittleEndian(payload.AsSpan(4), (ushort)text.Length);
        text.CopyTo(payload, 6);
        SendLast(PodFrame.Refused, payload);
    }

    public void Close()
    {
        if (!socket.IsOpen)
        {
            return;
        }
        socket.Dispose();
        loop.Remove(this);
        requests.Forget(this);
        Session?.Abandon();
        Session = null;
    }

    private void Read()
    {
        var error = Files.Read(socket.Number, buffer, out var count);
        if (error == Errno.WouldBlock || error == Errno.Interrupted)
        {
            return;
        }
        if (error.IsError || count == 0)
        {
            Close();
            return;
        }
        _in.Add(buffer.AsSpan(0, count));
        try
        {
            while (!_last && socket.IsOpen && PodFrameHeader.TryRead(_in.Bytes, out var header) && _in.Length >= PodFrameHeader.SizeBytes + header.Length)
            {
                Take(header.Kind, _in.Bytes.Slice(PodFrameHeader.SizeBytes, header.Length));
                _in.Remove(PodFrameHeader.SizeBytes + header.Length);
            }
        }
        catch (PodProtocolException e)
        {
            Refuse(Errno.None, e.Message);
        }
    }

    private void Take(PodFrame kind, ReadOnlySpan<byte> payload)
    {
        if (!_asked)
        {
            _asked = true;
            requests.Take(this, kind, payload);
        }
        else if (Session is { } session)
        {
            session.Take(kind, payload);
        }
        else
        {
            throw new PodProtocolException("a connection carries one request");
        }
    }

    /// <summary>A client that reads gets its bytes without a copy of them.</summary>
    private void SendOrKeep(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        if (socket.IsOpen && _out.Length == 0 && !bytes.IsEmpty)
        {
            // what is wrong with the socket the next attempt will tell
            _ = UnixSockets.Send(socket.Number, bytes, out count);
        }
        _out.Add(bytes[count..]);
    }

    private void Push()
    {
        while (_out.Length > 0)
        {
            var error = UnixSockets.Send(socket.Number, _out.Bytes, out var count);
            if (error == Errno.WouldBlock || error == Errno.Interrupted)
            {
                return;
            }
            if (error.IsError)
            {
                Close();
                return;
            }
            _out.Remove(count);
        }
        if (_last)
        {
            Close();
        }
        else
        {
            Session?.Continue();
        }
    }
}
