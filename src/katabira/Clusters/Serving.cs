using System.Diagnostics;
using System.Runtime.InteropServices;
using Katabira.Cli.Clusters.Kubeconfigs;
using Katabira.Cli.Clusters.Logs;
using Katabira.Cli.Clusters.Ports;
using Katabira.Cli.Clusters.Processes;
using Katabira.Cluster;

namespace Katabira.Cli.Clusters;

/// <summary>The life of a serving process: it takes the home, serves until it is asked to end, and leaves no trace of itself but its log.</summary>
/// <param name="home">Whose cluster.</param>
/// <param name="time">The clock.</param>
/// <param name="echo">Takes a copy of what is logged; null for none.</param>
internal sealed class Serving(ClusterHome home, TimeProvider time, TextWriter? echo)
{
    /// <param name="record">The cluster.</param>
    /// <param name="version">Of this product.</param>
    /// <param name="ready">Called once it answers.</param>
    /// <param name="cancellation">Asks it to end.</param>
    /// <exception cref="Refusal">It cannot serve. Why is logged too.</exception>
    public async Task RunAsync(ClusterRecord record, string version, Action<Uri> ready, CancellationToken cancellation)
    {
        using var log = new RotatingFile(home.Log);
        var echoing = echo is null ? null : TextWriter.Synchronized(echo);
        using var loggers = LineLoggers.Factory(
            line =>
            {
                log.Append(line);
                echoing?.Write(line);
            },
            time);
        var logger = loggers.CreateLogger("Katabira.Cluster");
        var serve = new ServeRecord(ProcessIdentity.OfThisProcess(), time.GetUtcNow(), version, Address: null);
        serve.Write(home);
        ClusterLog.Serving(logger, version, record.Name, home.Path, serve.Process.Pid);
        try
        {
            await using var cluster = await EmbeddedCluster.StartAsync(OptionsOf(record), time, loggers, cancellation);
            PrivateFile.Write(home.Kubeconfig, KubeconfigOf(record, cluster.Kubeconfig));
            (serve with { Address = cluster.Address }).Write(home);
            ClusterLog.Ready(logger, cluster.Address.GetLeftPart(UriPartial.Authority), AgeInMilliseconds());
            ready(cluster.Address);
            await EndAsync(cancellation);
            ClusterLog.Stopping(logger);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var message = LoopbackPorts.HolderOf(record.Port) is { } holder && !holder.StartsWith($"process {Environment.ProcessId} ", StringComparison.Ordinal)
                ? $"port {record.Port} of 127.0.0.1 is taken by {holder}"
                : e.Message;
            ClusterLog.CannotServe(logger, message, e);
            throw new Refusal($"cannot serve: {message}");
        }
        finally
        {
            File.Delete(home.Serve);
        }
        ClusterLog.Stopped(logger);
    }

    /// <summary>The program of the pods is brought along beside ours.</summary>
    private ClusterOptions OptionsOf(ClusterRecord record) => new()
    {
        Home = home.Data,
        Port = record.Port,
        PodProgram = record.WithoutPods ? null : Path.Combine(AppContext.BaseDirectory, "pod", "katabira-pod"),
        ProductFolder = AppContext.BaseDirectory,
        CatalogHome = home.Path,
    };

    /// <summary>The administrator's kubeconfig, in which everything is called as the cluster is.</summary>
    private string KubeconfigOf(ClusterRecord record, string text)
    {
        var kubeconfig = Kubeconfig.Parse("");
        kubeconfig.Use(kubeconfig.Merge(ClusterCredentials.Parse(text), record.Name, home));
        return kubeconfig.Write();
    }

    /// <summary>Waits for Ctrl-C, SIGTERM (both cancel) or the end of the terminal.</summary>
    private static async Task EndAsync(CancellationToken cancellation)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            ended.TrySetResult();
        });
        await using var asked = cancellation.Register(() => ended.TrySetResult());
        await ended.Task;
    }

    private long AgeInMilliseconds()
    {
        using var process = Process.GetCurrentProcess();
        return (long)(time.GetUtcNow() - process.StartTime.ToUniversalTime()).TotalMilliseconds;
    }
}
