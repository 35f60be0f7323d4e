using Katabira.Cluster.Node.Probes;
using Katabira.Tests.Support;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Probes;

public class ProbeStateTests
{
    /// <summary>Attempts: s success, f failure, w warning, u unknown. Told: + became healthy, - became unhealthy, . nothing changed; ! there is nothing more to ask.</summary>
    [Theory]
    [InlineData("Readiness", 1, 3, "s", "+")]
    [InlineData("Readiness", 1, 3, "fff", "...")] // it was not ready to begin with
    [InlineData("Readiness", 1, 3, "sfff", "+..-")]
    [InlineData("Readiness", 1, 3, "sffsff", "+.....")]
    [InlineData("Readiness", 1, 3, "sfffs", "+..-+")]
    [InlineData("Readiness", 2, 1, "sfssf", "...+-")]
    [InlineData("Readiness", 1, 3, "sffuf", "+...-")] // what could not be asked does not count
    [InlineData("Readiness", 1, 3, "w", "+")]
    [InlineData("Readiness", 1, 1, "sfsf", "+-+-")]
    [InlineData("Liveness", 1, 3, "sss", "...")] // it was alive to begin with
    [InlineData("Liveness", 1, 3, "fff", "..-!")]
    [InlineData("Liveness", 1, 3, "ffsfff", ".....-!")]
    [InlineData("Liveness", 1, 3, "uuuuuuu", ".......")]
    [InlineData("Startup", 1, 3, "ffs", "..+!")]
    [InlineData("Startup", 1, 3, "fff", "..-!")]
    [InlineData("Startup", 1, 1, "f", "-!")]
    public void Take_Attempts_ChangeTheStateAtTheThresholds(string kind, int success, int failure, string attempts, string expected)
    {
        var state = new ProbeState(Enum.Parse<ProbeKind>(kind), new(default, default, default, success, failure));
        var told = "";

        foreach (var attempt in attempts)
        {
            Assert.False(state.IsOver);
            var verdict = state.Take(new(attempt switch { 's' => ProbeResult.Success, 'f' => ProbeResult.Failure, 'w' => ProbeResult.Warning, _ => ProbeResult.Unknown }, ""));
            told += !verdict.IsChange ? '.' : verdict.Healthy ? '+' : '-';
        }

        Assert.Equal(expected, told + (state.IsOver ? "!" : ""));
    }

    [Theory]
    [InlineData("Readiness", ProbeResult.Failure, "Unhealthy", "Readiness probe failed: x")]
    [InlineData("Liveness", ProbeResult.Failure, "Unhealthy", "Liveness probe failed: x")]
    [InlineData("Startup", ProbeResult.Unknown, "Unhealthy", "Startup probe errored and resulted in unknown state: x")]
    [InlineData("Readiness", ProbeResult.Warning, "ProbeWarning", "Readiness probe warning: x")]
    [InlineData("Readiness", ProbeResult.Success, "", "")]
    public void Take_Attempt_HasTheEventOfAKubelet(string kind, object result, string reason, string message)
    {
        var verdict = new ProbeState(Enum.Parse<ProbeKind>(kind), new(default, default, default, 5, 5)).Take(new((ProbeResult)result, "x"));

        Assert.Equal((reason, message, false), (verdict.EventReason, verdict.Message, verdict.IsChange));
    }

    [Theory]
    [InlineData("{}", 0, 10, 1, 1, 3)]
    [InlineData("{ initialDelaySeconds: 5, periodSeconds: 2, timeoutSeconds: 3, successThreshold: 4, failureThreshold: 6 }", 5, 2, 3, 4, 6)]
    [InlineData("{ initialDelaySeconds: -5, periodSeconds: 0, timeoutSeconds: -1, successThreshold: 0, failureThreshold: -2 }", 0, 1, 1, 1, 1)]
    [InlineData("{ periodSeconds: 9223372036854775807 }", 0, 1000000, 1, 1, 3)]
    public void Settings_OfAProbe_AreWithinBounds(string probe, int delay, int period, int timeout, int success, int failure) => Assert.Equal(
        new ProbeSettings(TimeSpan.FromSeconds(delay), TimeSpan.FromSeconds(period), TimeSpan.FromSeconds(timeout), success, failure),
        ProbeSettings.Of(YamlJson.Node(probe)!.AsObject()));
}
