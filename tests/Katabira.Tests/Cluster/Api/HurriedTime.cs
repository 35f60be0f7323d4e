namespace Katabira.Tests.Cluster.Api;

/// <summary>The system's clock, a thousand times as fast for whoever waits: a timer of a minute comes after 60 ms. Its wall clock can be put forward.</summary>
internal sealed class HurriedTime : TimeProvider
{
    private const int Speed = 1_000;

    /// <summary>How far the wall clock is put forward.</summary>
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Hurried(System.CreateTimer(callback, state, Sooner(dueTime), Sooner(period)));

    private static TimeSpan Sooner(TimeSpan time) => time <= TimeSpan.Zero ? time : TimeSpan.FromTicks(Math.Max(time.Ticks / Speed, TimeSpan.TicksPerMillisecond));

    private sealed class Hurried(ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Sooner(dueTime), Sooner(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
