using System.Runtime.InteropServices;

namespace Katabira.Net.Linux;

/// <summary>How a system call ended. Zero is success; every wrapper that can fail returns one, and none throws.</summary>
/// <param name="Code">The kernel's number, 0 for success.</param>
public readonly record struct Errno(int Code)
{
    /// <summary>Success.</summary>
    public static readonly Errno None;

    /// <summary>No such process: it has ended already.</summary>
    public static readonly Errno NoSuchProcess = new(3);

    /// <summary>A signal came first; ask again.</summary>
    public static readonly Errno Interrupted = new(4);

    /// <summary>Nothing to read, or no room to write, at this moment.</summary>
    public static readonly Errno WouldBlock = new(11);

    /// <summary>The file or the command is not there.</summary>
    public static readonly Errno NotFound = new(2);

    /// <summary>Not allowed by mode or mount.</summary>
    public static readonly Errno AccessDenied = new(13);

    /// <summary>A path component is not a directory.</summary>
    public static readonly Errno NotADirectory = new(20);

    /// <summary>The other end of a terminal is closed: reading it is at its end.</summary>
    public static readonly Errno InputOutput = new(5);

    /// <summary>An argument the kernel does not take.</summary>
    public static readonly Errno Invalid = new(22);

    /// <summary>Whether the call failed.</summary>
    public bool IsError => Code != 0;

    /// <summary>The kernel's words, e.g. <c>Permission denied</c>.</summary>
    public string Text => Marshal.GetPInvokeErrorMessage(Code);

    /// <summary>For sequences that stop at the first failure.</summary>
    /// <param name="step">What was tried, as a person would say it: <c>mount /proc</c>.</param>
    /// <exception cref="LinuxException">The call failed.</exception>
    public void OrThrow(string step)
    {
        if (IsError)
        {
            throw new LinuxException(step, this);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => IsError ? Text : "success";

    internal static Errno Of(nint result) => result < 0 ? Last : None;

    internal static Errno Last => new(Marshal.GetLastPInvokeError());
}

/// <summary>A sequence of system calls stopped. The message reads <c>mount /proc: Permission denied</c>.</summary>
public sealed class LinuxException(string step, Errno errno) : Exception($"{step}: {errno.Text}")
{
    /// <summary>How the call ended.</summary>
    public Errno Errno { get; } = errno;
}
