using Microsoft.Extensions.Logging;

namespace Katabira.Cli.Clusters;

/// <summary>What the serving process tells about itself. Event ids 5000 to 5099; highest taken: 5005.</summary>
internal static partial class ClusterLog
{
    [LoggerMessage(5001, LogLevel.Information, "katabira {Version} serves the cluster {Name} of {Home} as process {Pid}")]
    public static partial void Serving(ILogger logger, string version, string name, string home, int pid);

    [LoggerMessage(5002, LogLevel.Information, "ready at {Address}, {Milliseconds} ms after the process started")]
    public static partial void Ready(ILogger logger, string address, long milliseconds);

    [LoggerMessage(5003, LogLevel.Information, "stopping, as asked by a signal")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(5004, LogLevel.Information, "stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(5005, LogLevel.Error, "cannot serve: {Message}")]
    public static partial void CannotServe(ILogger logger, string message, Exception cause);
}
