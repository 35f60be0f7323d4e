using System.Diagnostics;
using Katabira.Cli.Clusters.Hosts;
using Katabira.Cli.Clusters.Logs;
using Katabira.Cluster.Node;

namespace Katabira.Cli.Clusters.Processes;

/// <summary>Starts <c>katabira cluster serve</c> so that it outlives whoever starts it, and waits until it is ready.</summary>
/// <param name="home">Whose cluster.</param>
/// <param name="surroundings">What the run finds around it.</param>
internal sealed class Launcher(ClusterHome home, Surroundings surroundings)
{
    /// <summary>What the serving process prints before the address, once it answers.</summary>
    public const string Ready = "ready ";

    /// <summary>More than a start takes on the slowest machine with the largest store.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A session of its own, so that closing the terminal or Ctrl-C does not reach it. Files that the caller's shell holds open are closed, because
    /// whoever waits for their end (a lock, a pipe of a script) would wait for the cluster's.
    /// </summary>
    private const string Script = "exec setsid \"$@\" </dev/null 2>\"$0\" 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-";

    /// <summary>Starts it and returns when it answers.</summary>
    /// <param name="program">The executable.</param>
    /// <exception cref="LaunchException">It ended before it was ready.</exception>
    public async Task<Uri> StartAsync(string program, CancellationToken cancellation)
    {
        var logged = new FileInfo(home.Log) is { Exists: true, Length: var length } ? length : 0;
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, home.Errors, program, "cluster", "serve", "--detached"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = home.Folder,
        };
        start.Environment["KATABIRA_HOME"] = home.Path;
        start.Environment["PATH"] = Preflight.SearchPath(surroundings);
        // Whoever asked for root is nobody the cluster or its pods should know.
        foreach (var name in (string[])["SUDO_UID", "SUDO_GID", "SUDO_USER", "SUDO_COMMAND"])
        {
            start.Environment.Remove(name);
        }
        await File.WriteAllBytesAsync(home.Errors, [], cancellation);
        PodFileOwner.FollowFolder(home.Errors);
        using var process = Process.Start(start)!;
        using var bound = new CancellationTokenSource(s_patience, surroundings.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellation);
        try
        {
            // The pipe tells all there is to know: a line when it is ready, its end when the process has ended.
            var line = await process.StandardOutput.ReadLineAsync(either.Token);
            if (line?.StartsWith(Ready, StringComparison.Ordinal) == true)
            {
                return new Uri(line[Ready.Length..]);
            }
            await process.WaitForExitAsync(either.Token);
            throw new LaunchException($"the cluster ended with status {process.ExitCode} before it was ready", LastWords(logged));
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            File.Delete(home.Serve);
            cancellation.ThrowIfCancellationRequested();
            throw new LaunchException($"the cluster was not ready after {s_patience.TotalSeconds} s, and was ended", LastWords(logged));
        }
    }

    private IReadOnlyList<string> LastWords(long logged) => [.. Tail(home.Log, logged), .. Tail(home.Errors, 0)];

    private static IReadOnlyList<string> Tail(string path, long offset) => LogReader.Since(path, offset, most: 10);
}

/// <summary>A cluster did not come up.</summary>
/// <param name="message">What happened.</param>
/// <param name="lastWords">The last lines it logged.</param>
internal sealed class LaunchException(string message, IReadOnlyList<string> lastWords) : Exception(message)
{
    public IReadOnlyList<string> LastWords => lastWords;
}
