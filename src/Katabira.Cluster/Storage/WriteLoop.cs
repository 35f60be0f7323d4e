using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Storage;

/// <summary>
/// The only writer. It takes what is queued, decides all of it against the state in memory, writes the changes in one
/// transaction (one flush of the disk for all), publishes them, and only then answers. So whoever has an answer finds the
/// change in every later read, and after any crash.
/// </summary>
internal sealed class WriteLoop : IAsyncDisposable
{
    private const int QueueLength = 1_024;

    /// <summary>Bounds how long the last of a batch holds up the first.</summary>
    private const int BatchLength = 256;
    private const long BatchBytes = 8 * 1024 * 1024;

    /// <summary>Objects written between checkpoints. The write-ahead log holds each two or three times.</summary>
    private const long CheckpointBytes = 4 * 1024 * 1024;

    private readonly SqliteLog _log;
    private readonly WatchHub _hub;
    private readonly StoreHealth _health;
    private readonly Retention _retention;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<Request> _queue = Channel.CreateBounded<Request>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly Task _running;
    private long _bytesSinceCheckpoint;

    /// <param name="log">Used by nobody else from now on; not owned.</param>
    /// <param name="hub">Gets what was written.</param>
    /// <param name="health">Says whether to try.</param>
    /// <param name="retention">Of the log.</param>
    /// <param name="time">Dates the entries of the log.</param>
    /// <param name="logger">Is told of defects and slow readers.</param>
    public WriteLoop(SqliteLog log, WatchHub hub, StoreHealth health, Retention retention, TimeProvider time, ILogger logger)
    {
        (_log, _hub, _health, _retention, _time, _logger) = (log, hub, health, retention, time, logger);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Writes. The token only ends the wait for a place in the queue: what is queued will be done, and answered.</summary>
    public async Task<StoreResult> WriteAsync(WriteOperation operation, CancellationToken cancellation)
    {
        var request = new WriteRequest(operation);
        return await TryEnqueueAsync(request, cancellation)
            ? await request.Answer.Task
            : new StoreResult.ReadOnly(StoreFault.Closed);
    }

    /// <summary>Takes one step of compaction between two batches of writes.</summary>
    public async Task<TrimStep> TrimAsync(CancellationToken cancellation)
    {
        var request = new TrimRequest();
        return await TryEnqueueAsync(request, cancellation) ? await request.Answer.Task : default;
    }

    /// <summary>Writes and answers what is queued, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _running;
    }

    private async ValueTask<bool> TryEnqueueAsync(Request request, CancellationToken cancellation)
    {
        try
        {
            await _queue.Writer.WriteAsync(request, cancellation);
            return true;
        }
        catch (ChannelClosedException)
        {
            return false;
        }
    }

    private async Task RunAsync()
    {
        var batch = new List<WriteRequest>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            var trim = TakeBatch(batch);
            if (batch.Count > 0)
            {
                Write(batch);
                batch.Clear();
            }

            if (trim is not null)
            {
                Trim(trim);
            }

            CheckpointIfDue();
        }
    }

    /// <summary>Takes writes from the queue, up to the first request to trim, which is returned.</summary>
    private TrimRequest? TakeBatch(List<WriteRequest> batch)
    {
        long bytes = 0;
        while (batch.Count < BatchLength && bytes < BatchBytes && _queue.Reader.TryRead(out var request))
        {
            if (request is TrimRequest trim)
            {
                return trim;
            }

            var write = (WriteRequest)request;
            batch.Add(write);
            bytes += write.Operation.LengthBytes;
        }

        return null;
    }

    private void Write(List<WriteRequest> batch)
    {
        try
        {
            var next = _hub.Current.ToBuilder();
            var changes = Decide(batch, next);
            if (changes.Count > 0)
            {
                _log.Append(changes, _time.GetUtcNow());
                _health.Succeeded();
                Publish(next.ToSnapshot(), changes);
            }

            batch.ForEach(request => request.Answer.SetResult(request.Result));
        }
        catch (Exception e) when (StoreFault.Explains(e))
        {
            // Nobody gets the answer decided for him: it may rest on a change of the same batch that was not made.
            var refusal = new StoreResult.ReadOnly(_health.Report(e));
            batch.ForEach(request => request.Answer.SetResult(refusal));
        }
        catch (Exception e)
        {
            StorageLog.WriteFailed(_logger, e);
            batch.ForEach(request => request.Answer.TrySetException(e));
        }
    }

    /// <summary>Decides each write on top of those before it. Where nothing may be written, those that would are refused.</summary>
    private List<Change> Decide(List<WriteRequest> batch, Snapshot.Builder next)
    {
        var refusal = _health.Refusal();
        var changes = new List<Change>(batch.Count);
        foreach (var request in batch)
        {
            var operation = request.Operation;
            var (result, change) = operation.Decide(next.Find(operation.Key), next.Revision.Next);
            if (change is not null && refusal is null)
            {
                next.Apply(change);
                changes.Add(change);
            }

            request.Result = change is not null && refusal is not null ? new StoreResult.ReadOnly(refusal) : result;
        }

        return changes;
    }

    private void Publish(Snapshot next, List<Change> changes)
    {
        _bytesSinceCheckpoint += changes.Sum(change => change.LengthBytes);
        var dropped = _hub.Publish(next, changes);
        if (dropped > 0)
        {
            StorageLog.WatchesEnded(_logger, dropped);
        }
    }

    private void Trim(TrimRequest request)
    {
        try
        {
            request.Answer.SetResult(_health.Refusal() is null ? _log.Trim(_retention, _time.GetUtcNow()) : default);
        }
        catch (Exception e) when (StoreFault.Explains(e))
        {
            _health.Report(e);
            request.Answer.SetResult(default);
        }
        catch (Exception e)
        {
            StorageLog.WriteFailed(_logger, e);
            request.Answer.SetResult(default); // the next interval tries again
        }
    }

    private void CheckpointIfDue()
    {
        if (_bytesSinceCheckpoint < CheckpointBytes || _health.Fault is not null)
        {
            return;
        }

        _bytesSinceCheckpoint = 0;
        try
        {
            _log.Checkpoint();
        }
        catch (Exception e) when (StoreFault.Explains(e))
        {
            // Without room the write-ahead log keeps everything, and the next checkpoint tries again.
            if (!StoreFault.From(e, "").MayPass)
            {
                _health.Report(e);
            }
        }
    }

    private abstract class Request;

    private sealed class WriteRequest(WriteOperation operation) : Request
    {
        public WriteOperation Operation { get; } = operation;

        public TaskCompletionSource<StoreResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>What was decided; told once it is on the disk.</summary>
        public StoreResult Result { get; set; } = new StoreResult.NotFound();
    }

    private sealed class TrimRequest : Request
    {
        public TaskCompletionSource<TrimStep> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
