using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Storage;

/// <summary>
/// Cuts the log from time to time, in steps of a few entries that go through the writer's queue like any write: nobody waits
/// for more than one step.
/// </summary>
internal sealed class Compaction : IAsyncDisposable
{
    private readonly WriteLoop _writer;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public Compaction(WriteLoop writer, TimeSpan interval, TimeProvider time, ILogger logger)
    {
        (_writer, _logger) = (writer, logger);
        _running = RunAsync(new PeriodicTimer(interval, time));
    }

    /// <summary>Cuts what is to be cut now.</summary>
    /// <returns>Entries removed.</returns>
    public async Task<int> CompactAsync(CancellationToken cancellation)
    {
        var removed = 0;
        var step = new TrimStep(0, MayContinue: true);
        while (step.MayContinue)
        {
            step = await _writer.TrimAsync(cancellation);
            removed += step.Removed;
        }

        if (removed > 0)
        {
            StorageLog.Compacted(_logger, removed);
        }

        return removed;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(PeriodicTimer timer)
    {
        using var owned = timer;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await CompactAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The store is being closed.
        }
    }
}
