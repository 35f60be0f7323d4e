using Microsoft.Extensions.Logging;

namespace Katabira.Cli.Clusters.Logs;

/// <summary>Gives every logger's events, a line each, to one receiver.</summary>
/// <param name="receiver">Takes a line with its end; called from any thread.</param>
/// <param name="time">The clock.</param>
internal sealed class LineLoggers(Action<string> receiver, TimeProvider time) : ILoggerProvider
{
    /// <summary>A factory of loggers: ours from Information up, libraries' from Warning up. Built by hand, because a container costs time at every start.</summary>
    public static LoggerFactory Factory(Action<string> receiver, TimeProvider time)
    {
        var filter = new LoggerFilterOptions { MinLevel = LogLevel.Warning };
        filter.Rules.Add(new LoggerFilterRule(providerName: null, "Katabira", LogLevel.Information, filter: null));
        return new LoggerFactory([new LineLoggers(receiver, time)], filter);
    }

    public ILogger CreateLogger(string categoryName) => new LineLogger(categoryName, receiver, time);

    public void Dispose()
    {
        // The receiver is the caller's.
    }

    private sealed class LineLogger(string category, Action<string> receiver, TimeProvider time) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            receiver(LogLine.Format(time.GetUtcNow(), logLevel, category, eventId.Id, formatter(state, exception), exception));
    }
}
