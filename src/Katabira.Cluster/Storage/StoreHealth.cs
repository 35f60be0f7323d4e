using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Storage;

/// <summary>
/// Whether the store may write. A failure makes it read-only; one that leaves no doubt about the file passes by itself with
/// the next write that succeeds, any other stays until the file is opened again. Safe for many threads.
/// </summary>
internal sealed class StoreHealth(string file, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private volatile StoreFault? _fault;
    private long _failedAt;

    /// <summary>What is wrong; null if nothing is.</summary>
    public StoreFault? Fault => _fault;

    /// <summary>Why a write is refused without trying; null if it may be tried.</summary>
    public StoreFault? Refusal()
    {
        lock (_lock)
        {
            return _fault is { MayPass: true } && time.GetElapsedTime(_failedAt) >= RetryAfter ? null : _fault;
        }
    }

    /// <summary>Records a failure of the file. The first one that stays is the one that is told.</summary>
    public StoreFault Report(Exception failure)
    {
        var fault = StoreFault.From(failure, file);
        lock (_lock)
        {
            if (_fault is { MayPass: false } lasting)
            {
                return lasting;
            }

            var isNews = _fault?.Kind != fault.Kind;
            (_fault, _failedAt) = (fault, time.GetTimestamp());
            if (isNews)
            {
                StorageLog.ReadOnly(logger, fault.Message, failure);
            }

            return fault;
        }
    }

    /// <summary>A write has reached the disk.</summary>
    public void Succeeded()
    {
        if (_fault is not { MayPass: true })
        {
            return;
        }

        lock (_lock)
        {
            if (_fault is { MayPass: true })
            {
                _fault = null;
                StorageLog.WritableAgain(logger, file);
            }
        }
    }
}
