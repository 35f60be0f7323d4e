namespace Katabira.EndToEnd.Transcripts;

/// <summary>One command of a transcript and what must come back, with placeholders still in it.</summary>
/// <param name="Line">Where the command stands in its file, from 1.</param>
internal sealed record Step(int Line, string Command, string Stdout, string Stderr, int ExitCode);
