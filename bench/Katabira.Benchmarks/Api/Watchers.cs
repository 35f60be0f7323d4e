using System.Diagnostics;

namespace Katabira.Benchmarks.Api;

/// <summary>Watches over a few connections, and when each saw what. One owner opens and disposes them.</summary>
internal sealed class Watchers : IAsyncDisposable
{
    private readonly List<ApiClient> _clients = [];
    private readonly List<HttpResponseMessage> _answers = [];
    private readonly List<Task> _reading = [];
    private readonly List<double> _latencies = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _all = new();
    private long _began;
    private int _seen;

    private Watchers()
    {
    }

    /// <summary>Opens them; when it returns, each is told what happens from now on.</summary>
    /// <param name="path">What to watch, from which version.</param>
    public static async Task<Watchers> OpenAsync(ServerProcess server, string path, int connections, int watches)
    {
        var watchers = new Watchers();
        for (var i = 0; i < connections; i++)
        {
            var client = server.Connect();
            watchers._clients.Add(client);
            watchers._answers.AddRange(await Task.WhenAll(Enumerable.Range(0, watches / connections).Select(_ => client.OpenAsync(path, ApiClient.Json))));
        }
        watchers._reading.AddRange(watchers._answers.Select(watchers.ReadAsync));
        return watchers;
    }

    /// <summary>Makes a change and waits until all have seen it.</summary>
    /// <returns>Milliseconds from the request for the change to each watcher's reading of its event, in order.</returns>
    public async Task<IReadOnlyList<double>> SeeAsync(Func<Task> change)
    {
        _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _latencies.Clear();
        _seen = 0;
        _began = Stopwatch.GetTimestamp();
        await change();
        await _all.Task;
        return [.. _latencies.Order()];
    }

    public async ValueTask DisposeAsync()
    {
        _answers.ForEach(a => a.Dispose());
        _clients.ForEach(c => c.Dispose());
        await Task.WhenAll(_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadAsync(HttpResponseMessage answer)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer) is > 0 and var length)
        {
            // a line is an event
            if (buffer.AsSpan(0, length).Contains((byte)'\n'))
            {
                Seen(Stopwatch.GetElapsedTime(_began).TotalMilliseconds);
            }
        }
    }

    private void Seen(double latency)
    {
        lock (_lock)
        {
            _latencies.Add(latency);
            if (++_seen == _answers.Count)
            {
                _all.SetResult();
            }
        }
    }
}
