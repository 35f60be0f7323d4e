using System.Diagnostics;
using System.Text;
using Katabira.Cluster.Node;
using Katabira.Net.Pods;
using Xunit;

namespace Katabira.PodTests;

/// <summary>A pod of its own, in a folder of its own, gone at the end of the test.</summary>
internal sealed class PodHouse : IAsyncDisposable
{
    public const string SearchPath = "PATH=/usr/local/bin:/usr/bin:/bin";

    private PodHouse(string folder) => Folder = folder;

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public string Folder { get; }

    public string Socket => Folder + "/s";

    public PodProcess Pod { get; private set; } = null!; // set by OpenAsync, which alone makes one

    /// <summary>Null where the kernel or a lack of root forbids namespaces; then the reason is in the test's output, and there is nothing to try.</summary>
    public static async Task<PodHouse?> OpenAsync()
    {
        if (await IsForbiddenAsync())
        {
            return null;
        }
        var house = new PodHouse(Directory.CreateTempSubdirectory("ktb").FullName);
        house.Pod = await PodProcess.LaunchAsync(
            PodProgram.Path, new PodSpec { Folder = house.Folder, Socket = house.Socket, HostName = "pod-a", NetworkNamespace = "/proc/self/ns/net" }, Cancel);
        return house;
    }

    public ContainerSpec Spec(string name, string script) => new()
    {
        Name = name,
        Command = ["sh", "-c", script],
        Environment = [SearchPath],
        LogFile = LogFile(name),
    };

    public string LogFile(string name) => $"{Folder}/{name}.log";

    /// <summary>The text of the lines of one stream of a container's log.</summary>
    public string[] Log(string name, string stream = "stdout") =>
        [.. File.ReadAllLines(LogFile(name)).Select(l => l.Split(' ', 4)).Where(l => l[1] == stream).Select(l => l[3])];

    public Task<ContainerState> RunAsync(string name, string script) => RunAsync(Spec(name, script));

    /// <summary>Starts a container and waits for its end.</summary>
    public async Task<ContainerState> RunAsync(ContainerSpec spec)
    {
        await Pod.StartAsync(spec, Cancel);
        return await UntilAsync(spec.Name, state => state.IsOver);
    }

    /// <summary>Starts a container that waits to be killed.</summary>
    public async Task<ContainerState> StartAsync(string name, string script = "exec sleep 1000")
    {
        await Pod.StartAsync(Spec(name, script), Cancel);
        return await UntilAsync(name, state => state.Phase == ContainerPhase.Running);
    }

    public async Task<ContainerState> UntilAsync(string name, Func<ContainerState, bool> condition)
    {
        await foreach (var state in Pod.WatchAsync(Cancel))
        {
            if (state.Name == name && condition(state))
            {
                return state;
            }
        }
        throw new InvalidOperationException("a watch has no end");
    }

    public async Task<(CommandEnd End, string Output, string Errors)> ExecuteAsync(string name, params string[] command)
    {
        using var running = await Pod.ExecuteAsync(name, command, input: false, terminal: null, Cancel);
        return await ReadAsync(running);
    }

    public static async Task<(CommandEnd End, string Output, string Errors)> ReadAsync(PodCommand running)
    {
        using MemoryStream output = new(), errors = new();
        var end = await running.CopyToAsync(output, errors, Cancel);
        return (end, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(errors.ToArray()));
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Pod.ShutdownAsync(CancellationToken.None);
        }
        catch (PodGoneException)
        {
            // the test has ended it
        }
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Whether there can be no pods here; the reason is then in the test's output.</summary>
    public static async Task<bool> IsForbiddenAsync()
    {
        if (await WhyForbiddenAsync() is not { } why)
        {
            return false;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"nothing was tried: {why}");
        Console.Error.WriteLine($"{TestContext.Current.Test?.TestDisplayName}: nothing was tried: {why}");
        return true;
    }

    private static async Task<string?> WhyForbiddenAsync()
    {
        const string Trial = "exec unshare --mount --uts --ipc --pid --fork sh -c 'mount -t tmpfs none /mnt && mount -t proc proc /proc'";
        using var trial = Process.Start(new ProcessStartInfo("sh", ["-c", Trial]) { RedirectStandardError = true })!; // sh is everywhere
        var errors = await trial.StandardError.ReadToEndAsync(Cancel);
        await trial.WaitForExitAsync(Cancel);
        return trial.ExitCode == 0 ? null : $"namespaces and mounts are forbidden here, as root and on a usual kernel they are not: {errors.Trim()}";
    }
}
