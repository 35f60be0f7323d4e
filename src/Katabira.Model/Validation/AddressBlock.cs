using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Katabira.Model.Validation;

/// <summary>An IP address as a number. IPv4 lies where IPv6 maps it (<c>::ffff:0:0/96</c>), so both spellings of one address are equal.</summary>
/// <param name="Bits">All 128 bits, in network order.</param>
internal readonly record struct AddressBits(UInt128 Bits)
{
    /// <summary>True if it is an IPv4 address, however it was spelled.</summary>
    public bool IsIPv4 => Bits >> 32 == 0xffff;

    /// <summary>Reads an address; a scope is left out. Allocates nothing.</summary>
    public static AddressBits Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return new(length == 4 ? ((UInt128)0xffff << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }
}

/// <summary>An address or a network in CIDR notation. A network of IPv6 never holds an IPv4 address, not even <c>::/0</c>.</summary>
internal readonly record struct AddressBlock
{
    private readonly UInt128 _network;
    private readonly UInt128 _mask;
    private readonly bool _isIPv4;

    private AddressBlock(AddressBits address, int prefixLength)
    {
        _mask = prefixLength == 0 ? 0 : UInt128.MaxValue << (128 - prefixLength);
        _network = address.Bits & _mask;
        _isIPv4 = address.IsIPv4 && prefixLength >= 96;
    }

    /// <summary>True if the address lies in the block.</summary>
    public bool Contains(AddressBits address) => address.IsIPv4 == _isIPv4 && (address.Bits & _mask) == _network;

    /// <summary>Reads <c>10.0.0.0/8</c>, <c>10.1.2.3</c>, <c>fd00::/8</c>. Bits beyond the prefix are dropped.</summary>
    /// <remarks>As strict as <see cref="Syntax.TryParseNetwork"/>: a policy must not mean another address than it shows.</remarks>
    public static bool TryParse(ReadOnlySpan<char> text, out AddressBlock block)
    {
        if (!Syntax.TryParseNetwork(text, out var address, out var length))
        {
            block = default;
            return false;
        }
        block = new(AddressBits.Of(address), address.AddressFamily == AddressFamily.InterNetwork ? 96 + length : length);
        return true;
    }
}
