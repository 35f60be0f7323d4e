namespace Katabira.EndToEnd.Support;

/// <summary>What a program left behind.</summary>
internal sealed record Outcome(int ExitCode, string Stdout, string Stderr);
