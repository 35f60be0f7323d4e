using System.Diagnostics;
using System.Text.Json;
using Katabira.Tests.Support;

namespace Katabira.EndToEnd.Support;

/// <summary>A cluster with pods in a home of its own, through <c>katabira cluster</c>. One owner disposes it, which deletes the cluster.</summary>
internal sealed class CommandLineCluster : IAsyncDisposable
{
    private static readonly string s_program = Repository.PathTo("artifacts/bin/katabira/release/katabira");

    private readonly TemporaryFolder _folder = new();
    private bool _isDeleted;

    private CommandLineCluster()
    {
    }

    /// <summary>What is <c>$KATABIRA_HOME</c>.</summary>
    public string Home => _folder.PathTo("home");

    public string Kubeconfig => Path.Combine(Home, "kubeconfig");

    /// <param name="prepare">Does something with the home, an empty folder, before the cluster is made in it.</param>
    public static async Task<CommandLineCluster> CreateAsync(CancellationToken cancellation, Func<string, Task>? prepare = null)
    {
        var cluster = new CommandLineCluster();
        Directory.CreateDirectory(cluster.Home);
        try
        {
            await (prepare?.Invoke(cluster.Home) ?? Task.CompletedTask);
            await cluster.RunAsync(["cluster", "create"], cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A field of <c>cluster status -o json</c>.</summary>
    public async Task<string> StatusAsync(string field, CancellationToken cancellation)
    {
        using var status = JsonDocument.Parse(await RunAsync(["cluster", "status", "-o", "json"], cancellation));
        return $"{status.RootElement.GetProperty(field)}";
    }

    /// <summary>Runs the command line; its standard output.</summary>
    /// <exception cref="InvalidOperationException">It failed, and says why.</exception>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(s_program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = _folder.Path;
        start.Environment["KATABIRA_HOME"] = Home;
        start.Environment.Remove("KUBECONFIG");
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"katabira {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}{await errors}");
    }

    /// <summary>Deletes the cluster, before its owner disposes it.</summary>
    public async Task DeleteAsync()
    {
        await RunAsync(["cluster", "delete"], CancellationToken.None);
        _isDeleted = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isDeleted)
        {
            await DeleteAsync();
        }
        Leftovers.ExpectNone(Home);
        _folder.Dispose();
    }
}
