using Katabira.Cluster.Node.Probes;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Probes;

public class ProberTests
{
    private readonly JumpingTime _time = new();
    private readonly List<(double Second, ProbeVerdict Verdict)> _told = [];
    private readonly List<double> _asked = [];

    [Fact]
    public async Task RunAsync_Liveness_AsksEachPeriodFromItsDelay()
    {
        await RunAsync(ProbeKind.Liveness, second => second > 20, delay: 5, period: 4, failures: 3);

        Assert.Equal([5, 9, 13, 17, 21, 25, 29], _asked);
        Assert.Equal([21, 25, 29], _told.Select(t => t.Second));
        Assert.Equal([false, false, true], _told.Select(t => t.Verdict.IsChange));
        Assert.False(_told[^1].Verdict.Healthy);
    }

    [Fact]
    public async Task RunAsync_ReadinessBeforeItIsReady_AsksOftenAndInSilence()
    {
        // the program listens after a second
        await RunAsync(ProbeKind.Readiness, second => second < 1, delay: 0, period: 10, failures: 3, until: 21);

        Assert.Equal([0, 0.1, 0.3, 0.7, 1.5, 10, 20], _asked);
        Assert.Equal([0, 1.5], _told.Select(t => t.Second));
        Assert.Equal("Unhealthy", _told[0].Verdict.EventReason);
        Assert.Equal((true, true), (_told[1].Verdict.Healthy, _told[1].Verdict.IsChange));
    }

    [Fact]
    public async Task RunAsync_NeverReady_ComesToItsPeriod()
    {
        await RunAsync(ProbeKind.Readiness, _ => true, delay: 0, period: 1, failures: 3, until: 5.5);

        Assert.Equal([0, 0.1, 0.3, 0.7, 1, 1.8, 2, 3, 4, 5], _asked.Select(s => Math.Round(s, 3)));
        Assert.Equal([0, 1, 2, 3, 4, 5], _told.Select(t => t.Second));
        Assert.DoesNotContain(_told, t => t.Verdict.IsChange);
    }

    [Fact]
    public async Task RunAsync_SeveralSuccessesNeeded_KeepsToThePeriod()
    {
        await RunAsync(ProbeKind.Readiness, _ => false, delay: 0, period: 2, failures: 3, until: 3, successes: 2);

        Assert.Equal([0, 2], _asked);
        Assert.Equal([2], _told.Select(t => t.Second));
    }

    [Fact]
    public async Task RunAsync_Startup_EndsWhenItHasStarted()
    {
        await RunAsync(ProbeKind.Startup, second => second < 12, delay: 0, period: 10, failures: 30);

        Assert.True(_told[^1].Verdict is { Healthy: true, IsChange: true });
        Assert.InRange(_asked[^1], 12, 20);
    }

    [Fact]
    public async Task RunAsync_StartupThatFailsForGood_EndsUnhealthy()
    {
        await RunAsync(ProbeKind.Startup, _ => true, delay: 0, period: 10, failures: 2);

        Assert.True(_told[^1] is { Second: 10, Verdict: { Healthy: false, IsChange: true } });
    }

    private async Task RunAsync(ProbeKind kind, Func<double, bool> fails, int delay, int period, int failures, double until = double.MaxValue, int successes = 1)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var settings = new ProbeSettings(TimeSpan.FromSeconds(delay), TimeSpan.FromSeconds(period), TimeSpan.FromSeconds(1), successes, failures);
        var prober = new Prober(kind, settings, Check, _time.Start, _time);

        var run = prober.RunAsync(v => _told.Add((_time.Elapsed.TotalSeconds, v)), stop.Token);

        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.Equal(stop.IsCancellationRequested, run.IsCanceled);

        async Task<ProbeOutcome> Check(CancellationToken cancel)
        {
            if (_time.Elapsed.TotalSeconds > until)
            {
                await stop.CancelAsync();
            }
            cancel.ThrowIfCancellationRequested();
            _asked.Add(_time.Elapsed.TotalSeconds);
            return fails(_time.Elapsed.TotalSeconds) ? ProbeOutcome.Failed("no") : new(ProbeResult.Success, "");
        }
    }
}
