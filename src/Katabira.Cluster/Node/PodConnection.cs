using System.Buffers.Binary;
using System.Net.Sockets;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node;

/// <summary>A frame from a pod.</summary>
/// <param name="Payload">Valid until the next one is read.</param>
internal readonly record struct PodReply(PodFrame Kind, ReadOnlyMemory<byte> Payload);

/// <summary>One request to a pod. One reader and one writer at a time.</summary>
internal sealed class PodConnection : IDisposable
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _path;
    private byte[] _buffer = new byte[1024];

    private PodConnection(string path) => _path = path;

    /// <exception cref="PodGoneException">Nobody listens there.</exception>
    public static async Task<PodConnection> OpenAsync(string path, CancellationToken cancel)
    {
        var connection = new PodConnection(path);
        try
        {
            await connection._socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            return connection;
        }
        catch (SocketException e)
        {
            connection.Dispose();
            throw new PodGoneException(path, e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <exception cref="PodGoneException">It is.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await _socket.SendAsync(bytes, cancel)..];
            }
        }
        catch (SocketException e)
        {
            throw new PodGoneException(_path, e);
        }
    }

    /// <summary>Waits for the next frame.</summary>
    /// <exception cref="PodGoneException">The pod has ended.</exception>
    /// <exception cref="PodRefusedException">The frame says so.</exception>
    public async ValueTask<PodReply> ReadAsync(CancellationToken cancel)
    {
        await FillAsync(PodFrameHeader.SizeBytes, cancel);
        PodFrameHeader.TryRead(_buffer, out var header);
        if (_buffer.Length < header.Length)
        {
            _buffer = new byte[header.Length];
        }
        await FillAsync(header.Length, cancel);
        var payload = _buffer.AsMemory(0, header.Length);
        if (header.Kind == PodFrame.Refused)
        {
            var reader = new PayloadReader(payload.Span);
            throw new PodRefusedException(reader.Number(), reader.Text());
        }
        return new PodReply(header.Kind, payload);
    }

    /// <summary>SO_PEERCRED begins with the process id; the kernel translates it into our namespace.</summary>
    public int PeerProcessId()
    {
        Span<byte> credentials = stackalloc byte[12];
        _socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return BinaryPrimitives.ReadInt32LittleEndian(credentials);
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask FillAsync(int count, CancellationToken cancel)
    {
        try
        {
            for (var at = 0; at < count;)
            {
                var read = await _socket.ReceiveAsync(_buffer.AsMemory(at, count - at), cancel);
                at += read != 0 ? read : throw new PodGoneException(_path, null);
            }
        }
        catch (SocketException e)
        {
            throw new PodGoneException(_path, e);
        }
    }
}
