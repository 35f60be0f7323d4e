using System.Diagnostics;

namespace Katabira.Tests.Cluster.Storage;

/// <summary>Katabira.StoreCrash, running, perhaps wrapped in a shell that takes something away from it.</summary>
internal sealed class CrashProcess : IDisposable
{
    private readonly Process _process;

    private CrashProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} does not start");
    }

    public int Id => _process.Id;

    /// <summary>Built beside the tests, in the same configuration.</summary>
    public static string Executable { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory,
        "../../Katabira.StoreCrash",
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
        "Katabira.StoreCrash"));

    public static CrashProcess Start(params string[] arguments) => new(new ProcessStartInfo(Executable, arguments));

    /// <summary>Runs a script in which <c>"$@"</c> is the program with its arguments. It runs as root of its own mounts.</summary>
    public static CrashProcess StartWithOwnMounts(string script, params string[] arguments) => new(new ProcessStartInfo(
        "unshare", ["--map-root-user", "--mount", "sh", "-ec", script, "sh", Executable, .. arguments]));

    /// <summary>The same without any privilege.</summary>
    public static CrashProcess StartInShell(string script, params string[] arguments) => new(new ProcessStartInfo(
        "bash", ["-ec", script, "bash", Executable, .. arguments]));

    /// <summary>Null at the end of its output.</summary>
    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync();

    public Task<string> ReadErrorsAsync() => _process.StandardError.ReadToEndAsync();

    public void SendLine() => _process.StandardInput.WriteLine();

    /// <summary>SIGKILL: it gets no chance to do anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
