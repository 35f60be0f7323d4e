using Katabira.Cluster.Controllers.Endpoints;
using Katabira.Cluster.Controllers.Workloads;
using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Controllers;

/// <summary>Runs the controllers until it is disposed. One that fails begins again; the others do not notice.</summary>
internal sealed class ControllerSet : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _running;

    private ControllerSet(IEnumerable<(string Name, Func<CancellationToken, Task> Run)> controllers, ILogger logger, TimeProvider time) =>
        _running = [.. controllers.Select(c => KeepAsync(c.Name, c.Run, logger, time, _stop.Token))];

    /// <summary>Starts the controllers of a cluster.</summary>
    /// <param name="authorityPem">What pods trust when they speak to the API.</param>
    public static ControllerSet Start(ClusterClient client, string authorityPem, ILogger logger, TimeProvider time)
    {
        var emptying = new Emptying(client);
        return new(
        [
            ("namespace-contents", new NamespaceContents(client, authorityPem).RunAsync),
            ("namespace-ends", new NamespaceEnds(client, emptying).RunAsync),
            ("definition-ends", new DefinitionEnds(client, emptying).RunAsync),
            ("garbage-collector", new GarbageCollector(client).RunAsync),
            ("role-aggregation", new RoleAggregation(client).RunAsync),
            ("deployments", new DeploymentController(client, logger).RunAsync),
            ("replicasets", new ReplicaSetController(client, logger).RunAsync),
            ("endpoints", new EndpointController(client, logger).RunAsync),
            ("event-expiry", new EventExpiry(client).RunAsync),
        ], logger, time);
    }

    /// <summary>Starts others.</summary>
    public static ControllerSet Run(IEnumerable<(string Name, Func<CancellationToken, Task> Run)> controllers, ILogger logger, TimeProvider time) => new(controllers, logger, time);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    private static async Task KeepAsync(string name, Func<CancellationToken, Task> run, ILogger logger, TimeProvider time, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Task.Run(() => run(stop), stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // the boundary: a controller reads its whole world again when it begins again
                ControllerLog.Failed(logger, e, name);
            }
            await Task.Delay(s_pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

internal static partial class ControllerLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "the controller {Name} failed and begins again")]
    public static partial void Failed(ILogger logger, Exception cause, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Key}: not done yet, tried again later")]
    public static partial void Stumbled(ILogger logger, Exception cause, string kind, Storage.StoreKey key);
}
