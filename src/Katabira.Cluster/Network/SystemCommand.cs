using System.ComponentModel;
using System.Diagnostics;

namespace Katabira.Cluster.Network;

/// <summary>Runs the programs that set up the network: <c>ip</c>, <c>nft</c>, <c>nsenter</c>. No shell in between, so nothing needs quoting.</summary>
internal static class SystemCommand
{
    /// <summary>None of them waits for anything but the kernel.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="input">What it reads; nothing if empty.</param>
    /// <returns>What it wrote on stdout.</returns>
    /// <exception cref="NetworkException">It is not there, failed, or took longer than 30 s; it says what it said.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, string input, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(s_patience);
        using var process = Start(start);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
            await WriteAsync(process, input, patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0 ? await output : throw new NetworkException($"{Line(start)}: {Reason(await error, process.ExitCode)}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            throw new NetworkException($"{Line(start)}: no end after {s_patience.TotalSeconds} s");
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new NetworkException($"cannot start {start.FileName}");
        }
        catch (Win32Exception e)
        {
            throw new NetworkException($"cannot start {start.FileName}: {e.Message}", e);
        }
    }

    private static async Task WriteAsync(Process process, string input, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // it ended without reading all; its exit code and its words say why
        }
    }

    private static string Line(ProcessStartInfo start) => $"{start.FileName} {string.Join(' ', start.ArgumentList)}";

    private static string Reason(string error, int code) => error.Trim() is { Length: > 0 } said ? said : $"exit code {code}";
}
