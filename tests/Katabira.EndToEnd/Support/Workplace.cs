using System.Diagnostics;

namespace Katabira.EndToEnd.Support;

/// <summary>
/// A user at a shell: a home of their own, so that nothing of this machine's user is read or written, a kubeconfig, and in PATH one
/// kubectl, helm and the tools every system has. One command at a time.
/// </summary>
internal sealed class Workplace : IDisposable
{
    /// <summary>Only a net: every command ends by itself, and the slowest takes seconds on a busy machine.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly TemporaryFolder _home = new();
    private readonly Dictionary<string, string> _environment;

    /// <param name="kubeconfig">Path of the kubeconfig; it is copied, so that <c>kubectl config</c> may write to it.</param>
    /// <param name="kubectlVersion">One of those in <c>artifacts/clients/kubectl</c>.</param>
    public Workplace(string kubeconfig, string kubectlVersion)
    {
        File.CreateSymbolicLink(_home.PathTo("kubectl"), Clients.Kubectl(kubectlVersion));
        File.CreateSymbolicLink(_home.PathTo("helm"), Clients.Helm);
        _environment = new(StringComparer.Ordinal)
        {
            ["HOME"] = Home,
            ["PATH"] = $"{Home}:/usr/local/bin:/usr/bin:/bin",
            ["KUBECONFIG"] = _home.Write("kubeconfig", File.ReadAllText(kubeconfig)),
            ["LANG"] = "C.UTF-8",
            ["TZ"] = "UTC",
        };
    }

    public string Home => _home.Path;

    public void Set(string variable, string value) => _environment[variable] = value;

    /// <summary>Runs a script of bash in the home and waits for its end.</summary>
    public Task<Outcome> RunAsync(string script, CancellationToken cancellation) => RunAsync("bash", ["-c", script], cancellation);

    public async Task<Outcome> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Home,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (variable, value) in _environment)
        {
            start.Environment[variable] = value;
        }
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(s_patience);
        var stdout = process.StandardOutput.ReadToEndAsync(patience.Token);
        var stderr = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return new Outcome(process.ExitCode, await stdout, await stderr);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            return new Outcome(-1, "", $"no end within {s_patience.TotalSeconds} s: {string.Join(' ', arguments)}");
        }
    }

    public void Dispose() => _home.Dispose();
}
