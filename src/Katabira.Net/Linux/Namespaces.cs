using System.Text;

namespace Katabira.Net.Linux;

/// <summary>The kinds of namespaces a pod has of its own (the kernel's CLONE_NEW… bits).</summary>
[Flags]
public enum NamespaceKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The bit CLONE_FS: root and working directory of the thread become its own, which joining a mount namespace needs.</summary>
    Root = 0x200,

    /// <summary>Mounts.</summary>
    Mount = 0x20000,

    /// <summary>Host name.</summary>
    HostName = 0x4000000,

    /// <summary>System V IPC and POSIX message queues.</summary>
    Ipc = 0x8000000,

    /// <summary>Processes. It changes for the children of the calling thread, never for itself.</summary>
    Process = 0x20000000,

    /// <summary>The network.</summary>
    Network = 0x40000000,
}

/// <summary>
/// Leaving and joining namespaces. All of it is about the calling thread alone, so it is for programs whose main thread does
/// the work. While the children's process namespace differs from the thread's own, that thread cannot create threads.
/// </summary>
public static class Namespaces
{
    /// <summary>The thread gets new namespaces of these kinds.</summary>
    public static Errno Unshare(NamespaceKinds kinds) => Errno.Of(Libc.Unshare((int)kinds));

    /// <summary>The thread joins.</summary>
    /// <param name="descriptor">A namespace file, or a pidfd whose process has the namespaces.</param>
    /// <param name="kinds">For a namespace file its kind; for a pidfd those to join.</param>
    public static Errno Join(int descriptor, NamespaceKinds kinds) => Errno.Of(Libc.Setns(descriptor, (int)kinds));

    /// <summary>The thread joins the namespace of a file such as <c>/run/netns/x</c>.</summary>
    public static Errno Join(string path, NamespaceKinds kind)
    {
        var error = Files.Open(path, OpenHow.ReadOnly, 0, out var file);
        if (error.IsError)
        {
            return error;
        }
        using (file)
        {
            return Join(file.Number, kind);
        }
    }

    /// <summary>Sets the host name of the UTS namespace; at most 64 bytes.</summary>
    public static unsafe Errno SetHostName(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        fixed (byte* start = bytes)
        {
            return Errno.Of(Libc.Sethostname(start, (nuint)bytes.Length));
        }
    }
}
