using Katabira.Net.Linux;

namespace Katabira.Pod;

/// <summary>One output of a program: what is read goes to a taker, as long as the taker has room.</summary>
/// <param name="descriptor">The pipe's reading end, or a terminal; owned by this.</param>
/// <param name="take">Called with what was read; the bytes are valid until it returns.</param>
/// <param name="hasRoom">Whether more may be read at this moment.</param>
internal sealed class OutputPipe(Descriptor descriptor, byte[] buffer, OutputPipe.Take take, Func<bool> hasRoom) : IWatched
{
    public delegate void Take(ReadOnlySpan<byte> bytes);

    public int Number => descriptor.IsOpen && hasRoom() ? descriptor.Number : -1;

    public bool IsOpen => descriptor.IsOpen;

    public Readiness Wanted => Readiness.Read;

    public void Ready(Readiness came) => TryRead();

    /// <summary>Reads all that is there at this moment, and closes it if <paramref name="close"/>. False if the taker had no room for all.</summary>
    public bool Drain(bool close)
    {
        while (descriptor.IsOpen && hasRoom() && TryRead())
        {
        }
        var drained = !descriptor.IsOpen || hasRoom();
        if (close && drained)
        {
            descriptor.Dispose();
        }
        return drained;
    }

    public void Close() => descriptor.Dispose();

    private bool TryRead()
    {
        var error = Files.Read(descriptor.Number, buffer, out var count);
        if (error == Errno.WouldBlock || error == Errno.Interrupted)
        {
            return false;
        }
        if (error.IsError || count == 0)
        {
            // a terminal whose programs are gone ends with an input/output error
            descriptor.Dispose();
            return false;
        }
        take(buffer.AsSpan(0, count));
        return true;
    }
}
