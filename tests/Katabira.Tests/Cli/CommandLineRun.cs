using Katabira.Cli;

namespace Katabira.Tests.Cli;

/// <summary>One run of the command line in memory: how it ended and what it said.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Error)
{
    public static async Task<CommandLineRun> OfAsync(params string[] args)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        var code = await new CommandLine(output, error).RunAsync(args);
        return new(code, output.ToString(), error.ToString());
    }
}
