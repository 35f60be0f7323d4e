using System.Text.Json.Nodes;
using System.Threading.Channels;
using Katabira.Cluster.Node.Probes;
using Katabira.Cluster.Resources;
using Microsoft.Extensions.Logging;

namespace Katabira.Cluster.Node.Agent;

/// <summary>What a pod's worker tells the world.</summary>
/// <param name="ReportAsync">Stores the pod's status; false if there is no such pod any more.</param>
/// <param name="FinishAsync">Removes the pod's object.</param>
/// <param name="Tell">Tells an Event; returns at once.</param>
internal sealed record PodVoice(
    Func<JsonObject, JsonObject, CancellationToken, Task> ReportAsync,
    Func<JsonObject, CancellationToken, Task> FinishAsync,
    Action<JsonObject, PodEvent> Tell);

/// <summary>
/// Runs one pod's life. One task reads the news, decides, and starts what is to be done; what it started tells it the outcome as news. So nothing here
/// needs a lock. The pod outlives it: disposing it lets everything run on, for the next worker to find.
/// </summary>
internal sealed class PodWorker : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private readonly Channel<Letter> _letters = Channel.CreateUnbounded<Letter>(); // bounded by the pod's own doings
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<ProbeWish, (CancellationTokenSource Stop, Task Asking)> _probes = [];
    private readonly HashSet<Task> _doing = [];
    private readonly CancellationTokenSource _starts = new();
    private readonly PodHands _hands;
    private readonly PodVoice _voice;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private PodMemory _pod;
    private JsonObject? _reported;
    private bool _isReporting;
    private bool _isRefreshing;
    private bool _wantsRefresh;

    private PodWorker(PodMemory pod, PodHands hands, PodVoice voice, TimeProvider time, ILogger logger)
    {
        (_pod, _hands, _voice, _time, _logger) = (pod, hands, voice, time, logger);
        _timer = time.CreateTimer(_ => _letters.Writer.TryWrite(default), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Ended = Task.CompletedTask;
    }

    /// <summary>Ends when there is nothing left of the pod, or the worker is disposed; then it holds nothing any more.</summary>
    public Task Ended { get; private set; }

    /// <param name="pod">What is known at the beginning.</param>
    public static PodWorker Start(PodMemory pod, PodHands hands, PodVoice voice, TimeProvider time, ILogger logger)
    {
        var worker = new PodWorker(pod, hands, voice, time, logger);
        worker.Ended = Task.Run(worker.RunAsync);
        return worker;
    }

    /// <summary>Any thread may.</summary>
    public void Post(PodNews news) => _letters.Writer.TryWrite(new(null, news, null));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync()
    {
        try
        {
            if (_pod.Sandbox == SandboxState.Up)
            {
                Track(WatchAsync());
            }
            while (!await DecideAsync())
            {
                await _letters.Reader.WaitToReadAsync(_stop.Token);
                while (_letters.Reader.TryRead(out var letter))
                {
                    Read(letter);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // the pod goes on without us
        }
        finally
        {
            await _stop.CancelAsync();
            await Task.WhenAll([.. _doing, .. _probes.Values.Select(p => p.Asking)]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var (stop, _) in _probes.Values)
            {
                stop.Dispose();
            }
            await _timer.DisposeAsync();
            _hands.Dispose();
        }
    }

    private void Read(Letter letter)
    {
        var now = _time.GetUtcNow();
        var before = _pod;
        letter.Then?.Invoke();
        if (letter.Done is { } step)
        {
            _pod = _pod with { Doing = _pod.Doing.Remove(step) };
        }
        if (letter.News is not { } news)
        {
            return;
        }
        _pod = _pod.Learn(news, now);
        foreach (var told in PodEvents.Of(news, before, _pod, now))
        {
            _voice.Tell(_pod.Pod, told);
        }
        if (news is PodNews.SandboxUp)
        {
            Track(WatchAsync());
        }
        _wantsRefresh |= news is PodNews.TryAgain || (news is PodNews.Changed && !HasSameWords(before.Pod, _pod.Pod));
    }

    /// <summary>True when there is nothing left to do for this pod, ever.</summary>
    private async Task<bool> DecideAsync()
    {
        var now = _time.GetUtcNow();
        var decision = PodPlan.Decide(_pod, now);
        if (_pod.IsGone || PodPlan.EndOf(_pod, now) is not null)
        {
            // a start may wait for minutes, for its image to be downloaded
            await _starts.CancelAsync();
        }
        var isQuiet = Report(now);
        foreach (var step in decision.Steps)
        {
            if (step is PodStep.Finish)
            {
                if (isQuiet && await FinishAsync())
                {
                    return true;
                }
                continue;
            }
            Begin(step);
        }
        Ask(decision.Probes);
        Refresh();
        _timer.Change(decision.LookAgain is { } at && at > now ? at - now : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return false;
    }

    private void Begin(PodStep step)
    {
        if (PodEvents.Of(step, _pod) is { } told)
        {
            _voice.Tell(_pod.Pod, told);
        }
        _pod = _pod with { Doing = _pod.Doing.Add(step) };
        Track(DoAsync(step, _pod));
    }

    private async Task DoAsync(PodStep step, PodMemory pod)
    {
        PodNews news;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, step is PodStep.Start ? _starts.Token : default);
        try
        {
            news = await Task.Run(() => _hands.DoAsync(step, pod, stop.Token), stop.Token);
            foreach (var state in news is PodNews.SandboxClosed ? await _hands.LastStatesAsync(_stop.Token) : [])
            {
                Post(_hands.Complete(pod, state));
            }
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            news = new PodNews.Stumbled();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // the boundary: the step is tried again a little later, whatever was wrong
            AgentLog.Stumbled(_logger, e, Name(pod.Pod), step);
            await Task.Delay(s_pause, _time, _stop.Token);
            news = new PodNews.Stumbled();
        }
        _letters.Writer.TryWrite(new(step, news, null));
    }

    private async Task WatchAsync()
    {
        try
        {
            await foreach (var state in _hands.Process.WatchAsync(_stop.Token))
            {
                Post(_hands.Complete(_pod, state));
            }
        }
        catch (IOException)
        {
            Post(new PodNews.SandboxLost(await _hands.LastStatesAsync(_stop.Token)));
        }
    }

    /// <summary>Starts to store the status if it is not what is stored; true if it is.</summary>
    private bool Report(DateTimeOffset now)
    {
        if (_pod.IsGone)
        {
            return true;
        }
        if (_isReporting)
        {
            return false;
        }
        var before = PodReport.Seen(_reported, _pod.Pod.Child("status"));
        var report = PodReport.Of(_pod, before, now);
        if (JsonNode.DeepEquals(report, before))
        {
            return true;
        }
        _isReporting = true;
        Track(ReportAsync(_pod.Pod, report));
        return false;
    }

    private async Task ReportAsync(JsonObject pod, JsonObject report)
    {
        var stored = report;
        try
        {
            await _voice.ReportAsync(pod, report, _stop.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            AgentLog.NotReported(_logger, e, Name(pod));
            stored = null;
            await Task.Delay(s_pause, _time, _stop.Token);
        }
        _letters.Writer.TryWrite(new(null, null, () => (_isReporting, _reported) = (false, stored ?? _reported)));
    }

    private async Task<bool> FinishAsync()
    {
        try
        {
            if (!_pod.IsGone)
            {
                await _voice.FinishAsync(_pod.Pod, _stop.Token);
                if (_pod.Pod.Child("metadata").List("finalizers") is { Count: > 0 })
                {
                    return false; // somebody else has still something to do; then the object goes by itself
                }
            }
            _hands.RemoveFolder();
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            AgentLog.Stumbled(_logger, e, Name(_pod.Pod), new PodStep.Finish());
            await Task.Delay(s_pause, _time, _stop.Token);
            _letters.Writer.TryWrite(default);
            return false;
        }
    }

    private void Ask(IReadOnlyList<ProbeWish> wishes)
    {
        foreach (var (wish, probe) in _probes.Where(p => !wishes.Contains(p.Key)).ToList())
        {
            probe.Stop.Cancel();
            probe.Stop.Dispose();
            Track(probe.Asking);
            _probes.Remove(wish);
        }
        foreach (var wish in wishes.Where(w => !_probes.ContainsKey(w)))
        {
            var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            _probes.Add(wish, (stop, AskAsync(wish, stop)));
        }
    }

    private async Task AskAsync(ProbeWish wish, CancellationTokenSource stop)
    {
        var (pod, cancel) = (_pod, stop.Token);
        var part = pod.Parts.First(p => p.Name == wish.Container);
        var run = pod[wish.Container].Run!; // not null: only a run is asked
        void Tell(ProbeVerdict verdict) => Post(new PodNews.Verdict(wish, verdict));
        await Task.Run(() => _hands.ProbeAsync(part, run, wish.Kind, Tell, cancel), cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Brings the volumes up to date, once at a time; what changes meanwhile is one more reason.</summary>
    private void Refresh()
    {
        if (_wantsRefresh && !_isRefreshing && _pod is { HasVolumes: true, Sandbox: SandboxState.Up })
        {
            (_wantsRefresh, _isRefreshing) = (false, true);
            Track(RefreshAsync(_pod.Pod));
        }
    }

    private async Task RefreshAsync(JsonObject pod)
    {
        try
        {
            await Task.Run(() => _hands.RefreshAsync(pod, _stop.Token), _stop.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            AgentLog.NotRefreshed(_logger, e, Name(pod));
        }
        _letters.Writer.TryWrite(new(null, null, () => _isRefreshing = false));
    }

    /// <summary>What a pod's files can say about the pod itself.</summary>
    private static bool HasSameWords(JsonObject one, JsonObject other) => ((string[])["labels", "annotations"])
        .All(field => JsonNode.DeepEquals(one.Child("metadata")?[field], other.Child("metadata")?[field]));

    private static string Name(JsonObject pod) => $"{pod.NamespaceOf()}/{pod.NameOf()}";

    private void Track(Task task)
    {
        _doing.RemoveWhere(d => d.IsCompleted);
        _doing.Add(task);
    }

    /// <summary>What comes in: a step that is done, news, both, or neither, which is a reason to look.</summary>
    /// <param name="Then">Done by the loop before anything else.</param>
    private readonly record struct Letter(PodStep? Done, PodNews? News, Action? Then);
}

internal static partial class AgentLog
{
    [LoggerMessage(4100, LogLevel.Warning, "pod {Pod}: {Step} failed and is tried again")]
    public static partial void Stumbled(ILogger logger, Exception cause, string pod, PodStep step);

    [LoggerMessage(4101, LogLevel.Warning, "pod {Pod}: its status could not be stored and is tried again")]
    public static partial void NotReported(ILogger logger, Exception cause, string pod);

    [LoggerMessage(4102, LogLevel.Warning, "pod {Pod}: its volumes could not be brought up to date")]
    public static partial void NotRefreshed(ILogger logger, Exception cause, string pod);

    [LoggerMessage(4103, LogLevel.Error, "the worker of the pod {Uid} failed")]
    public static partial void Failed(ILogger logger, Exception cause, string uid);
}
