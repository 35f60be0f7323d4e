using System.Buffers.Binary;
using System.Net;

namespace Katabira.Cluster.Network;

/// <summary>
/// The addresses of pods. An address that was given back rests for 60 s, so that whoever still talks to the pod that is gone does not reach another
/// one. Addresses are given in turn, which lets them rest longer still. Not thread-safe.
/// </summary>
internal sealed class AddressPool(TimeProvider time)
{
    /// <summary>How long an address is not given again.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);

    private static readonly uint s_first = Number(NodeAddresses.Node) + 1;
    private static readonly uint s_last = Number(NodeAddresses.Pods.BaseAddress) + 0xFFFE;

    private readonly HashSet<uint> _taken = [];
    private readonly Dictionary<uint, DateTimeOffset> _restsUntil = [];
    private uint _next = s_first;

    /// <summary>An address that nobody has; null if there is none.</summary>
    public IPAddress? Take()
    {
        var now = time.GetUtcNow();
        for (var tried = s_first; tried <= s_last; tried++)
        {
            var number = _next;
            _next = number == s_last ? s_first : number + 1;
            if (!_taken.Contains(number) && !(_restsUntil.TryGetValue(number, out var until) && until > now))
            {
                _restsUntil.Remove(number);
                _taken.Add(number);
                return Address(number);
            }
        }
        return null;
    }

    /// <summary>Says that a pod has an address already.</summary>
    public void Keep(IPAddress address) => _taken.Add(Number(address));

    /// <summary>Gives an address back.</summary>
    public void Release(IPAddress address)
    {
        if (_taken.Remove(Number(address)))
        {
            LetRest(address, Rest);
        }
    }

    /// <summary>Says that an address is still at rest, from before a restart.</summary>
    public void LetRest(IPAddress address, TimeSpan remaining) => _restsUntil[Number(address)] = time.GetUtcNow() + remaining;

    private static uint Number(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static IPAddress Address(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new(bytes);
    }
}
