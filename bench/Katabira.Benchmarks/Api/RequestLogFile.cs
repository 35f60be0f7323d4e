using System.Text;
using Microsoft.Extensions.Logging;

namespace Katabira.Benchmarks.Api;

/// <summary>What a serving cluster logs, from Information up, in a file: a line is with the operating system before the logger returns.</summary>
internal sealed class RequestLogFile(string path) : ILoggerFactory
{
    private readonly Lock _lock = new();
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Katabira", StringComparison.Ordinal) ? new Lines(this, LogLevel.Information) : new Lines(this, LogLevel.Warning);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose() => _file.Dispose();

    private void Append(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        lock (_lock)
        {
            _file.Write(bytes);
        }
    }

    private sealed class Lines(RequestLogFile to, LogLevel from) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= from;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                to.Append($"{TimeProvider.System.GetUtcNow():O} {logLevel} {formatter(state, exception)} {exception}\n");
            }
        }
    }
}
