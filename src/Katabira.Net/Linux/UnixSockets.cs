using System.Text;

namespace Katabira.Net.Linux;

/// <summary>Unix sockets for a process that must stay small, and passing descriptors through them.</summary>
public static unsafe class UnixSockets
{
    /// <summary>The longest path, in bytes: sun_path holds one more for its end.</summary>
    public const int MostPathBytes = 107;

    private const int Unix = 1;
    private const int StreamType = 1;
    private const int PacketType = 5;
    private const int CloseOnExecute = 0x80000;
    private const int NonBlocking = 0x800;
    private const int NoSignal = 0x4000;
    private const int ReceiveCloseOnExecute = 0x40000000;
    private const int SocketLevel = 1;
    private const int Rights = 1;

    /// <summary>Length of a control message's header, and of one with a descriptor, padding included.</summary>
    private const int ControlHeaderBytes = 16, ControlBytes = 24;

    /// <summary>Listens at a path, which must not exist. Accepting does not wait.</summary>
    public static Errno Listen(string path, int backlog, out Descriptor listener)
    {
        listener = new Descriptor(Libc.Socket(Unix, StreamType | CloseOnExecute | NonBlocking, 0));
        if (!listener.IsOpen)
        {
            return Errno.Last;
        }
        var name = Encoding.UTF8.GetBytes(path);
        if (name.Length > MostPathBytes)
        {
            return new Errno(36); // ENAMETOOLONG, which bind would not say: it would cut the name
        }
        var address = stackalloc byte[2 + MostPathBytes + 1];
        *(ushort*)address = Unix;
        name.CopyTo(new Span<byte>(address + 2, MostPathBytes));
        address[2 + name.Length] = 0;
        var error = Errno.Of(Libc.Bind(listener.Number, address, (uint)(2 + name.Length + 1)));
        return error.IsError ? error : Errno.Of(Libc.Listen(listener.Number, backlog));
    }

    /// <summary>Takes a connection; reading and writing it do not wait.</summary>
    public static Errno Accept(Descriptor listener, out Descriptor connection)
    {
        var number = Libc.Accept(listener.Number, null, null, CloseOnExecute | NonBlocking);
        connection = new Descriptor(number);
        return Errno.Of(number);
    }

    /// <summary>Two ends of a connection that keeps the borders of messages.</summary>
    public static Errno PacketPair(out Descriptor first, out Descriptor second)
    {
        var pair = stackalloc int[2] { -1, -1 };
        var error = Errno.Of(Libc.Socketpair(Unix, PacketType | CloseOnExecute, 0, pair));
        (first, second) = (new Descriptor(pair[0]), new Descriptor(pair[1]));
        return error;
    }

    /// <summary>Sends bytes. When the other end is gone it is an error, never a signal.</summary>
    public static Errno Send(int socket, ReadOnlySpan<byte> bytes, out int count) => Send(socket, bytes, -1, out count);

    /// <summary>Sends a message and, if it is not below 0, a descriptor, which stays open here.</summary>
    public static Errno Send(int socket, ReadOnlySpan<byte> bytes, int descriptor, out int count)
    {
        var control = stackalloc byte[ControlBytes];
        new Span<byte>(control, ControlBytes).Clear();
        *(nuint*)control = ControlHeaderBytes + sizeof(int);
        *(int*)(control + 8) = SocketLevel;
        *(int*)(control + 12) = Rights;
        *(int*)(control + ControlHeaderBytes) = descriptor;
        fixed (byte* start = bytes)
        {
            var vector = new IoVector { Start = start, Length = (nuint)bytes.Length };
            var message = new MessageHeader { Vectors = &vector, VectorCount = 1 };
            if (descriptor >= 0)
            {
                message.Control = control;
                message.ControlLength = ControlBytes;
            }
            var result = Libc.Sendmsg(socket, &message, NoSignal);
            count = result < 0 ? 0 : (int)result;
            return Errno.Of(result);
        }
    }

    /// <summary>Receives a message and the descriptor that came with it, null if none did. A count of 0 is the end.</summary>
    public static Errno Receive(int socket, Span<byte> buffer, out int count, out Descriptor? descriptor)
    {
        var control = stackalloc byte[ControlBytes];
        descriptor = null;
        fixed (byte* start = buffer)
        {
            var vector = new IoVector { Start = start, Length = (nuint)buffer.Length };
            var message = new MessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = ControlBytes };
            var result = Libc.Recvmsg(socket, &message, ReceiveCloseOnExecute);
            count = result < 0 ? 0 : (int)result;
            if (result >= 0 && message.ControlLength >= ControlHeaderBytes + sizeof(int) && *(int*)(control + 12) == Rights)
            {
                descriptor = new Descriptor(*(int*)(control + ControlHeaderBytes));
            }
            return Errno.Of(result);
        }
    }
}
