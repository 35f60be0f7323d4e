namespace Katabira.Net.Linux;

/// <summary>What to wait for, and what came (the kernel's POLL… bits).</summary>
[Flags]
public enum Readiness : short
{
    /// <summary>Nothing; errors and hang-ups are reported all the same.</summary>
    None = 0,

    /// <summary>Reading does not wait.</summary>
    Read = 1,

    /// <summary>Writing does not wait.</summary>
    Write = 4,

    /// <summary>Something is wrong with it.</summary>
    Error = 8,

    /// <summary>The other end is gone.</summary>
    HangUp = 16,
}

/// <summary>One row for <see cref="Polling.Wait"/>, as the kernel lays it out.</summary>
/// <param name="Descriptor">Which; one below 0 is passed over.</param>
/// <param name="Wanted">What to wait for.</param>
/// <param name="Came">Written by the kernel.</param>
public record struct Interest(int Descriptor, Readiness Wanted, Readiness Came = Readiness.None);

/// <summary>Waiting for descriptors. For the few dozen of a small process, where epoll would only be more code.</summary>
public static unsafe class Polling
{
    /// <summary>Waits until one is ready; a signal ends the wait too, with nothing ready.</summary>
    /// <param name="timeoutMilliseconds">-1 for as long as it takes.</param>
    public static Errno Wait(Span<Interest> interests, int timeoutMilliseconds)
    {
        fixed (Interest* start = interests)
        {
            var error = Errno.Of(Libc.Poll(start, (nuint)interests.Length, timeoutMilliseconds));
            return error == Errno.Interrupted ? Errno.None : error;
        }
    }
}
