using Microsoft.Extensions.Logging;

namespace Katabira.Tests.Cluster.Storage;

/// <summary>A log that can be read, and waited for.</summary>
internal sealed class RecordedLog : ILogger
{
    private readonly Lock _lock = new();
    private readonly List<(int Id, string Text)> _lines = [];
    private readonly List<(int Id, TaskCompletionSource Written)> _waiting = [];

    public string[] TextsOf(int id)
    {
        lock (_lock)
        {
            return [.. _lines.Where(line => line.Id == id).Select(line => line.Text)];
        }
    }

    /// <summary>Completes when a line of that id is there, now or later.</summary>
    public Task WaitForAsync(int id)
    {
        lock (_lock)
        {
            if (_lines.Exists(line => line.Id == id))
            {
                return Task.CompletedTask;
            }

            var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((id, written));
            return written.Task;
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lock)
        {
            _lines.Add((eventId.Id, formatter(state, exception)));
            _waiting.FindAll(waiting => waiting.Id == eventId.Id).ForEach(waiting => waiting.Written.TrySetResult());
        }
    }
}
