using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Katabira.Cluster.Access;

namespace Katabira.Cluster.Network.Balancers;

/// <summary>
/// The 254 loopback addresses of a home, a /24 of 127.77.0.0/16, from which its load balancers get theirs. It is written down, so that addresses are the same
/// after a restart, and claimed as long as this is not disposed, so that no other running cluster of the machine takes it too.
/// </summary>
internal sealed class BalancerRange : IAsyncDisposable
{
    private const string FileName = "balancers";
    private const int Count = 256;

    private readonly Socket _claim;

    private BalancerRange(IPNetwork addresses, Socket claim) => (Addresses, _claim) = (addresses, claim);

    public IPNetwork Addresses { get; }

    /// <summary>The range that the home has; another one if a running cluster took it meanwhile, or if it has none yet.</summary>
    /// <exception cref="NetworkException">All are taken.</exception>
    public static BalancerRange Claim(PrivateFolder home)
    {
        var written = IPNetwork.TryParse((home.Read(FileName) ?? "").Trim(), out var read) ? Candidates(0).Where(c => c.Equals(read)) : [];
        var first = SHA256.HashData(Encoding.UTF8.GetBytes(home.PathOf("")))[0];
        var used = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();
        foreach (var candidate in written.Concat(Candidates(first).Where(c => !used.Any(l => c.Contains(l.Address)))))
        {
            if (TryClaim(candidate) is { } claim)
            {
                if (!candidate.Equals(read))
                {
                    home.Write(FileName, $"{candidate}\n");
                }
                return new(candidate, claim);
            }
        }
        throw new NetworkException("every /24 of 127.77.0.0/16 is in use: stop a cluster, or what listens there");
    }

    /// <summary>The lowest address that nobody has; null if there is none.</summary>
    public static IPAddress? Free(IPNetwork range, IReadOnlySet<IPAddress> taken)
    {
        var first = BinaryPrimitives.ReadUInt32BigEndian(range.BaseAddress.GetAddressBytes());
        return Enumerable.Range(1, Count - 2).Select(i => Address(first + (uint)i)).FirstOrDefault(a => !taken.Contains(a));
    }

    public ValueTask DisposeAsync()
    {
        _claim.Dispose();
        return default;
    }

    private static IEnumerable<IPNetwork> Candidates(int first) =>
        Enumerable.Range(0, Count).Select(i => new IPNetwork(new IPAddress([127, 77, (byte)((first + i) % Count), 0]), 24));

    /// <summary>A name that the kernel forgets with the process. It can be squatted, which costs the squatter's range only.</summary>
    private static Socket? TryClaim(IPNetwork range)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0katabira/{range}"));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private static IPAddress Address(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new(bytes);
    }
}
