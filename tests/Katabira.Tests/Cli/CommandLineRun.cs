using Katabira.Cli;

namespace Katabira.Tests.Cli;

/// <summary>One run of the command line in memory: how it ended and what it said.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Error)
{
    /// <summary>In a world without variables and without a person.</summary>
    public static Task<CommandLineRun> OfAsync(params string[] args) => InAsync(Around(("HOME", "/nowhere")), args);

    public static async Task<CommandLineRun> InAsync(Surroundings surroundings, params string[] args)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        var code = await new CommandLine(output, error, surroundings).RunAsync(args);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>A world with these variables and nobody to ask.</summary>
    public static Surroundings Around(params (string Name, string? Value)[] variables) =>
        new(name => variables.FirstOrDefault(v => v.Name == name).Value, TextReader.Null, IsInteractive: false, TimeProvider.System);
}
