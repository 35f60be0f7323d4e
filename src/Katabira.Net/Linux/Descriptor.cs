namespace Katabira.Net.Linux;

/// <summary>
/// An open file descriptor and the duty to close it: whoever holds one disposes it, once. There is no finalizer, so a forgotten one is a
/// leak that a test sees. Not safe for use by several threads.
/// </summary>
public sealed class Descriptor(int number) : IDisposable
{
    /// <summary>The kernel's number; -1 once closed.</summary>
    public int Number { get; private set; } = number;

    /// <summary>Whether it is still open.</summary>
    public bool IsOpen => Number >= 0;

    /// <summary>Closes it; a second time does nothing.</summary>
    public void Dispose()
    {
        if (IsOpen)
        {
            _ = Libc.Close(Number);
            Number = -1;
        }
    }

    /// <summary>Lets a program that is executed have it, or not.</summary>
    public static Errno SetCloseOnExecute(int number, bool close) => Errno.Of(Libc.Fcntl(number, 2 /* F_SETFD */, close ? 1 : 0));

    /// <summary>Reading and writing return <see cref="Errno.WouldBlock"/> and do not wait.</summary>
    public Errno SetNonBlocking()
    {
        var flags = Libc.Fcntl(Number, 3 /* F_GETFL */, 0);
        return flags < 0 ? Errno.Last : Errno.Of(Libc.Fcntl(Number, 4 /* F_SETFL */, flags | 0x800 /* O_NONBLOCK */));
    }

    /// <summary>Gives the file to a user, as a process that writes to <c>/dev/stdout</c> needs it for its pipe.</summary>
    public static Errno SetOwner(int number, uint user, uint group) => Errno.Of(Libc.Fchown(number, user, group));

    /// <summary>Makes <paramref name="to"/> another name for <paramref name="from"/>, which executed programs inherit.</summary>
    public static Errno Duplicate(int from, int to) => Errno.Of(Libc.Dup2(from, to));

    /// <summary>Nothing from this number up goes to a program that is executed. Before Linux 5.11 it does nothing.</summary>
    public static void CloseOnExecuteFrom(int first) => _ = Libc.Syscall(436 /* close_range */, first, int.MaxValue, 4 /* CLOEXEC */, 0, 0);
}
