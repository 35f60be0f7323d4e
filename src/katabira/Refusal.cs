namespace Katabira.Cli;

/// <summary>Something was asked for that cannot be, and why. Ends at the boundary of the command line, as a message and hints.</summary>
/// <param name="message">What is the matter: lower case, no period.</param>
/// <param name="hints">What to do about it, one step each.</param>
internal sealed class Refusal(string message, params string[] hints) : Exception(message)
{
    /// <summary>What to do about it, in order.</summary>
    public IReadOnlyList<string> Hints => hints;

    /// <summary>How the run ends.</summary>
    public int ExitCode { get; init; } = Cli.ExitCode.Failed;
}
