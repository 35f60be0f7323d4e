namespace Katabira.Net.Linux;

/// <summary>How a process ended.</summary>
/// <param name="Pid">Which.</param>
/// <param name="ExitCode">What it returned; 0 if a signal ended it.</param>
/// <param name="Signal">The signal that ended it, else 0.</param>
public readonly record struct ChildEnd(int Pid, int ExitCode, int Signal);

/// <summary>Children of this process: watching, signalling and collecting them.</summary>
public static unsafe class Children
{
    private const int SyscallPidfdOpen = 434;
    private const int SyscallPidfdSendSignal = 424;
    private const int AnyChild = 0;
    private const int OneChild = 1;
    private const int Exited = 4;
    private const int DoNotWait = 1;
    private const int CodeExited = 1;

    /// <summary>A descriptor that becomes readable when the process ends, and that never comes to mean another. Needs Linux 5.3.</summary>
    public static Errno Open(int pid, out Descriptor descriptor)
    {
        var number = Libc.Syscall(SyscallPidfdOpen, pid, 0, 0, 0, 0);
        descriptor = new Descriptor((int)number);
        return Errno.Of(number);
    }

    /// <summary>Sends a signal to the process of a pidfd.</summary>
    public static Errno Signal(int descriptor, int signal) => Errno.Of(Libc.Syscall(SyscallPidfdSendSignal, descriptor, signal, 0, 0, 0));

    /// <summary>Collects any child that has ended, also one that was inherited; false if there is none at this moment.</summary>
    public static bool TryCollect(out ChildEnd end) => TryCollect(AnyChild, 0, DoNotWait, out end);

    /// <summary>Waits until a child ends, and collects it.</summary>
    public static Errno Wait(int pid, out ChildEnd end) => TryCollect(OneChild, pid, 0, out end) ? Errno.None : Errno.Last;

    private static bool TryCollect(int kind, int pid, int options, out ChildEnd end)
    {
        SignalInformation information = default;
        int result;
        do
        {
            result = Libc.Waitid(kind, pid, &information, Exited | options);
        }
        while (result < 0 && Errno.Last == Errno.Interrupted);
        end = information.Code == CodeExited
            ? new ChildEnd(information.Pid, information.Status, 0)
            : new ChildEnd(information.Pid, 0, information.Status);
        return result == 0 && information.Pid != 0;
    }
}
