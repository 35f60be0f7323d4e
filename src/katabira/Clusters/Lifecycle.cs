using Katabira.Cli.Clusters.Hosts;
using Katabira.Cli.Clusters.Kubeconfigs;
using Katabira.Cli.Clusters.Ports;
using Katabira.Cli.Clusters.Processes;
using Katabira.Cli.Output;
using Katabira.Cluster.Node;

namespace Katabira.Cli.Clusters;

/// <summary>What may be done with the cluster of a home. Everything that is done is done while nobody else does anything with it.</summary>
/// <param name="home">Whose cluster.</param>
/// <param name="surroundings">What the run finds around it.</param>
/// <param name="talk">Hears how it goes.</param>
internal sealed class Lifecycle(ClusterHome home, Surroundings surroundings, Talk talk)
{
    private readonly ProgramCopy _program = new(home);

    /// <summary>Makes the cluster if there is none, starts it if it does not run, and makes it kubectl's.</summary>
    /// <param name="withoutPods">Whether a new one serves the API alone.</param>
    public async Task CreateAsync(string? project, string? zone, bool withoutPods, CancellationToken cancellation)
    {
        var isNew = ClusterRecord.Read(home) is null;
        if (isNew && !withoutPods)
        {
            RefuseWithoutMeans();
        }
        home.Prepare();
        using var _ = Hold();
        var record = ClusterRecord.Read(home);
        if (record is null)
        {
            talk.Say($"creating the cluster {ClusterHome.ClusterName} in {home.Path}");
            record = Found(project, zone, withoutPods);
        }
        else if (withoutPods && !record.WithoutPods)
        {
            throw new Refusal($"the cluster {record.Name} is one with pods, and stays one", "katabira cluster delete, then create it without");
        }
        try
        {
            await EnsureRunningAsync(record, mayMove: isNew, cancellation);
        }
        catch (Refusal) when (isNew && !Directory.Exists(home.Data))
        {
            // Nothing has begun, so nothing stays.
            home.Remove();
            throw;
        }
        // Read anew: a cluster that is created may have moved to another port.
        var merged = new Credentials(home, surroundings).Merge(ClusterRecord.Read(home)!);
        talk.Say($"kubectl's context is {merged.Context}, in {merged.Kubeconfig}");
        talk.Hint(record.WithoutPods ? "kubectl get namespaces" : "kubectl get nodes");
    }

    /// <summary>Starts the cluster if it does not run. Which context is kubectl's stays as it is.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        home.Prepare();
        using var _ = Hold();
        await EnsureRunningAsync(Existing(), mayMove: false, cancellation);
        new Credentials(home, surroundings).Refresh(Existing());
    }

    /// <summary>Ends the cluster's process if there is one, and returns when it is gone.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        using var _ = Hold();
        await StopHeldAsync(Existing(), cancellation);
    }

    /// <summary>Ends the cluster and removes all that is left of it.</summary>
    /// <returns>Whether nothing is left.</returns>
    public async Task<bool> DeleteAsync(CancellationToken cancellation)
    {
        using var _ = Hold();
        var record = Existing();
        await StepsOf(record).RemoveAsync(cancellation);
        // Held until its own file is removed with all the others: no process can begin to serve what is being deleted.
        using var serving = FileLock.TryTake(home.ServeLock) ?? throw Serving();
        var isClean = true;
        try
        {
            new Credentials(home, surroundings).Remove(record);
        }
        catch (Refusal refusal)
        {
            talk.Refuse(refusal);
            isClean = false;
        }
        home.Remove();
        talk.Say($"deleted the cluster {record.Name}");
        return isClean;
    }

    /// <summary>Merges the credentials into the person's kubeconfig.</summary>
    public MergedContext MergeCredentials()
    {
        using var _ = Hold();
        return new Credentials(home, surroundings).Merge(Existing());
    }

    /// <summary>The record of a cluster that begins to exist.</summary>
    public ClusterRecord Found(string? project, string? zone, bool withoutPods)
    {
        var port = LoopbackPorts.FirstFree();
        if (port != LoopbackPorts.First)
        {
            talk.Say($"port {LoopbackPorts.First} of 127.0.0.1 is taken by {LoopbackPorts.HolderOf(LoopbackPorts.First) ?? "somebody"}, so the API gets {port}");
        }
        var record = new ClusterRecord(ClusterHome.ClusterName, project, zone, port, surroundings.Time.GetUtcNow()) { WithoutPods = withoutPods };
        record.Write(home);
        return record;
    }

    /// <summary>What to say when a process serves this home already.</summary>
    public Refusal Serving() =>
        new($"another process serves this home{(ServeRecord.Read(home) is { } serve && serve.Process.IsAlive() ? $": process {serve.Process.Pid}" : "")}", "katabira cluster stop ends it");

    private async Task EnsureRunningAsync(ClusterRecord record, bool mayMove, CancellationToken cancellation)
    {
        var serve = ServeRecord.Read(home);
        var state = ClusterStates.Of(serve);
        switch (state)
        {
            case ClusterState.Running:
                talk.Say($"the cluster {record.Name} is running at {Text(serve!.Address!)}");
                return;
            case ClusterState.Starting:
                throw new Refusal($"the cluster {record.Name} is being started by somebody: process {serve!.Process.Pid}", "katabira cluster status shows when it is ready");
            case ClusterState.Crashed:
                talk.Say($"the cluster {record.Name} had crashed: its process {serve!.Process.Pid} ended without stopping");
                break;
            default:
                break;
        }
        await LaunchAsync(record, mayMove, cancellation);
    }

    private async Task LaunchAsync(ClusterRecord record, bool mayMove, CancellationToken cancellation)
    {
        var began = surroundings.Time.GetTimestamp();
        var copy = _program.Make(AppContext.BaseDirectory);
        var steps = StepsOf(record);
        while (true)
        {
            try
            {
                var address = await steps.LaunchAsync(Path.Combine(copy, "katabira"), cancellation);
                talk.Say($"ready at {Text(address)} after {surroundings.Time.GetElapsedTime(began).TotalSeconds:0.0} s");
                if (new PodsOfHome(home.Path, home.Data).Count == 0)
                {
                    // Pods that went on while the cluster was away go on with the program they began with.
                    _program.RemoveOthers(copy);
                }
                return;
            }
            catch (LaunchException) when (mayMove && !LoopbackPorts.IsFree(record.Port))
            {
                // Somebody was quicker, such as the cluster of another home: nobody knows this port yet, so the next one will do.
                record = record with { Port = LoopbackPorts.FirstFree(record.Port + 1) };
                record.Write(home);
            }
            catch (LaunchException e)
            {
                foreach (var line in e.LastWords)
                {
                    talk.Quote(line);
                }
                throw new Refusal(e.Message, [.. HintsOf(record), $"the whole log: katabira cluster logs, or {home.Log}"]);
            }
        }
    }

    private static IEnumerable<string> HintsOf(ClusterRecord record)
    {
        if (LoopbackPorts.HolderOf(record.Port) is { } holder)
        {
            yield return $"port {record.Port} of 127.0.0.1, which is this cluster's, is taken by {holder}: end it, then katabira cluster start";
        }
    }

    private async Task StopHeldAsync(ClusterRecord record, CancellationToken cancellation)
    {
        var state = ClusterStates.Of(ServeRecord.Read(home));
        if (state is ClusterState.Stopped or ClusterState.Crashed && (record.WithoutPods || new PodsOfHome(home.Path, home.Data).Count == 0))
        {
            File.Delete(home.Serve);
            talk.Say($"the cluster {record.Name} is stopped");
            return;
        }
        await StepsOf(record).EndAsync(cancellation);
    }

    private IHostSteps StepsOf(ClusterRecord record) => record.WithoutPods || surroundings.IsRoot
        ? new HostSteps(home, withPods: !record.WithoutPods, surroundings, talk)
        : new SudoSteps(home, surroundings, talk);

    /// <summary>Before anything is made or asked for: what would be missing later.</summary>
    private void RefuseWithoutMeans()
    {
        if (!surroundings.IsRoot)
        {
            SudoSteps.FindSudo(surroundings);
        }
        Preflight.Refuse([.. Preflight.MissingPrograms(surroundings), .. PodPreflight.UnusablePath(home.Data) is { } path ? [path] : (IEnumerable<PodObstacle>)[]]);
    }

    private ClusterRecord Existing() => ClusterRecord.Read(home) ?? throw Missing(home);

    /// <summary>What to say where a cluster is needed and there is none.</summary>
    public static Refusal Missing(ClusterHome home) => new($"there is no cluster in {home.Path}", "katabira cluster create makes one");

    private FileLock Hold() =>
        FileLock.TryTake(home.VerbLock) ?? throw new Refusal($"another command is at work on the cluster in {home.Path}", "try again when it is done");

    private static string Text(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
