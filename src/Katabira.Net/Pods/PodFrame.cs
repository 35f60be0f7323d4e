using System.Buffers.Binary;

namespace Katabira.Net.Pods;

/// <summary>
/// What a frame on a pod's socket means. A connection carries one request, which is its first frame, and then what belongs to it.
/// Payloads are little-endian; a text is a u16 length and UTF-8, a list a u16 count and its texts.
/// </summary>
public enum PodFrame : byte
{
    /// <summary>Start a container: name text, attempt i32, flags u8 (1 terminal, 2 input), log file text, then the <see cref="ContainerSpec"/> as JSON to the end. Answer: Done or Refused.</summary>
    Start = 1,

    /// <summary>Signal a container's first process: name text, signal i32. Answer: Done or Refused.</summary>
    Signal = 2,

    /// <summary>Ask for all states. Answer: State for each container, then Done.</summary>
    Status = 3,

    /// <summary>Ask for all states, and each change from then on. Answer: State for each container, Done, then State for ever.</summary>
    Watch = 4,

    /// <summary>Run a command in a container: name text, flags u8 (1 terminal, 2 input), columns u16, rows u16, command list. Answer: Refused, or Done once it is executed, Output and Errors, at last Ended.</summary>
    Execute = 5,

    /// <summary>SIGKILL to every process of every container. Answer: Done, when they are told. The pod goes on.</summary>
    StopAll = 6,

    /// <summary>StopAll, and when all have ended: Done, and the pod ends.</summary>
    Shutdown = 7,

    /// <summary>Bytes for the program's standard input.</summary>
    Input = 8,

    /// <summary>There will be no more input.</summary>
    InputEnd = 9,

    /// <summary>The terminal's new size: columns u16, rows u16.</summary>
    Resize = 10,

    /// <summary>Be there while a container runs: name text. Answer: Refused, or Done, from then on Output and Errors, at last Ended. What a client is too slow for is left out, and said.</summary>
    Attach = 11,

    /// <summary>The request is done.</summary>
    Done = 64,

    /// <summary>The request is refused: errno i32 (0 if the kernel was not asked), reason text. The connection ends.</summary>
    Refused = 65,

    /// <summary>A <see cref="ContainerState"/>.</summary>
    State = 66,

    /// <summary>Bytes of the program's standard output.</summary>
    Output = 67,

    /// <summary>Bytes of its standard error.</summary>
    Errors = 68,

    /// <summary>The program has ended and all output is sent: exit code i32, signal i32. The connection ends.</summary>
    Ended = 69,
}

/// <summary>What comes before a payload: its length as u32, and the kind as u8.</summary>
/// <param name="Kind">What it means; perhaps a number that has no name.</param>
/// <param name="Length">Bytes of payload that follow.</param>
public readonly record struct PodFrameHeader(PodFrame Kind, int Length)
{
    /// <summary>Bytes of a header.</summary>
    public const int SizeBytes = 5;

    /// <summary>The longest payload of a request. A specification with its environment is the largest.</summary>
    public const int MostRequestBytes = 1 << 20;

    /// <summary>The longest payload of anything else.</summary>
    public const int MostBytes = 64 << 10;

    /// <summary>Reads one; false if there are not bytes enough.</summary>
    /// <exception cref="PodProtocolException">It announces more than is allowed.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PodFrameHeader header)
    {
        header = default;
        if (bytes.Length < SizeBytes)
        {
            return false;
        }
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        var kind = (PodFrame)bytes[4];
        if (length > (kind is PodFrame.Start or PodFrame.Execute ? MostRequestBytes : MostBytes))
        {
            throw new PodProtocolException($"a frame of {length} bytes");
        }
        header = new(kind, (int)length);
        return true;
    }

    /// <summary>Writes it to the first five bytes.</summary>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)Length);
        target[4] = (byte)Kind;
    }
}

/// <summary>The other side does not speak the pod's protocol.</summary>
public sealed class PodProtocolException(string message) : Exception(message);
