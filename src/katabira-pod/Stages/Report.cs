using System.Buffers.Binary;
using System.Text;
using Katabira.Net.Linux;

namespace Katabira.Pod.Stages;

/// <summary>
/// What a stage tells the pod, a message each: that it failed, or the outer end of its terminal. That it succeeded it cannot tell, and need not:
/// the socket closes when the program is executed.
/// </summary>
/// <param name="Errno">The kernel's number, 0 if it was not asked; meaningless without a failure.</param>
/// <param name="Failure">Why it failed; null if it did not.</param>
internal readonly record struct Report(Errno Errno, string? Failure)
{
    public const int MostBytes = 1024;

    private const byte FailureKind = 1;
    private const byte TerminalKind = 2;

    public static int Fail(LinuxException failure) => Fail(failure.Errno, failure.Message);

    /// <summary>Tells it, and returns the exit code that goes with it.</summary>
    public static int Fail(Errno errno, string message)
    {
        Span<byte> bytes = stackalloc byte[MostBytes];
        bytes[0] = FailureKind;
        BinaryPrimitives.WriteInt32LittleEndian(bytes[1..], errno.Code);
        Encoding.UTF8.TryGetBytes(message.Length > 250 ? message[..250] : message, bytes[5..], out var length);
        _ = UnixSockets.Send(SelfProgram.ReportDescriptor, bytes[..(5 + length)], out _);
        return 127;
    }

    public static Errno SendTerminal(Descriptor outer) => UnixSockets.Send(SelfProgram.ReportDescriptor, [TerminalKind], outer.Number, out _);

    /// <summary>Reads a message that is not empty.</summary>
    public static Report Read(ReadOnlySpan<byte> message) => message[0] == FailureKind && message.Length >= 5
        ? new(new Errno(BinaryPrimitives.ReadInt32LittleEndian(message[1..])), Encoding.UTF8.GetString(message[5..]))
        : default;
}
