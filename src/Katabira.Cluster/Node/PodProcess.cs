using System.Diagnostics;
using System.Runtime.CompilerServices;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node;

/// <summary>
/// A pod, by the path of its socket. Each request has a connection of its own, so there is nothing to reconnect: who knows the path after a restart
/// goes on. Safe for use by several threads. Every method throws <see cref="PodGoneException"/> where nobody listens, or the pod ends meanwhile,
/// and <see cref="PodRefusedException"/> with the pod's reason.
/// </summary>
internal sealed class PodProcess(string socketPath)
{
    /// <summary>At most 107 bytes.</summary>
    public string SocketPath { get; } = socketPath;

    /// <summary>Starts a pod without containers, and returns when it listens. The pod is nobody's child, and outlives this process.</summary>
    /// <param name="program">The file of <c>katabira-pod</c>.</param>
    /// <exception cref="PodRefusedException">It cannot start, and says why.</exception>
    public static async Task<PodProcess> LaunchAsync(string program, PodSpec pod, CancellationToken cancel)
    {
        Directory.CreateDirectory(pod.Folder);
        var file = Path.Combine(pod.Folder, "pod.json");
        await File.WriteAllBytesAsync(file, PodSpecs.Write(pod), cancel);
        using var launch = Process.Start(new ProcessStartInfo(program, ["run", file]) { RedirectStandardError = true })
            ?? throw new PodRefusedException(0, $"{program} does not start");
        var errors = await launch.StandardError.ReadToEndAsync(cancel);
        await launch.WaitForExitAsync(cancel);
        return launch.ExitCode == 0 ? new PodProcess(pod.Socket) : throw new PodRefusedException(0, errors.Trim());
    }

    /// <summary>The states that a pod wrote last, also when it is gone; null if there is no such file, or it is damaged.</summary>
    /// <param name="folder">The pod's <see cref="PodSpec.Folder"/>.</param>
    public static async Task<IReadOnlyList<ContainerState>?> ReadStateFileAsync(string folder, CancellationToken cancel)
    {
        try
        {
            return StateFile.Parse(await File.ReadAllTextAsync(Path.Combine(folder, StateFile.Name), cancel));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Starts a container. It returns when its process is there; whether the program runs is seen in its state.</summary>
    public async Task StartAsync(ContainerSpec container, CancellationToken cancel)
    {
        var writer = new PayloadWriter().Begin(PodFrame.Start);
        writer.Text(container.Name);
        writer.Number(container.Attempt);
        writer.Byte(Flags(container.Terminal, container.Input));
        writer.Text(container.LogFile);
        writer.Bytes(PodSpecs.Write(container));
        await AskAsync(writer.End(), cancel);
    }

    /// <summary>Sends a signal to the first process of a container. Its program ignores those it has no handler for, but SIGKILL, as in every container.</summary>
    public async Task SignalAsync(string container, int signal, CancellationToken cancel)
    {
        var writer = new PayloadWriter().Begin(PodFrame.Signal);
        writer.Text(container);
        writer.Number(signal);
        await AskAsync(writer.End(), cancel);
    }

    /// <summary>The states of all containers at this moment.</summary>
    public async Task<IReadOnlyList<ContainerState>> StatesAsync(CancellationToken cancel) =>
        await AskAsync(new PayloadWriter().Begin(PodFrame.Status).End(), cancel);

    /// <summary>The states of all containers, then each change as it happens; it ends only by cancelling, or with <see cref="PodGoneException"/>.</summary>
    public async IAsyncEnumerable<ContainerState> WatchAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        using var connection = await PodConnection.OpenAsync(SocketPath, cancel);
        await connection.SendAsync(new PayloadWriter().Begin(PodFrame.Watch).End().Written, cancel);
        while (true)
        {
            var frame = await connection.ReadAsync(cancel);
            if (frame.Kind == PodFrame.State)
            {
                yield return StateOf(frame);
            }
        }
    }

    /// <summary>Runs a command in a running container, as the container's user and with its environment. Returns when it is executed.</summary>
    /// <param name="input">Whether anything will be written to it; else its input is empty.</param>
    /// <param name="terminal">The size of the terminal that it gets; null for none. With one, errors are part of the output.</param>
    public async Task<PodCommand> ExecuteAsync(
        string container, IReadOnlyList<string> command, bool input, TerminalSize? terminal, CancellationToken cancel)
    {
        var writer = new PayloadWriter().Begin(PodFrame.Execute);
        writer.Text(container);
        writer.Byte(Flags(terminal is not null, input));
        writer.Number16(terminal?.Columns ?? 0);
        writer.Number16(terminal?.Rows ?? 0);
        writer.Texts(command);
        return await BeginAsync(writer.End(), cancel);
    }

    /// <summary>
    /// Is there while a container runs: hears what its program writes from now on, and its end; writes to it, if the container has <see cref="ContainerSpec.Input"/>.
    /// A reader that is slow misses output, and is told how much; it never holds the program back. Disposing it leaves the container as it is;
    /// <see cref="PodCommand.EndInputAsync"/> is for good and for all who are attached.
    /// </summary>
    public async Task<PodCommand> AttachAsync(string container, CancellationToken cancel)
    {
        var writer = new PayloadWriter().Begin(PodFrame.Attach);
        writer.Text(container);
        return await BeginAsync(writer.End(), cancel);
    }

    /// <summary>SIGKILL to every process of every container. The pod goes on.</summary>
    public async Task StopAllAsync(CancellationToken cancel) => await AskAsync(new PayloadWriter().Begin(PodFrame.StopAll).End(), cancel);

    /// <summary>The same, and the pod ends. Returns when every container has ended and its state is in the file.</summary>
    public async Task ShutdownAsync(CancellationToken cancel) => await AskAsync(new PayloadWriter().Begin(PodFrame.Shutdown).End(), cancel);

    /// <summary>The pod's process id as this process sees it. With SIGKILL to it, everything in the pod ends.</summary>
    public async Task<int> ProcessIdAsync(CancellationToken cancel)
    {
        using var connection = await PodConnection.OpenAsync(SocketPath, cancel);
        return connection.PeerProcessId();
    }

    private static byte Flags(bool terminal, bool input) => (byte)((terminal ? 1 : 0) | (input ? 2 : 0));

    private static ContainerState StateOf(PodReply frame)
    {
        var reader = new PayloadReader(frame.Payload.Span);
        return ContainerState.Read(ref reader);
    }

    private async Task<PodCommand> BeginAsync(PayloadWriter request, CancellationToken cancel)
    {
        var connection = await PodConnection.OpenAsync(SocketPath, cancel);
        try
        {
            await connection.SendAsync(request.Written, cancel);
            var answer = await connection.ReadAsync(cancel);
            return answer.Kind == PodFrame.Done ? new PodCommand(connection) : throw new PodProtocolException($"the frame {answer.Kind} before a command runs");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private async Task<List<ContainerState>> AskAsync(PayloadWriter request, CancellationToken cancel)
    {
        using var connection = await PodConnection.OpenAsync(SocketPath, cancel);
        await connection.SendAsync(request.Written, cancel);
        var states = new List<ContainerState>();
        while (true)
        {
            var frame = await connection.ReadAsync(cancel);
            if (frame.Kind == PodFrame.Done)
            {
                return states;
            }
            states.Add(StateOf(frame));
        }
    }
}

/// <summary>Characters across and down.</summary>
internal readonly record struct TerminalSize(ushort Columns, ushort Rows);

/// <summary>Nobody listens at the pod's socket, or the pod ended before it answered.</summary>
internal sealed class PodGoneException(string socketPath, Exception? cause) : IOException($"the pod at {socketPath} is gone", cause);

/// <summary>The pod did not do it.</summary>
/// <param name="errno">What the kernel said; 0 if it was not asked.</param>
/// <param name="reason">For people, e.g. <c>exec: "curl": executable file not found in $PATH</c>.</param>
internal sealed class PodRefusedException(int errno, string reason) : Exception(reason)
{
    public int Errno { get; } = errno;
}
