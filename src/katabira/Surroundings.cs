namespace Katabira.Cli;

/// <summary>What a run finds around it: a process has one, and tests make their own.</summary>
/// <param name="Variable">Reads an environment variable; null if it is not set.</param>
/// <param name="Input">What a person answers.</param>
/// <param name="IsInteractive">Whether there is a person to ask: questions go to stderr, answers come from stdin, and both are a terminal.</param>
/// <param name="Time">The clock.</param>
internal sealed record Surroundings(Func<string, string?> Variable, TextReader Input, bool IsInteractive, TimeProvider Time)
{
    /// <summary>Where programs are, besides the person's PATH: it may leave out those for administrators.</summary>
    public IReadOnlyList<string> ProgramFolders { get; init; } = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>Whether this process may do everything.</summary>
    public bool IsRoot { get; init; } = Environment.IsPrivilegedProcess;

    public static Surroundings OfThisProcess() => new(
        Environment.GetEnvironmentVariable, Console.In, !Console.IsInputRedirected && !Console.IsErrorRedirected, TimeProvider.System);

    /// <summary>A variable's value; null if it is not set or empty, which means the same.</summary>
    public string? Setting(string name) => Variable(name) is { Length: > 0 } value ? value : null;

    /// <summary>The home folder of the person. Never empty.</summary>
    public string UserHome() =>
        Setting("HOME")
        ?? (Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? home : throw new Refusal("this user has no home folder", "set HOME"));
}
