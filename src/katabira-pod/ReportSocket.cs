using Katabira.Net.Linux;
using Katabira.Pod.Stages;

namespace Katabira.Pod;

/// <summary>Hears from a stage until it has become its program, or has failed.</summary>
/// <param name="terminal">Called with the outer end of the terminal, which is then the taker's.</param>
/// <param name="over">Called once: null if the program runs, else why it does not.</param>
internal sealed class ReportSocket(Descriptor socket, PollLoop loop, Action<Descriptor> terminal, Action<Report?> over) : IWatched
{
    private Report? _failure;

    public int Number => socket.Number;

    public Readiness Wanted => Readiness.Read;

    public void Ready(Readiness came) => Read();

    /// <summary>Hears what is left; when the process is gone, that is everything.</summary>
    public void Finish()
    {
        while (socket.IsOpen && Read())
        {
        }
    }

    private bool Read()
    {
        Span<byte> message = stackalloc byte[Report.MostBytes];
        var error = UnixSockets.Receive(socket.Number, message, out var count, out var descriptor);
        if (error == Errno.WouldBlock || error == Errno.Interrupted)
        {
            return false;
        }
        if (error.IsError || count == 0)
        {
            socket.Dispose();
            loop.Remove(this);
            over(_failure);
            return false;
        }
        if (descriptor is not null)
        {
            terminal(descriptor);
        }
        else if (Report.Read(message[..count]) is { Failure: not null } failure)
        {
            _failure = failure;
        }
        return true;
    }
}
