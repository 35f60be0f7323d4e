using System.Diagnostics;
using System.Globalization;

namespace Katabira.Benchmarks.Api;

/// <summary>The program that people run, as it was built last.</summary>
internal static class CommandLine
{
    private const string Ready = "ready ";

    private static readonly string s_program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../katabira/release/katabira"));

    /// <summary>Runs <c>katabira cluster serve</c>: how long it takes from the start of the process to the first answer. It ends before this returns.</summary>
    /// <param name="home">What is <c>$KATABIRA_HOME</c> to it.</param>
    public static async Task<TimeSpan> ServeAsync(string home)
    {
        var start = new ProcessStartInfo(s_program, ["cluster", "serve", "--without-pods"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KATABIRA_HOME"] = home;
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync();
        if (line is null || !line.StartsWith(Ready, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{s_program} did not serve: {await errors}");
        }
        using (var client = new ApiClient(new(line[Ready.Length..]), Credentials.Read(Path.Combine(home, "kubeconfig"))))
        {
            await client.GetAsync("healthz");
        }
        var ready = Stopwatch.GetElapsedTime(began);
        using var end = Process.Start("kill", process.Id.ToString(CultureInfo.InvariantCulture));
        await process.WaitForExitAsync();
        return ready;
    }
}
