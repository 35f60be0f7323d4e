using System.Collections.Immutable;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Katabira.Cluster.Streams;

namespace Katabira.EndToEnd.Streams;

/// <summary>Runs the commands of every container as processes of this machine, so that real programs are behind the streams that real clients open.</summary>
internal sealed class HostProcesses : PodBackend
{
    public override async Task<ExecOutcome> ExecAsync(JsonObject pod, string container, ImmutableArray<string> command, RemoteWish wish, RemoteIo io, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception cause)
        {
            throw new IOException($"exec failed: {command[0]}: {cause.Message}", cause);
        }
        using (process)
        {
            var input = io.Stdin is { } stdin ? PumpInAsync(stdin, process, cancel) : Task.CompletedTask;
            if (io.Stdin is null)
            {
                process.StandardInput.Close();
            }
            await Task.WhenAll(
                PumpOutAsync(process.StandardOutput.BaseStream, io.WriteStdout, cancel),
                PumpOutAsync(process.StandardError.BaseStream, io.WriteStderr, cancel));
            await process.WaitForExitAsync(cancel);
            _ = input; // a client that still types is told by the end of the command
            return ExecOutcome.Exited(process.ExitCode);
        }
    }

    public override Task<ExecOutcome> AttachAsync(JsonObject pod, string container, RemoteWish wish, RemoteIo io, CancellationToken cancel) =>
        ExecAsync(pod, container, ["cat"], wish, io, cancel);

    public override async Task<Stream> DialAsync(JsonObject pod, int port, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync("127.0.0.1", port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException cause)
        {
            socket.Dispose();
            throw new IOException($"failed to connect to localhost:{port} inside the pod: {cause.Message}", cause);
        }
    }

    public override Task<IAsyncEnumerable<ReadOnlyMemory<byte>>> OpenLogAsync(JsonObject pod, string container, LogWish wish, CancellationToken cancel) =>
        wish.Previous
            ? throw new IOException($"previous terminated container \"{container}\" in pod \"x\" not found")
            : Task.FromResult(Lines(container, wish));

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Lines(string container, LogWish wish)
    {
        for (var i = 1; i <= 3; i++)
        {
            if (wish.TailLines is not { } tail || i > 3 - tail)
            {
                yield return System.Text.Encoding.UTF8.GetBytes($"{container} line {i}\n");
            }
            await Task.Yield();
        }
    }

    private static async Task PumpInAsync(System.IO.Pipelines.PipeReader from, Process to, CancellationToken cancel)
    {
        try
        {
            await from.CopyToAsync(to.StandardInput.BaseStream, cancel);
        }
        catch (IOException)
        {
            // the process has ended and reads no more
        }
        to.StandardInput.Close();
    }

    private static async Task PumpOutAsync(Stream from, RemoteWrite? to, CancellationToken cancel)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            if (to is not null)
            {
                await to(buffer.AsMemory(0, read), cancel);
            }
        }
    }
}
