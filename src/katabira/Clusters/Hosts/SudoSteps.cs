using System.Diagnostics;
using Katabira.Cli.Clusters.Processes;
using Katabira.Cli.Output;

namespace Katabira.Cli.Clusters.Hosts;

/// <summary>The steps, done by root: sudo starts this program again, with the hidden verb <c>as-root</c>. Everything else a verb does stays the person's.</summary>
/// <param name="home">Whose cluster.</param>
/// <param name="surroundings">What the run finds around it.</param>
/// <param name="talk">Hears why root is needed.</param>
internal sealed class SudoSteps(ClusterHome home, Surroundings surroundings, Talk talk) : IHostSteps
{
    private static readonly string[] s_hints =
        ["run it as root, or as somebody whom sudo lets", "katabira cluster create --without-pods serves the API alone, and needs neither"];

    /// <exception cref="Refusal">There is no sudo.</exception>
    public static string FindSudo(Surroundings surroundings) =>
        Preflight.Find("sudo", surroundings)
        ?? throw new Refusal("pods need root, for network namespaces and mounts, and this machine has no sudo", s_hints);

    public async Task<Uri> LaunchAsync(string program, CancellationToken cancellation) => new(await RunAsync(
        "start the cluster: pods need network namespaces and mounts", [RootStep.Launch, program], cancellation));

    public Task EndAsync(CancellationToken cancellation) => RunAsync("end the cluster and its pods, which root started", [RootStep.End], cancellation);

    public Task RemoveAsync(CancellationToken cancellation) =>
        RunAsync("end the cluster and its pods, and remove their namespaces and files", [RootStep.Remove], cancellation);

    private async Task<string> RunAsync(string why, string[] step, CancellationToken cancellation)
    {
        var sudo = FindSudo(surroundings);
        talk.Say($"sudo is needed to {why}");
        // Its input stays the person's, who may be asked for a password, and its errors are what the person reads.
        var start = new ProcessStartInfo(sudo, ["--", "env", .. Variables(), Path.Combine(AppContext.BaseDirectory, "katabira"), "cluster", RootStep.Verb, .. step])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!; // a program by its path
        try
        {
            var answer = await RootAnswer.ReadAsync(process.StandardOutput, cancellation);
            await process.WaitForExitAsync(cancellation);
            return Result(answer, process.ExitCode);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C reaches sudo too, and with it the step.
            process.Kill();
            throw;
        }
    }

    private static string Result(RootAnswer answer, int exitCode) => answer switch
    {
        { Began: false } => throw new Refusal("sudo did not do it, and pods need root", s_hints),
        { Failure: { } failure } when answer.IsLaunch => throw new LaunchException(failure, answer.LastWords),
        { Failure: { } failure } => throw new Refusal(failure, [.. answer.Hints]),
        { Result: { } result } => result,
        _ => throw new Refusal($"the step that sudo started ended with status {exitCode} and without a word"),
    };

    /// <summary>sudo passes none on.</summary>
    private IEnumerable<string> Variables()
    {
        yield return $"KATABIRA_HOME={home.Path}";
        foreach (var name in (string[])["DOTNET_ROOT", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"])
        {
            if (surroundings.Setting(name) is { } value)
            {
                yield return $"{name}={value}";
            }
        }
    }
}
