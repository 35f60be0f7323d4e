using System.Diagnostics;
using System.Globalization;

namespace Katabira.Cli.Clusters.Processes;

/// <summary>Ends a serving process, which is not our child, and nobody else.</summary>
/// <param name="home">Whose process: it holds the home's lock.</param>
internal sealed class Signals(ClusterHome home)
{
    /// <summary>For a process that was killed to be gone: the kernel needs no more.</summary>
    private static readonly TimeSpan s_afterKill = TimeSpan.FromSeconds(10);

    /// <summary>Asks a process to end, waits until it has, and kills it if it has not within the patience.</summary>
    /// <returns>False if it had to be killed.</returns>
    public async Task<bool> EndAsync(ProcessIdentity identity, TimeSpan patience, CancellationToken cancellation)
    {
        if (!identity.IsAlive())
        {
            return true;
        }
        var asked = await RunAsync("/bin/sh", ["-c", "kill -TERM \"$0\" 2>/dev/null", Number(identity.Pid)], cancellation) == 0;
        if (!asked && identity.IsAlive())
        {
            throw new Refusal($"process {identity.Pid} does not take our signals: it is somebody else's", "stop it as the user who started it");
        }
        if (await IsGoneAsync(patience, cancellation))
        {
            return true;
        }
        Kill(identity);
        await IsGoneAsync(s_afterKill, cancellation);
        return false;
    }

    private static void Kill(ProcessIdentity identity)
    {
        try
        {
            // The handle comes first: whatever the look at the process says is then about the one that is killed.
            using var process = Process.GetProcessById(identity.Pid);
            if (identity.IsAlive())
            {
                process.Kill();
            }
        }
        catch (ArgumentException)
        {
            // It has ended after all.
        }
    }

    /// <summary>
    /// Waits for the lock, which the kernel gives free when the process ends. The number of a process tells less: it stays until somebody reaps it,
    /// in some containers for ever. The runtime cannot wait for a lock, the tool flock can.
    /// </summary>
    private async Task<bool> IsGoneAsync(TimeSpan patience, CancellationToken cancellation) =>
        await RunAsync("flock", ["--timeout", Number((int)patience.TotalSeconds), home.ServeLock, "true"], cancellation) == 0;

    private static async Task<int> RunAsync(string program, string[] arguments, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        try
        {
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
