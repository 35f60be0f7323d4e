namespace Katabira.Cli;

/// <summary>How a run ended, in the numbers that scripts rely on.</summary>
internal static class ExitCode
{
    /// <summary>What was asked for is so.</summary>
    public const int Done = 0;

    /// <summary>It was tried, and did not work.</summary>
    public const int Failed = 1;

    /// <summary>It was not tried: the command line makes no sense (EX_USAGE of sysexits.h).</summary>
    public const int Usage = 64;

    /// <summary>It was asked to end before it was done (as shells say of SIGINT).</summary>
    public const int Interrupted = 130;
}
