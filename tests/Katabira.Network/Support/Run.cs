using System.Diagnostics;

namespace Katabira.Network.Support;

/// <summary>How a program ended.</summary>
internal sealed record Run(int ExitCode, string Output, string Error)
{
    public static async Task<Run> OfAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }

    /// <summary>Runs a program in a network namespace.</summary>
    public static Task<Run> InAsync(string namespacePath, params string[] command) => OfAsync("nsenter", [$"--net={namespacePath}", "--", .. command]);

    /// <summary>The same with curl, which says nothing but what it got.</summary>
    public static Task<Run> CurlAsync(string namespacePath, params string[] arguments) =>
        InAsync(namespacePath, ["curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", "20", .. arguments]);
}
