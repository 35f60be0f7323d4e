using System.Diagnostics;
using System.Globalization;

namespace Katabira.Benchmarks.Api;

/// <summary>A server in a process of its own. One owner starts and disposes it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, Uri address, Credentials credentials) => (_process, Address, Credentials) = (process, address, credentials);

    public Uri Address { get; }

    /// <summary>The administrator's.</summary>
    public Credentials Credentials { get; }

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<ServerProcess> StartAsync(string home)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [ServerMode.Name, home]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        var address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"the server in {home} ended before it was ready");
        return new(process, new(address), Credentials.Read(ServerMode.KubeconfigOf(home)));
    }

    /// <summary>A connection of its own.</summary>
    public ApiClient Connect() => new(Address, Credentials);

    /// <summary>Bytes allocated on the managed heap since its start.</summary>
    public async Task<long> AllocatedBytesAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        return long.Parse((await _process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
    }

    /// <summary>Processor time since its start, of all its threads.</summary>
    public TimeSpan ProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <summary>Its resident set, in MB.</summary>
    public double ResidentMegabytes()
    {
        _process.Refresh();
        return _process.WorkingSet64 / 1e6;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
