using System.Net;
using System.Net.Sockets;

namespace Katabira.Cli.Clusters.Ports;

/// <summary>Which ports of 127.0.0.1 are free, and who has those that are not.</summary>
internal static class LoopbackPorts
{
    /// <summary>Where kubectl's users expect an API server.</summary>
    public const int First = 6443;

    private const int Last = First + 255;

    /// <summary>The first free port from <paramref name="from"/> up.</summary>
    public static int FirstFree(int from = First)
    {
        for (var port = from; port <= Last; port++)
        {
            if (IsFree(port))
            {
                return port;
            }
        }
        throw new Refusal($"no port of 127.0.0.1 from {First} to {Last} is free");
    }

    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }

    /// <summary>Names the process that listens on a port, as far as this user may see it; null if none listens.</summary>
    public static string? HolderOf(int port)
    {
        var listener = ((string[])["/proc/net/tcp", "/proc/net/tcp6"])
            .Where(File.Exists).SelectMany(File.ReadLines).Select(Listener.Parse).FirstOrDefault(l => l?.Port == port);
        return listener is null ? null : ProcessWith(listener) ?? $"a process of user {listener.Uid}";
    }

    private static string? ProcessWith(Listener listener)
    {
        var name = $"socket:[{listener.Inode}]";
        return Directory.EnumerateDirectories("/proc")
            .Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]) && HasOpen(folder, name))
            .Select(folder => $"process {Path.GetFileName(folder)} ({CommandOf(folder)})")
            .FirstOrDefault();
    }

    private static bool HasOpen(string folder, string socket)
    {
        try
        {
            return Directory.EnumerateFiles($"{folder}/fd").Any(file => new FileInfo(file).LinkTarget == socket);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or not ours to look at.
            return false;
        }
    }

    private static string CommandOf(string folder)
    {
        try
        {
            return File.ReadAllText($"{folder}/comm").Trim();
        }
        catch (IOException)
        {
            return "it has just ended";
        }
    }
}
