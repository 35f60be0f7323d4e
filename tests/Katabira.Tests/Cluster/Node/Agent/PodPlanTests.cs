using Katabira.Cluster.Node.Agent;
using Katabira.Cluster.Node.Probes;
using Katabira.Net.Pods;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Agent;

/// <summary>What is done for a pod, and when.</summary>
public sealed class PodPlanTests
{
    private const string Two = "{containers: [{name: a, image: host}, {name: b, image: host}]}";
    private const string Ordered = """
        {initContainers: [{name: i, image: host}, {name: s, image: host, restartPolicy: Always, startupProbe: {exec: {command: [x]}}}, {name: j, image: host}],
         containers: [{name: a, image: host}]}
        """;

    [Fact]
    public void NewPod_GetsSandboxAndVolumesAtOnce_AndThenAllContainersAtOnce()
    {
        var story = new Story(Two);

        Assert.Equal("open, volumes", story.Steps);
        Assert.Equal("open", story.Learn(new PodNews.Volumes("")).Steps);
        Assert.Equal("start a 0, start b 0", story.Open().Steps);
        Assert.Equal("start b 0", story.Doing(new PodStep.Start("a", 0)).Steps);
        Assert.Equal("", story.Run("a", "b").Steps);
        Assert.Null(story.Decision.LookAgain);
    }

    [Fact]
    public void Start_ThatWasSentButIsNotSeenYet_IsNotSentAgain() =>
        Assert.Equal("start b 0", new Story(Two).Open().Learn(new PodNews.StartSent("a", 0, "")).Steps);

    [Fact]
    public void InitContainers_RunInOrder_AndSidecarsHaveToHaveStarted()
    {
        var story = new Story(Ordered).Open();

        Assert.Equal("start i 0", story.Steps);
        Assert.Equal("", story.Run("i").Steps);
        Assert.Equal("start s 0", story.End("i").Steps);
        Assert.Equal(("", "s Startup"), (story.Run("s").Steps, story.Probes));
        Assert.Equal("start j 0", story.Judge("s", ProbeKind.Startup, isHealthy: true).Steps);
        Assert.Equal("start a 0", story.Run("j").End("j").Steps);
        Assert.Equal("", story.Run("a").Steps);
        Assert.Equal("start s 1", story.End("s").Steps); // its first restart waits for nothing, and main containers do not wait for it
        Assert.Equal("start s 1, start a 1", story.End("a", 1).Steps);
    }

    [Theory]
    [InlineData("Always", 0, "start a 1")]
    [InlineData("Always", 1, "start a 1")]
    [InlineData("OnFailure", 0, "close")]
    [InlineData("OnFailure", 1, "start a 1")]
    [InlineData("Never", 0, "close")]
    [InlineData("Never", 1, "close")]
    public void Container_ThatEnded_IsStartedAgainAsThePolicySays(string policy, int code, string steps) =>
        Assert.Equal(steps, new Story($"{{restartPolicy: {policy}, containers: [{{name: a, image: host}}]}}").Open().Run("a").End("a", code).Steps);

    [Theory]
    [InlineData("Always", "start i 1")]
    [InlineData("OnFailure", "start i 1")]
    [InlineData("Never", "close")]
    public void InitContainer_ThatFailed_IsStartedAgainUnlessThePolicyIsNever(string policy, string steps) => Assert.Equal(steps,
        new Story($"{{restartPolicy: {policy}, initContainers: [{{name: i, image: host}}], containers: [{{name: a, image: host}}]}}").Open().Run("i").End("i", 1).Steps);

    [Fact]
    public void Container_ThatFailsAgainAndAgain_WaitsLongerEachTime()
    {
        var story = new Story("{containers: [{name: a, image: host}]}").Open().Run("a").End("a", 1);

        Assert.Equal("start a 1", story.Steps);
        Assert.Equal(("", story.Now.AddSeconds(10)), (story.Run("a").End("a", 1).Steps, story.Decision.LookAgain));
        Assert.Equal("", story.After(9.9).Steps);
        Assert.Equal("start a 2", story.After(0.1).Steps);
        Assert.Equal(("", story.Now.AddSeconds(20)), (story.Run("a").End("a", 1).Steps, story.Decision.LookAgain));
    }

    [Fact]
    public void Refusal_OfTheConfiguration_IsTriedAgainSoonAndAtOnceWhenSomethingChanged()
    {
        var story = new Story("{containers: [{name: a, image: host}]}").Open().Learn(new PodNews.StartRefused("a", "CreateContainerConfigError", "configmap \"x\" not found"));

        Assert.Equal("", story.Steps);
        Assert.Equal("start a 0", story.Learn(new PodNews.TryAgain()).Steps);
        Assert.Equal("start a 0", story.Learn(new PodNews.StartRefused("a", "CreateContainerConfigError", "")).After(10).Steps);
    }

    [Fact]
    public void Refusal_OfTheImage_WaitsLongerEachTimeWhateverChanges()
    {
        var story = new Story("{containers: [{name: a, image: x}]}").Open().Learn(new PodNews.StartRefused("a", "ErrImagePull", "")).After(10).Learn(new PodNews.StartRefused("a", "ErrImagePull", ""));

        Assert.Equal("", story.Learn(new PodNews.TryAgain()).After(19).Steps);
        Assert.Equal("start a 0", story.After(1).Steps);
    }

    [Fact]
    public void Sandbox_ThatCannotBeMade_IsTriedAgainLater()
    {
        var story = new Story(Two).Learn(new PodNews.Volumes(""), new PodNews.SandboxFailed("no address is free"));

        Assert.Equal(("", story.Now.AddSeconds(1)), (story.Steps, story.Decision.LookAgain));
        Assert.Equal("open", story.After(1).Steps);
    }

    [Fact]
    public void Probes_AskWhatHasStarted()
    {
        const string Probed = """
            {containers: [{name: a, image: host, startupProbe: {exec: {command: [x]}}, livenessProbe: {exec: {command: [x]}}, readinessProbe: {exec: {command: [x]}}}]}
            """;
        var story = new Story(Probed).Open();

        Assert.Equal("", story.Probes);
        Assert.Equal("a Startup", story.Run("a").Probes);
        Assert.Equal("a Liveness, a Readiness", story.Judge("a", ProbeKind.Startup, isHealthy: true).Probes);
        Assert.Equal("a Readiness", story.Delete().Probes);
        Assert.Equal("", story.End("a").Probes);
    }

    [Theory]
    [InlineData("Liveness")]
    [InlineData("Startup")]
    public void Container_ThatIsNotAlive_IsStoppedAndStartedAgain(string probe)
    {
        var kind = Enum.Parse<ProbeKind>(probe);
        var story = new Story($"{{terminationGracePeriodSeconds: 5, containers: [{{name: a, image: host, {kind.ToString().ToLowerInvariant()}Probe: {{exec: {{command: [x]}}}}}}]}}").Open().Run("a");

        Assert.Equal(("signal a 15", ""), (story.Judge("a", kind, isHealthy: false).Steps, story.Probes));
        Assert.Equal(("", story.Now.AddSeconds(5)), (story.Signalled("a", 15).Steps, story.Decision.LookAgain));
        Assert.Equal("signal a 9", story.After(5).Steps);
        Assert.Equal("", story.Signalled("a", 9).Steps);
        Assert.Equal("start a 1", story.End("a", 137, 9).Steps);
    }

    [Fact]
    public void Container_ThatIsNotReady_GoesOn() =>
        Assert.Equal("", new Story("{containers: [{name: a, image: host, readinessProbe: {exec: {command: [x]}}}]}").Open().Run("a").Judge("a", ProbeKind.Readiness, isHealthy: false).Steps);

    [Fact]
    public void Deletion_StopsMainContainersAtOnceAndSidecarsAfterThemBackwards()
    {
        var story = new Story("""
            {initContainers: [{name: s, image: host, restartPolicy: Always}, {name: t, image: host, restartPolicy: Always}],
             containers: [{name: a, image: host, lifecycle: {preStop: {exec: {command: [x]}}}}, {name: b, image: host}]}
            """).Open().Run("s").Run("t").Run("a", "b").Delete();

        Assert.Equal("preStop a, signal b 15", story.Steps);
        var hook = new PodStep.Hook("a", 0, IsStop: true);
        Assert.Equal("signal a 15", story.Signalled("b", 15).Learn(new PodNews.HookDone(hook, "")).Steps);
        Assert.Equal("", story.Signalled("a", 15).End("b").Steps);
        Assert.Equal("signal t 15", story.End("a").Steps);
        Assert.Equal("signal s 15", story.Signalled("t", 15).End("t").Steps);
        Assert.Equal("close", story.Signalled("s", 15).End("s").Steps);
        Assert.Equal("finish", story.Learn(new PodNews.SandboxClosed()).Steps);
    }

    [Fact]
    public void Deletion_OfAContainerThatDoesNotListen_KillsItAtTheEndOfItsTime()
    {
        var story = new Story("{containers: [{name: a, image: host}]}").Open().Run("a").Delete(grace: 30).Signalled("a", 15);

        Assert.Equal(("", Story.Beginning.AddSeconds(31)), (story.Steps, story.Decision.LookAgain));
        Assert.Equal("signal a 9", story.After(31).Steps);
    }

    [Fact]
    public void Deletion_WithLessTimeThanBefore_KillsSooner() =>
        Assert.Equal("signal a 9", new Story("{containers: [{name: a, image: host}]}").Open().Run("a").Delete(grace: 30).Signalled("a", 15).After(1).Delete(grace: 0).After(1).Steps);

    [Fact]
    public void Deletion_BeforeAnythingRuns_ClosesAndWaitsForWhatIsBeingMade()
    {
        var story = new Story(Two).Doing(new PodStep.OpenSandbox()).Delete();

        Assert.Equal("", story.Steps);
        Assert.Equal("close", new Story(Two).Delete().Steps);
    }

    [Fact]
    public void Pod_WhoseObjectIsGone_IsClosedWithoutWaiting()
    {
        var story = new Story(Two).Open().Run("a", "b").Learn(new PodNews.Gone());

        Assert.Equal("close", story.Steps);
        Assert.Equal("finish", story.Learn(new PodNews.SandboxClosed()).Steps);
    }

    [Fact]
    public void Pod_ThatIsFinished_EndsItsSidecarsAndKeepsItsObject()
    {
        var story = new Story("{restartPolicy: Never, initContainers: [{name: s, image: host, restartPolicy: Always}], containers: [{name: a, image: host}]}")
            .Open().Run("s").Run("a").End("a");

        Assert.Equal("signal s 15", story.Steps);
        Assert.Equal("close", story.Signalled("s", 15).End("s", 143, 15).Steps);
        Assert.Equal("", story.Learn(new PodNews.SandboxClosed()).Steps);
    }

    [Fact]
    public void Pod_PastItsDeadline_IsStopped()
    {
        var story = new Story("{activeDeadlineSeconds: 60, terminationGracePeriodSeconds: 10, containers: [{name: a, image: host}]}").Open().Run("a");

        Assert.Equal(("", Story.Beginning.AddSeconds(60)), (story.Steps, story.Decision.LookAgain));
        Assert.Equal("signal a 15", story.After(60).Steps);
        Assert.Equal("signal a 9", story.Signalled("a", 15).After(10).Steps);
    }

    [Fact]
    public void Sandbox_ThatIsLost_IsMadeAgainAndEverythingRunsOnceMore()
    {
        var story = new Story(Ordered).Open().Run("i").End("i").Run("s").Judge("s", ProbeKind.Startup, isHealthy: true).Run("j").End("j").Run("a").Learn(new PodNews.SandboxLost([]));

        Assert.Equal("open", story.Steps);
        Assert.Equal("start i 1", story.Learn(new PodNews.SandboxUp("10.244.0.2")).Steps);
        Assert.Equal("start s 1", story.Run("i").End("i").Steps);
    }

    [Fact]
    public void Agent_ThatIsStartedAgain_DoesNothingToAPodThatLives()
    {
        var story = new Story(Two).Open().Run("a", "b");
        ContainerState[] states = [story.Pod["a"].Run!.State, story.Pod["b"].Run!.State];

        Assert.Equal("volumes", story.After(3600).Forget(states, "10.244.0.2").Steps);
        Assert.Equal("", story.Learn(new PodNews.Volumes("")).Steps);
        Assert.Equal(0, story.Pod["a"].Run!.State.Attempt);
    }

    [Fact]
    public void Agent_ThatIsStartedAgain_FindsAContainerThatHasEndedMeanwhile()
    {
        var story = new Story(Two).Open().Run("a", "b").End("a", 3);
        ContainerState[] states = [story.Pod["a"].Run!.State, story.Pod["b"].Run!.State];
        story = new Story(Two).Open().Run("a", "b").Forget(states, "10.244.0.2").Learn(new PodNews.Volumes(""));

        Assert.Equal("start a 1", story.Steps);
    }

    [Theory]
    [InlineData("Always", "open, volumes")]
    [InlineData("Never", "close")]
    public void Agent_ThatIsStartedAgainAfterTheMachine_RunsWhatShouldRun(string policy, string steps)
    {
        var story = new Story($"{{restartPolicy: {policy}, containers: [{{name: a, image: host}}]}}").Open().Run("a").Forget([], null);

        Assert.Equal(steps, story.Steps);
        Assert.Equal(137, story.Pod["a"].Run!.State.ExitCode);
    }

    [Fact]
    public void Agent_ThatIsStartedAgain_LeavesAFinishedPodFinished()
    {
        var story = new Story("{restartPolicy: Never, containers: [{name: a, image: host}]}").Open().Run("a").End("a").Forget([], null);

        Assert.Equal("close", story.Steps);
        Assert.Equal("", story.Learn(new PodNews.SandboxClosed()).Steps);
        Assert.Equal(("Succeeded", "terminated Completed"), (story.Phase, story.State("a")));
    }
}
