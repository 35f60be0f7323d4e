using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Katabira.Cluster.Network;
using Katabira.Cluster.Node.Agent;
using Katabira.Cluster.Resources;
using Katabira.Cluster.Streams;
using Katabira.Net.Linux;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Streams;

/// <summary>Goes into the pods of this machine for the API: by their sockets, their log files and their network namespaces. Thread-safe.</summary>
/// <param name="find">The network of a pod; null if it has none.</param>
internal sealed class NodeBackend(string home, Func<JsonObject, CancellationToken, Task<PodNetwork?>> find, TimeProvider time) : PodBackend
{
    private static readonly Node.TerminalSize s_usualSize = new(80, 24);

    public override async Task<ExecOutcome> ExecAsync(
        JsonObject pod, string container, ImmutableArray<string> command, RemoteWish wish, RemoteIo io, CancellationToken cancel)
    {
        var process = new PodProcess(FolderOf(pod).Socket);
        using var running = await OpenAsync(container, () => process.ExecuteAsync(container, command, io.Stdin is not null, wish.Tty ? s_usualSize : null, cancel));
        return await CarryAsync(running, io, endsInput: true, cancel);
    }

    public override async Task<ExecOutcome> AttachAsync(JsonObject pod, string container, RemoteWish wish, RemoteIo io, CancellationToken cancel)
    {
        var process = new PodProcess(FolderOf(pod).Socket);
        using var running = await OpenAsync(container, () => process.AttachAsync(container, cancel));
        // whoever attaches next may write too, unless the author wants one to be the last
        var isOnce = ContainerPart.Of(pod).FirstOrDefault(p => p.Name == container)?.Spec.Flag("stdinOnce") ?? false;
        return await CarryAsync(running, io, isOnce, cancel);
    }

    public override async Task<Stream> DialAsync(JsonObject pod, int port, CancellationToken cancel)
    {
        var network = await find(pod, cancel) ?? throw new IOException($"pod {pod.NameOf()} is not running");
        Socket? socket = null;
        try
        {
            using var inside = await NetworkNamespace.EnterAsync(network.Namespace);
            socket = await inside.CreateSocketAsync(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.NoDelay = true;
            await socket.ConnectAsync(IPAddress.Loopback, port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e) when (e is SocketException or System.ComponentModel.Win32Exception)
        {
            socket?.Dispose();
            throw new IOException($"failed to connect to localhost:{port} inside the pod's network namespace: {e.Message}", e);
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }

    public override Task<IAsyncEnumerable<ReadOnlyMemory<byte>>> OpenLogAsync(JsonObject pod, string container, LogWish wish, CancellationToken cancel)
    {
        var folder = FolderOf(pod);
        var attempts = folder.LoggedAttempts(container);
        if (attempts.Count == 0 && !wish.Previous)
        {
            throw new IOException($"container \"{container}\" in pod \"{pod.NameOf()}\" is waiting to start: {WaitingReason(pod, container)}");
        }
        if (attempts.Count < 2 && wish.Previous)
        {
            throw new IOException($"previous terminated container \"{container}\" in pod \"{pod.NameOf()}\" not found");
        }
        var attempt = attempts[wish.Previous ? 1 : 0];
        var over = wish.Follow && !wish.Previous ? OverAsync(folder, container, attempt, cancel) : Task.CompletedTask;
        return Task.FromResult(new ContainerLog(folder.LogFile(container, attempt), wish, time).ReadAsync(over, cancel));
    }

    private static async Task<PodCommand> OpenAsync(string container, Func<Task<PodCommand>> open)
    {
        try
        {
            return await open();
        }
        catch (PodGoneException e)
        {
            throw new IOException($"container not found (\"{container}\")", e);
        }
        catch (PodRefusedException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Carries bytes both ways until the command has ended and everything it wrote is with the client.</summary>
    private static async Task<ExecOutcome> CarryAsync(PodCommand running, RemoteIo io, bool endsInput, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] inputs = [PumpAsync(io.Stdin, running, endsInput, stop.Token), ResizeAsync(io, running, stop.Token)];
        try
        {
            while (await running.ReadAsync(cancel) is { } piece)
            {
                if ((piece.Kind == PodFrame.Errors ? io.WriteStderr : io.WriteStdout) is { } write)
                {
                    await write(piece.Payload, cancel);
                }
            }
            return ExecOutcome.Exited(running.End?.Code ?? throw new InvalidOperationException("a command without an end"));
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(inputs).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task PumpAsync(PipeReader? from, PodCommand to, bool endsInput, CancellationToken cancel)
    {
        while (from is not null)
        {
            var read = await from.ReadAsync(cancel);
            foreach (var bytes in read.Buffer)
            {
                await to.WriteAsync(bytes, cancel);
            }
            from.AdvanceTo(read.Buffer.End);
            if (!read.IsCompleted)
            {
                continue;
            }
            if (endsInput)
            {
                await to.EndInputAsync(cancel);
            }
            return;
        }
    }

    private static async Task ResizeAsync(RemoteIo io, PodCommand command, CancellationToken cancel)
    {
        await foreach (var size in io.Resizes.ReadAllAsync(cancel))
        {
            await command.ResizeAsync(new(size.Width, size.Height), cancel);
        }
    }

    /// <summary>Ends when a run has, or its pod; never throws.</summary>
    private static async Task OverAsync(PodFolder folder, string container, int attempt, CancellationToken cancel)
    {
        try
        {
            await foreach (var state in new PodProcess(folder.Socket).WatchAsync(cancel))
            {
                if (state.Name == container && (state.Attempt > attempt || (state.Attempt == attempt && state.IsOver)))
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // the pod is gone, or nobody reads any more
        }
    }

    private static string WaitingReason(JsonObject pod, string container) =>
        pod.Child("status").Items("initContainerStatuses").Concat(pod.Child("status").Items("containerStatuses"))
            .FirstOrDefault(s => s.Text("name") == container).Child("state").Child("waiting").Text("reason", "ContainerCreating");

    private PodFolder FolderOf(JsonObject pod) => PodFolder.Of(home, pod.Child("metadata").Text("uid"));
}
