namespace Katabira.Net.Linux;

/// <summary>Options of a mount (the kernel's MS_… bits).</summary>
[Flags]
public enum MountOptions
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Nobody writes.</summary>
    ReadOnly = 1,

    /// <summary>Set-user-id bits do nothing.</summary>
    NoSetUserId = 2,

    /// <summary>Device files do nothing.</summary>
    NoDevices = 4,

    /// <summary>Nothing is executed.</summary>
    NoExecute = 8,
}

/// <summary>Mounts of the calling thread's namespace.</summary>
public static unsafe class Mounts
{
    private const nuint Bind = 0x1000;
    private const nuint Recursive = 0x4000;
    private const nuint Private = 0x40000;
    private const nuint Slave = 0x80000;
    private const int Detach = 2;
    private const int SyscallMountSetattr = 442;
    private const int AtWorkingDirectory = -100;
    private const int AtRecursive = 0x8000;

    /// <summary>Mounts a file system that needs no device.</summary>
    /// <param name="type">E.g. <c>tmpfs</c>.</param>
    /// <param name="data">Its own options, e.g. <c>mode=755,size=64m</c>; null for none.</param>
    public static Errno MountNew(string type, string target, MountOptions options, string? data) =>
        Errno.Of(Libc.Mount(type, target, type, (nuint)options, data));

    /// <summary>Shows a directory or a file, with what is mounted below it, in a second place.</summary>
    public static Errno BindRecursive(string source, string target) => Errno.Of(Libc.Mount(source, target, null, Bind | Recursive, null));

    /// <summary>Makes a mount, and every one below it, read-only here. Needs Linux 5.12.</summary>
    public static Errno SetReadOnlyRecursive(string target) => SetAttribute(target, AtRecursive);

    /// <summary>Makes one mount read-only here, not those below it. Needs Linux 5.12.</summary>
    public static Errno SetReadOnly(string target) => SetAttribute(target, 0);

    /// <summary>Mounts made here stay here, and no others appear.</summary>
    public static Errno MakeAllPrivate() => Errno.Of(Libc.Mount(null, "/", null, Recursive | Private, null));

    /// <summary>Mounts made here stay here; those that the parent namespace makes appear.</summary>
    public static Errno MakeAllSlave() => Errno.Of(Libc.Mount(null, "/", null, Recursive | Slave, null));

    /// <summary>Takes a mount out of the tree; it ends when nobody uses it.</summary>
    public static Errno UnmountLazily(string target) => Errno.Of(Libc.Umount(target, Detach));

    private static Errno SetAttribute(string target, int flags)
    {
        // struct mount_attr: set, clear, propagation, user namespace; MOUNT_ATTR_RDONLY is 1
        var attributes = stackalloc ulong[4] { 1, 0, 0, 0 };
        using var path = new NativeText(target);
        return Errno.Of(Libc.Syscall(SyscallMountSetattr, AtWorkingDirectory, (nint)path.Start, flags, (nint)attributes, 4 * sizeof(ulong)));
    }
}
