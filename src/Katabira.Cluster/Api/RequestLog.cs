using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Api;

/// <summary>One line for each request, for those who want to know who did what. Bodies, tokens and query strings are never in it.</summary>
internal static partial class RequestLog
{
    public const string Category = "Katabira.Requests";

    [LoggerMessage(Level = LogLevel.Information, Message = "{Id} {User} {Verb} {Path} {Code} {Milliseconds:F1} ms \"{Agent}\"")]
    public static partial void Write(ILogger logger, string id, string user, string verb, string path, int code, double milliseconds, string agent);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Id} {User} {Verb} {Path} {Code} {Milliseconds:F1} ms \"{Agent}\"")]
    public static partial void Read(ILogger logger, string id, string user, string verb, string path, int code, double milliseconds, string agent);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Id} credentials refused: {Why}")]
    public static partial void Unauthorized(ILogger logger, string id, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Id} {Method} {Path} failed")]
    public static partial void Failed(ILogger logger, Exception cause, string id, string method, string path);
}
