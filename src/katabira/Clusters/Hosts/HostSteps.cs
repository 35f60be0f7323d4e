using Katabira.Cli.Clusters.Processes;
using Katabira.Cli.Output;
using Katabira.Cluster.Node;

namespace Katabira.Cli.Clusters.Hosts;

/// <summary>The steps, done by this process.</summary>
/// <param name="home">Whose cluster.</param>
/// <param name="withPods">Whether it has pods; then this process is root.</param>
/// <param name="surroundings">What the run finds around it.</param>
/// <param name="talk">Hears how it goes.</param>
internal sealed class HostSteps(ClusterHome home, bool withPods, Surroundings surroundings, Talk talk) : IHostSteps
{
    /// <summary>What a cluster may take to end well: it has writes to bring to the disk.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>The same where its files are about to be removed.</summary>
    private static readonly TimeSpan s_patienceBeforeRemoval = TimeSpan.FromSeconds(2);

    /// <summary>What programs in pods have to end well.</summary>
    private static readonly TimeSpan s_patienceWithPods = TimeSpan.FromSeconds(5);

    private readonly PodsOfHome _pods = new(home.Path, home.Data);

    public async Task<Uri> LaunchAsync(string program, CancellationToken cancellation)
    {
        if (withPods)
        {
            Preflight.Refuse(Preflight.MissingPrograms(surroundings));
            Preflight.Refuse(await PodPreflight.RefusedByKernelAsync(Preflight.SearchPath(surroundings), cancellation));
            if (!Directory.Exists(home.Data) && _pods.Any())
            {
                talk.Say($"removing what an earlier cluster left behind: {Text(_pods.Count)}, and its namespaces");
                await _pods.RemoveAsync(cancellation);
            }
        }
        return await new Launcher(home, surroundings).StartAsync(program, cancellation);
    }

    public async Task EndAsync(CancellationToken cancellation)
    {
        await EndServerAsync(s_patience, cancellation);
        if (withPods && await _pods.EndAsync(s_patienceWithPods, cancellation) is > 0 and var count)
        {
            talk.Say($"ended {Text(count)}");
        }
        talk.Say("stopped");
    }

    public async Task RemoveAsync(CancellationToken cancellation)
    {
        await EndServerAsync(s_patienceBeforeRemoval, cancellation);
        if (withPods)
        {
            await _pods.RemoveAsync(cancellation);
            home.RemoveWhatRootWrote();
        }
    }

    private static string Text(int pods) => pods == 1 ? "1 pod" : $"{pods} pods";

    private async Task EndServerAsync(TimeSpan patience, CancellationToken cancellation)
    {
        if (ServeRecord.Read(home) is not { } serve)
        {
            return;
        }
        if (ClusterStates.Of(serve) is ClusterState.Running or ClusterState.Starting)
        {
            talk.Say($"stopping the cluster {ClusterHome.ClusterName}, process {serve.Process.Pid}");
            if (!await new Signals(home).EndAsync(serve.Process, patience, cancellation))
            {
                talk.Say($"it did not end within {patience.TotalSeconds} s and was killed; what it had acknowledged is on the disk");
            }
        }
        File.Delete(home.Serve);
    }
}
