namespace Katabira.Net.Linux;

/// <summary>How a file is opened (the kernel's O_… bits). Close-on-execute is always on.</summary>
[Flags]
public enum OpenHow
{
    /// <summary>For reading.</summary>
    ReadOnly = 0,

    /// <summary>For writing.</summary>
    WriteOnly = 1,

    /// <summary>For both.</summary>
    ReadWrite = 2,

    /// <summary>Made if it is not there.</summary>
    Create = 0x40,

    /// <summary>A terminal opened so does not become the process's own.</summary>
    NoControllingTerminal = 0x100,

    /// <summary>Emptied.</summary>
    Truncate = 0x200,

    /// <summary>Each write goes to the end.</summary>
    Append = 0x400,
}

/// <summary>Bytes in and out of descriptors, and the few operations on paths that a long-lived small process needs.</summary>
public static unsafe class Files
{
    private const int CloseOnExecute = 0x80000;

    /// <summary>Opens a file; the descriptor is the caller's.</summary>
    /// <param name="mode">Permission bits of a file that is made.</param>
    public static Errno Open(string path, OpenHow flags, uint mode, out Descriptor descriptor)
    {
        var number = Libc.Open(path, (int)flags | CloseOnExecute, mode);
        descriptor = new Descriptor(number);
        return Errno.Of(number);
    }

    /// <summary>A file in memory without a name; it lives as long as a descriptor of it.</summary>
    public static Errno OpenInMemory(string label, out Descriptor descriptor)
    {
        using var text = new NativeText(label);
        // memfd_create is one of the few calls whose number differs
        var number = Libc.Syscall(Architecture.MemfdCreate, (nint)text.Start, 1 /* MFD_CLOEXEC */, 0, 0, 0);
        descriptor = new Descriptor((int)number);
        return Errno.Of(number);
    }

    /// <summary>Reads what there is. A count of 0 without an error is the end.</summary>
    public static Errno Read(int descriptor, Span<byte> buffer, out int count)
    {
        fixed (byte* start = buffer)
        {
            return Counted(Libc.Read(descriptor, start, (nuint)buffer.Length), out count);
        }
    }

    /// <summary>Reads from a place in the file and moves nothing.</summary>
    public static Errno ReadAt(int descriptor, Span<byte> buffer, long offset, out int count)
    {
        fixed (byte* start = buffer)
        {
            return Counted(Libc.Pread(descriptor, start, (nuint)buffer.Length, (nint)offset), out count);
        }
    }

    /// <summary>Writes what there is room for; <paramref name="count"/> may be less than what was given.</summary>
    public static Errno Write(int descriptor, ReadOnlySpan<byte> bytes, out int count)
    {
        fixed (byte* start = bytes)
        {
            return Counted(Libc.Write(descriptor, start, (nuint)bytes.Length), out count);
        }
    }

    /// <summary>Writes everything, waiting for room.</summary>
    public static Errno WriteAll(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var error = Write(descriptor, bytes, out var count);
            if (error.IsError && error != Errno.Interrupted)
            {
                return error;
            }
            bytes = bytes[count..];
        }
        return Errno.None;
    }

    /// <summary>The length of a file in bytes; the place of reading moves to the end.</summary>
    public static Errno Length(int descriptor, out long length)
    {
        length = Libc.Lseek(descriptor, 0, 2 /* SEEK_END */);
        return Errno.Of((nint)length);
    }

    /// <summary>Cuts a file.</summary>
    public static Errno SetLength(int descriptor, long length) => Errno.Of(Libc.Ftruncate(descriptor, (nint)length));

    /// <summary>Gives a file another name, taking the place of what had it.</summary>
    public static Errno Rename(string from, string to) => Errno.Of(Libc.Rename(from, to));

    /// <summary>Removes a name.</summary>
    public static Errno Remove(string path) => Errno.Of(Libc.Unlink(path));

    /// <summary>Sets permission bits.</summary>
    public static Errno SetMode(string path, uint mode) => Errno.Of(Libc.Chmod(path, mode));

    /// <summary>Changes the working directory of the process, or of the thread if it has a root of its own.</summary>
    public static Errno ChangeDirectory(string path) => Errno.Of(Libc.Chdir(path));

    /// <summary>The permission bits that files made from now on do not get.</summary>
    public static void SetModeMask(int mask) => _ = Libc.Umask(mask);

    /// <summary>A pipe: bytes written to one end are read from the other.</summary>
    public static Errno Pipe(out Descriptor read, out Descriptor write)
    {
        var pair = stackalloc int[2] { -1, -1 };
        var error = Errno.Of(Libc.Pipe2(pair, CloseOnExecute));
        (read, write) = (new Descriptor(pair[0]), new Descriptor(pair[1]));
        return error;
    }

    private static Errno Counted(nint result, out int count)
    {
        count = result < 0 ? 0 : (int)result;
        return Errno.Of(result);
    }
}
