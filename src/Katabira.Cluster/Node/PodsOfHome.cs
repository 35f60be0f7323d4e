using System.Collections.Immutable;
using System.Globalization;
using Katabira.Cluster.Network;
using Katabira.Cluster.Node.ControlGroups;
using Katabira.Net.Linux;

namespace Katabira.Cluster.Node;

/// <summary>
/// What runs and lies about on this machine for the pods of one home, found without asking the cluster: by the processes' own words, by names and by
/// places. So it works also when the cluster has crashed, or its files are gone. Needs root.
/// </summary>
/// <param name="home">The home, absolute; all of the cluster's files are in it.</param>
/// <param name="data">What the cluster was given as its <see cref="ClusterOptions.Home"/>, by which its namespaces are called.</param>
public sealed class PodsOfHome(string home, string data)
{
    private const int Kill = 9;
    private const int Terminate = 15;

    /// <summary>For the kernel to end what was killed.</summary>
    private static readonly TimeSpan s_afterKill = TimeSpan.FromSeconds(10);

    private readonly NamespaceNames _names = NamespaceNames.Of(data);

    /// <summary>How many pods live.</summary>
    public int Count => Living().Count;

    /// <summary>Whether anything is there: processes, namespaces or mounts.</summary>
    public bool Any() => Count > 0 || Namespaces().Count > 0 || MountsBelow(File.ReadAllText("/proc/self/mountinfo"), home).Length > 0;

    /// <summary>Ends every pod: asks the programs, and after <paramref name="grace"/> ends those that go on.</summary>
    /// <returns>How many pods there were.</returns>
    public async Task<int> EndAsync(TimeSpan grace, CancellationToken cancellation)
    {
        var pods = Living();
        await Task.WhenAll(pods.Select(pod => EndAsync(pod, grace, cancellation)));
        return pods.Count;
    }

    /// <summary>Ends every pod at once, and removes all namespaces, control groups and mounts.</summary>
    /// <exception cref="IOException">Something is still mounted in the home, so its files must not be removed.</exception>
    public async Task RemoveAsync(CancellationToken cancellation)
    {
        await EndAsync(TimeSpan.Zero, cancellation);
        if (Namespaces().Count > 0)
        {
            await NodeNetwork.DestroyAsync(_names, cancellation);
        }
        PodControlGroups.Open(_names.Prefix.TrimEnd('-'), static _ => { }).Remove();
        foreach (var mount in MountsBelow(await File.ReadAllTextAsync("/proc/self/mountinfo", cancellation), home))
        {
            Mounts.UnmountLazily(mount).OrThrow($"unmount {mount}");
        }
    }

    /// <summary>Folder and socket of the pod that a process is; null if it is none of this home.</summary>
    /// <param name="commandLine">As in <c>/proc/PID/cmdline</c>.</param>
    internal static (string Folder, string Socket)? PodOf(string commandLine, string home) =>
        commandLine.Split('\0') is ["katabira-pod", "supervise", var folder, var socket, ..] && folder.StartsWith(home + "/", StringComparison.Ordinal)
            ? (folder, socket)
            : null;

    /// <summary>Places below a folder where something is mounted, the innermost first.</summary>
    /// <param name="mountInfo">As in <c>/proc/self/mountinfo</c>.</param>
    internal static ImmutableArray<string> MountsBelow(string mountInfo, string folder) =>
        [.. mountInfo.Split('\n')
            .Select(line => line.Split(' '))
            .Where(fields => fields.Length > 4)
            .Select(fields => Unescape(fields[4]))
            .Where(place => place.StartsWith(folder + "/", StringComparison.Ordinal))
            .Reverse()];

    private static string Unescape(string place) =>
        place.Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal)
            .Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);

    private async Task EndAsync(LivingPod pod, TimeSpan grace, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(grace);
        try
        {
            if (grace > TimeSpan.Zero)
            {
                await AskAsync(new PodProcess(pod.Socket), patience.Token);
            }
        }
        catch (Exception e) when (e is PodGoneException or PodRefusedException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // It is gone already, or it does not answer, or its programs go on: below it ends either way.
        }
        await Task.Run(() => KillAndWait(pod), cancellation);
    }

    /// <summary>Returns when the pod's process and everything in it is gone, also where nobody collects it.</summary>
    private void KillAndWait(LivingPod pod)
    {
        if (Children.Open(pod.Pid, out var descriptor).IsError)
        {
            return;
        }
        using (descriptor)
        {
            // the number may have come to mean another process before the descriptor was opened, but not after
            if (PodOf(CommandLineOf($"/proc/{pod.Pid}"), home) is null)
            {
                return;
            }
            _ = Children.Signal(descriptor.Number, Kill);
            var ended = new Interest(descriptor.Number, Readiness.Read);
            Polling.Wait(new Span<Interest>(ref ended), (int)s_afterKill.TotalMilliseconds).OrThrow($"wait for the end of process {pod.Pid}");
        }
    }

    private static async Task AskAsync(PodProcess pod, CancellationToken cancellation)
    {
        foreach (var container in (await pod.StatesAsync(cancellation)).Where(c => !c.IsOver))
        {
            await pod.SignalAsync(container.Name, Terminate, cancellation);
        }
        if ((await pod.StatesAsync(cancellation)).Any(c => !c.IsOver))
        {
            await foreach (var state in pod.WatchAsync(cancellation))
            {
                if (state.IsOver && (await pod.StatesAsync(cancellation)).All(c => c.IsOver))
                {
                    break;
                }
            }
        }
        await pod.ShutdownAsync(cancellation);
    }

    private List<LivingPod> Living()
    {
        var pods = new List<LivingPod>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && PodOf(CommandLineOf(folder), home) is { } found)
            {
                pods.Add(new(pid, found.Socket));
            }
        }
        return pods;
    }

    private List<string> Namespaces() => [.. NodeLeftovers.Names().Where(name => name == _names.Node || _names.PodOf(name) is not null)];

    private static string CommandLineOf(string folder)
    {
        try
        {
            return File.ReadAllText(folder + "/cmdline");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // gone meanwhile
        }
    }

    private sealed record LivingPod(int Pid, string Socket);
}
