using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Storage;

/// <summary>What the store tells its operator. Ids 4000-4019; highest taken: 4005.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(4000, LogLevel.Information, "opened {File} at revision {Revision} with {Objects} objects")]
    public static partial void Opened(ILogger logger, string file, Revision revision, int objects);

    [LoggerMessage(4001, LogLevel.Error, "the store is read-only: {Reason}")]
    public static partial void ReadOnly(ILogger logger, string reason, Exception cause);

    [LoggerMessage(4002, LogLevel.Information, "the store {File} can be written again")]
    public static partial void WritableAgain(ILogger logger, string file);

    [LoggerMessage(4003, LogLevel.Error, "a write failed for a reason that is not the disk's; this is a defect")]
    public static partial void WriteFailed(ILogger logger, Exception cause);

    [LoggerMessage(4004, LogLevel.Debug, "ended {Count} watches whose readers are too slow")]
    public static partial void WatchesEnded(ILogger logger, int count);

    [LoggerMessage(4005, LogLevel.Debug, "removed {Entries} entries from the old end of the log")]
    public static partial void Compacted(ILogger logger, int entries);
}
