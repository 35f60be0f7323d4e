using System.Buffers.Binary;
using System.Net;

namespace Katabira.Net.Linux;

/// <summary>A flow that the kernel tracks, IPv4, of a protocol with ports.</summary>
/// <param name="Protocol">Its number in IP.</param>
/// <param name="Dialled">Where its first packet was sent.</param>
/// <param name="Answers">Who answers, which is another one if addresses are translated.</param>
public readonly record struct TrackedFlow(byte Protocol, IPEndPoint Dialled, IPEndPoint Answers);

/// <summary>
/// The kernel's table of flows, over netlink (ctnetlink; the constants are those of linux/netfilter/nfnetlink_conntrack.h). All of it is about the network namespace
/// of the calling thread.
/// </summary>
public static class ConnectionTracking
{
    private const int BufferBytes = 64 * 1024;
    private const int HeaderBytes = 16;
    private const int FamilyBytes = 4;
    private const ushort Request = 0x1, Acknowledge = 0x4, Dump = 0x300;
    private const ushort Get = 0x101, Delete = 0x102;
    private const ushort Failed = 2, Done = 3;
    private const ushort Original = 1, Reply = 2;
    private const ushort Addresses = 1, Ports = 2;
    private const ushort SourceAddress = 1, TargetAddress = 2;
    private const ushort ProtocolNumber = 1, SourcePort = 2, TargetPort = 3;

    /// <summary>Forgets flows: the next packet of one begins a new flow. One that ends meanwhile is no error.</summary>
    /// <param name="chosen">Called for every flow there is.</param>
    public static Errno Forget(Predicate<TrackedFlow> chosen)
    {
        var number = Libc.Socket(16 /* AF_NETLINK */, 3 /* SOCK_RAW */ | 0x80000 /* SOCK_CLOEXEC */, 12 /* NETLINK_NETFILTER */);
        if (number < 0)
        {
            return Errno.Last;
        }
        using var socket = new Descriptor(number);
        var tuples = new List<byte[]>();
        var error = Ask(number, Get, Request | Dump, [], chosen, tuples);
        foreach (var tuple in tuples)
        {
            if (error.IsError)
            {
                return error;
            }
            error = Ask(number, Delete, Request | Acknowledge, tuple, _ => false, []);
            error = error == Errno.NotFound ? Errno.None : error;
        }
        return error;
    }

    /// <summary>Sends one request and reads its answer to the end.</summary>
    /// <param name="tuples">Gets the original tuple of each chosen flow, an attribute as it stands in the message.</param>
    private static Errno Ask(int socket, ushort type, int flags, byte[] attributes, Predicate<TrackedFlow> chosen, List<byte[]> tuples)
    {
        var message = new byte[HeaderBytes + FamilyBytes + attributes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), type);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), (ushort)flags);
        message[HeaderBytes] = 2; // AF_INET
        attributes.CopyTo(message, HeaderBytes + FamilyBytes);
        var error = Files.Write(socket, message, out _);
        var buffer = new byte[BufferBytes];
        while (!error.IsError)
        {
            error = Files.Read(socket, buffer, out var count);
            if (!error.IsError && Take(buffer.AsSpan(0, count), chosen, tuples) is { } end)
            {
                return end;
            }
            error = error == Errno.Interrupted ? Errno.None : error;
        }
        return error;
    }

    /// <returns>How the answer ended; null if more of it comes.</returns>
    private static Errno? Take(ReadOnlySpan<byte> messages, Predicate<TrackedFlow> chosen, List<byte[]> tuples)
    {
        while (messages.Length >= HeaderBytes)
        {
            var (length, type) = (BinaryPrimitives.ReadInt32LittleEndian(messages), BinaryPrimitives.ReadUInt16LittleEndian(messages[4..]));
            if (length < HeaderBytes + FamilyBytes || length > messages.Length)
            {
                return Errno.Invalid;
            }
            if (type is Done or Failed)
            {
                return type == Done ? Errno.None : new Errno(-BinaryPrimitives.ReadInt32LittleEndian(messages[HeaderBytes..]));
            }
            var attributes = messages[(HeaderBytes + FamilyBytes)..length];
            if (Read(attributes) is { } flow && chosen(flow))
            {
                tuples.Add(Attribute(attributes, Original, whole: true).ToArray());
            }
            messages = messages[Math.Min(Aligned(length), messages.Length)..];
        }
        return null;
    }

    private static TrackedFlow? Read(ReadOnlySpan<byte> attributes)
    {
        var original = Attribute(attributes, Original);
        var reply = Attribute(attributes, Reply);
        var protocol = Attribute(Attribute(original, Ports), ProtocolNumber);
        return protocol.Length == 1 && EndpointOf(original, TargetAddress, TargetPort) is { } dialled && EndpointOf(reply, SourceAddress, SourcePort) is { } answers
            ? new(protocol[0], dialled, answers)
            : null;
    }

    private static IPEndPoint? EndpointOf(ReadOnlySpan<byte> tuple, ushort address, ushort port)
    {
        var ip = Attribute(Attribute(tuple, Addresses), address);
        var number = Attribute(Attribute(tuple, Ports), port);
        return ip.Length == 4 && number.Length == 2 ? new(new IPAddress(ip), BinaryPrimitives.ReadUInt16BigEndian(number)) : null;
    }

    /// <summary>The value of an attribute, or with <paramref name="whole"/> its header besides; empty if it is not there.</summary>
    private static ReadOnlySpan<byte> Attribute(ReadOnlySpan<byte> attributes, ushort type, bool whole = false)
    {
        const int header = 4, typeBits = 0x3FFF;
        while (attributes.Length >= header)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (length < header || length > attributes.Length)
            {
                return [];
            }
            if ((BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) & typeBits) == type)
            {
                return attributes[(whole ? 0 : header)..length];
            }
            attributes = attributes[Math.Min(Aligned(length), attributes.Length)..];
        }
        return [];
    }

    private static int Aligned(int length) => (length + 3) & ~3;
}
