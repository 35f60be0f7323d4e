namespace Katabira.Cluster.Node.Probes;

/// <summary>
/// Asks one run of a container, again and again, and tells what the answers mean. While a container is not ready yet it is asked more often than its period
/// says, in silence: only a success counts then. Upstream allows it, so that a pod is ready when its program is and not up to a period later.
/// </summary>
/// <param name="check">One attempt, which ends in time by itself.</param>
/// <param name="startedAt">When the container's program started.</param>
internal sealed class Prober(
    ProbeKind kind, ProbeSettings settings, Func<CancellationToken, Task<ProbeOutcome>> check, DateTimeOffset startedAt, TimeProvider time)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);

    private readonly ProbeState _state = new(kind, settings);

    /// <summary>The part of the period after which it is asked again in silence; it doubles each time.</summary>
    private TimeSpan _pause = s_firstPause;

    /// <summary>Runs until there is nothing more to ask, or it is cancelled.</summary>
    /// <param name="tell">Hears each verdict that changes something or is worth an Event, one at a time. It must not block.</param>
    public async Task RunAsync(Action<ProbeVerdict> tell, CancellationToken cancel)
    {
        await DelayAsync(startedAt + settings.InitialDelay - time.GetUtcNow(), cancel);
        while (true)
        {
            var begun = time.GetUtcNow();
            Tell(await check(cancel), tell);
            if (_state.IsOver)
            {
                return;
            }
            await WaitAsync(begun + settings.Period, tell, cancel);
            if (_state.IsOver)
            {
                return;
            }
        }
    }

    private async Task WaitAsync(DateTimeOffset next, Action<ProbeVerdict> tell, CancellationToken cancel)
    {
        while (IsHurried() && time.GetUtcNow() + _pause < next)
        {
            await DelayAsync(_pause, cancel);
            _pause *= 2;
            var outcome = await check(cancel);
            if (outcome.Result is ProbeResult.Success or ProbeResult.Warning)
            {
                Tell(outcome, tell);
            }
        }
        if (!_state.IsOver)
        {
            await DelayAsync(next - time.GetUtcNow(), cancel);
        }
    }

    private bool IsHurried() => kind != ProbeKind.Liveness && !_state.Healthy && !_state.IsOver && settings.SuccessThreshold == 1;

    private void Tell(ProbeOutcome outcome, Action<ProbeVerdict> tell)
    {
        var verdict = _state.Take(outcome);
        if (verdict.IsChange || verdict.EventReason.Length > 0)
        {
            tell(verdict);
        }
    }

    private Task DelayAsync(TimeSpan span, CancellationToken cancel) => span > TimeSpan.Zero ? Task.Delay(span, time, cancel) : Task.CompletedTask;
}
