using System.Diagnostics;
using System.Text.Json;
using Katabira.EndToEnd.Support;
using Katabira.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedPodCluster))]

namespace Katabira.EndToEnd.Support;

/// <summary>
/// The one cluster with pods, made by the command line as a person makes it, when the first test asks for it. Tests keep out of each other's way by
/// namespaces. At its end nothing of it may be left on the machine.
/// </summary>
public sealed class SharedPodCluster : IAsyncLifetime
{
    private readonly SemaphoreSlim _turn = new(1);
    private CommandLineCluster? _cluster;

    public ValueTask InitializeAsync() => default;

    internal async Task<CommandLineCluster> GetAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return _cluster ??= await CommandLineCluster.CreateAsync(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
        _turn.Dispose();
    }
}

/// <summary>A cluster with pods in a home of its own, through <c>katabira cluster</c>. One owner disposes it, which deletes the cluster.</summary>
internal sealed class CommandLineCluster : IAsyncDisposable
{
    private static readonly string s_program = Repository.PathTo("artifacts/bin/katabira/release/katabira");

    private readonly TemporaryFolder _folder = new();

    private CommandLineCluster()
    {
    }

    /// <summary>What is <c>$KATABIRA_HOME</c>.</summary>
    public string Home => _folder.PathTo("home");

    public string Kubeconfig => Path.Combine(Home, "kubeconfig");

    public static async Task<CommandLineCluster> CreateAsync(CancellationToken cancellation)
    {
        var cluster = new CommandLineCluster();
        try
        {
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

    public async ValueTask DisposeAsync()
    {
        await RunAsync(["cluster", "delete"], CancellationToken.None);
        Leftovers.ExpectNone(Home);
        _folder.Dispose();
    }
}
