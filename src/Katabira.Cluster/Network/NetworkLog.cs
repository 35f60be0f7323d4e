using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Network;

internal static partial class NetworkLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "the objects of the Service {Service} are not as they should be: {Reason}")]
    public static partial void NotWritten(ILogger logger, string service, string reason);
}
