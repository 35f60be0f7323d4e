namespace Katabira.Net.Linux;

/// <summary>Pseudo-terminals.</summary>
public static unsafe class Terminal
{
    private const nuint Unlock = 0x40045431;
    private const nuint OpenPeer = 0x5441;
    private const nuint SetSize = 0x5414;
    private const nuint MakeControlling = 0x540E;

    /// <summary>Opens a pair. It belongs to the devpts of the given multiplexer, so that its name is right where that is mounted.</summary>
    /// <param name="multiplexer">E.g. <c>/dev/pts/ptmx</c>.</param>
    /// <param name="outer">The end that reads what programs write.</param>
    /// <param name="inner">The end that is a program's terminal.</param>
    public static Errno Open(string multiplexer, out Descriptor outer, out Descriptor inner)
    {
        inner = new Descriptor(-1);
        var error = Files.Open(multiplexer, OpenHow.ReadWrite | OpenHow.NoControllingTerminal, 0, out outer);
        if (error.IsError)
        {
            return error;
        }
        var locked = 0;
        error = Errno.Of(Libc.Ioctl(outer.Number, Unlock, (nint)(&locked)));
        if (error.IsError)
        {
            return error;
        }
        var number = Libc.Ioctl(outer.Number, OpenPeer, (nint)(OpenHow.ReadWrite | OpenHow.NoControllingTerminal));
        inner = new Descriptor(number);
        return Errno.Of(number);
    }

    /// <summary>Tells the programs in it how large it is; they get SIGWINCH.</summary>
    public static Errno Resize(int descriptor, ushort columns, ushort rows)
    {
        var size = stackalloc ushort[4] { rows, columns, 0, 0 };
        return Errno.Of(Libc.Ioctl(descriptor, SetSize, (nint)size));
    }

    /// <summary>Makes it the terminal of the calling process, which must lead a session without one.</summary>
    public static Errno Take(int descriptor) => Errno.Of(Libc.Ioctl(descriptor, MakeControlling, 0));
}
