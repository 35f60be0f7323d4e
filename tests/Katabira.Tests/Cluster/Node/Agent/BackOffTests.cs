using Katabira.Cluster.Node.Agent;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Agent;

/// <summary>How long what failed waits.</summary>
public sealed class BackOffTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Next_AgainAndAgain_WaitsTwiceAsLongUpToFiveMinutes()
    {
        var (now, backOff, pauses) = (s_start, default(BackOff), new List<double>());

        for (var i = 0; i < 8; i++)
        {
            pauses.Add((backOff.Until(now, now) - now).TotalSeconds);
            now += backOff.Pause;
            backOff = backOff.Next(now);
        }

        Assert.Equal([0, 10, 20, 40, 80, 160, 300, 300], pauses);
    }

    [Theory]
    [InlineData(599, 300)]
    [InlineData(601, 0)]
    public void Until_AfterALongTime_BeginsAnew(int seconds, int pause)
    {
        var backOff = BackOff.After(8, s_start);
        var failed = s_start.AddSeconds(seconds);

        Assert.Equal(TimeSpan.FromSeconds(pause), backOff.Until(failed, failed) - failed);
        Assert.Equal(TimeSpan.FromSeconds(pause == 0 ? 10 : 300), backOff.Next(failed).Pause);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 10)]
    [InlineData(3, 40)]
    [InlineData(6, 300)]
    [InlineData(int.MaxValue, 300)]
    public void After_SoManyTries_IsWhatTheOldAgentHad(int tries, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), BackOff.After(tries, s_start).Pause);
}
