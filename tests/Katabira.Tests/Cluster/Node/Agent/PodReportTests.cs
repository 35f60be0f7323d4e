using System.Text.Json.Nodes;
using Katabira.Cluster.Node.Agent;
using Katabira.Cluster.Node.Probes;
using Katabira.Net.Pods;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Agent;

/// <summary>What a pod's status says, in the words that users know.</summary>
public sealed class PodReportTests
{
    private const string One = "{containers: [{name: a, image: host}]}";
    private const string Prepared = "{initContainers: [{name: i, image: host}], containers: [{name: a, image: host}]}";

    [Fact]
    public void NewPod_IsPendingAndItsContainersAreBeingCreated()
    {
        var story = new Story(One);

        Assert.Equal(("Pending", "waiting ContainerCreating"), (story.Phase, story.State("a")));
        Assert.Equal("PodReadyToStartContainers=False Initialized=True Ready=False ContainersReady=False PodScheduled=True", Conditions(story.Status));
        Assert.Equal(("10.244.0.1", "2026-01-01T00:00:00Z", "BestEffort"), ((string?)story.Status["hostIP"], (string?)story.Status["startTime"], (string?)story.Status["qosClass"]));
        Assert.False(story.Status.ContainsKey("podIP"));
        Assert.False(story.ContainerStatus("a").ContainsKey("containerID"));
    }

    [Fact]
    public void RunningPod_IsReady()
    {
        var story = new Story(One).Open().After(1).Run("a");
        var status = story.ContainerStatus("a");

        Assert.Equal(("Running", "running"), (story.Phase, story.State("a")));
        Assert.Equal("PodReadyToStartContainers=True Initialized=True Ready=True ContainersReady=True PodScheduled=True", Conditions(story.Status));
        Assert.Equal(("10.244.0.2", "10.244.0.2"), ((string?)story.Status["podIP"], (string?)story.Status["podIPs"]![0]!["ip"]));
        Assert.Equal("katabira://u/a/0 sha256:1 host 0 true true {}",
            $"{status["containerID"]} {status["imageID"]} {status["image"]} {status["restartCount"]} {status["ready"]!.ToJsonString()} {status["started"]!.ToJsonString()} {status["lastState"]!.ToJsonString()}");
        Assert.Equal("2026-01-01T00:00:01Z", (string?)status["state"]!["running"]!["startedAt"]);
    }

    [Fact]
    public void PodThatPrepares_SaysWhatItWaitsFor()
    {
        var story = new Story(Prepared).Open();

        Assert.Equal(("Pending", "waiting PodInitializing", "waiting PodInitializing"), (story.Phase, story.State("i"), story.State("a")));
        Assert.Equal("containers with incomplete status: [i]", Message(story.Status, "Initialized"));
        Assert.Equal("running", story.Run("i").State("i"));
        Assert.Equal(("terminated Completed", "waiting ContainerCreating"), (story.End("i").State("i"), story.State("a")));
        Assert.Equal("PodReadyToStartContainers=True Initialized=True Ready=False ContainersReady=False PodScheduled=True", Conditions(story.Status));
    }

    [Theory]
    [InlineData(0, 0, "", false, "Completed")]
    [InlineData(3, 0, "", false, "Error")]
    [InlineData(137, 9, "", false, "Error")]
    [InlineData(137, 9, "", true, "OOMKilled")]
    [InlineData(128, 0, "exec: \"x\": executable file not found in $PATH", false, "ContainerCannotRun")]
    public void ContainerThatEnded_SaysHow(int code, int signal, string failure, bool isOutOfMemory, string reason)
    {
        var terminated = new Story("{restartPolicy: Never, containers: [{name: a, image: host}]}").Open().Run("a").After(2).End("a", code, signal, failure, isOutOfMemory)
            .ContainerStatus("a")["state"]!["terminated"]!;

        Assert.Equal((code, reason, failure), ((int)terminated["exitCode"]!, (string?)terminated["reason"], (string?)terminated["message"] ?? ""));
        Assert.Equal(("2026-01-01T00:00:00Z", "2026-01-01T00:00:02Z", "katabira://u/a/0"),
            ((string?)terminated["startedAt"], (string?)terminated["finishedAt"], (string?)terminated["containerID"]));
    }

    /// <summary>Who makes a start and the pod that sees it both tell of it, and a program may have ended before either.</summary>
    [Theory]
    [InlineData("sent running over")]
    [InlineData("running sent over")]
    [InlineData("running over sent")]
    [InlineData("over sent")]
    public void Restart_HeardOfInAnyOrder_BacksOffOnce(string order)
    {
        var story = new Story(One).Open().Run("a").End("a", 3).Doing(new PodStep.Start("a", 1));

        foreach (var word in order.Split(' '))
        {
            var phase = word == "over" ? ContainerPhase.Exited : ContainerPhase.Running;
            story.Learn(word == "sent"
                ? new PodNews.StartSent("a", 1, "sha256:1")
                : new PodNews.State(new("a", 1, phase, 7, story.Now, word == "over" ? story.Now : null, word == "over" ? 3 : 0, 0, ""), IsOutOfMemory: false));
            Assert.Equal("", story.Steps);
        }

        Assert.Equal("back-off 10s restarting failed container=a pod=p_n(u)", (string?)story.ContainerStatus("a")["state"]!["waiting"]!["message"]);
        Assert.Equal("start a 2", story.After(10).Steps);
    }

    [Fact]
    public void ContainerThatCrashes_BacksOffAndRemembersItsLastRun()
    {
        var story = new Story(One).Open().Run("a").End("a", 3).Run("a").End("a", 4);
        var status = story.ContainerStatus("a");

        Assert.Equal(("Running", "waiting CrashLoopBackOff"), (story.Phase, story.State("a")));
        Assert.Equal("back-off 10s restarting failed container=a pod=p_n(u)", (string?)status["state"]!["waiting"]!["message"]);
        Assert.Equal((4, 1), ((int)status["lastState"]!["terminated"]!["exitCode"]!, (int)status["restartCount"]!));
        Assert.Equal((4, 2), ((int)story.After(10).Run("a").ContainerStatus("a")["lastState"]!["terminated"]!["exitCode"]!, (int)story.ContainerStatus("a")["restartCount"]!));
        story = story.End("a", 5).After(40).Run("a").End("a", 5).After(90).Run("a").End("a", 5);
        Assert.Equal("back-off 1m20s restarting failed container=a pod=p_n(u)", (string?)story.ContainerStatus("a")["state"]!["waiting"]!["message"]);
    }

    [Fact]
    public void ImageThatIsNotThere_IsRefusedAndThenBacksOff()
    {
        var story = new Story("{containers: [{name: a, image: x}]}").Open().Learn(new PodNews.StartRefused("a", "ErrImagePull", "no x"));

        Assert.Equal(("Pending", "waiting ErrImagePull"), (story.Phase, story.State("a")));
        Assert.Equal("waiting ImagePullBackOff", story.After(2).State("a"));
        Assert.Equal("Back-off pulling image \"x\": ErrImagePull: no x", (string?)story.ContainerStatus("a")["state"]!["waiting"]!["message"]);
    }

    [Theory]
    [InlineData("Never", 0, 0, "Succeeded", "PodCompleted")]
    [InlineData("Never", 0, 1, "Failed", "PodFailed")]
    [InlineData("OnFailure", 0, 0, "Succeeded", "PodCompleted")]
    [InlineData("OnFailure", 0, 1, "Running", "ContainersNotReady")]
    [InlineData("Always", 0, 0, "Running", "ContainersNotReady")]
    public void Phase_OfAPodWhoseContainersEnded_FollowsThePolicy(string policy, int first, int second, string phase, string reason)
    {
        var story = new Story($"{{restartPolicy: {policy}, containers: [{{name: a, image: host}}, {{name: b, image: host}}]}}").Open().Run("a", "b").End("a", first).End("b", second);

        Assert.Equal((phase, reason), (story.Phase, (string?)Condition(story.Status, "Ready")["reason"]));
    }

    [Fact]
    public void Phase_OfAPodWithAContainerStillRunning_IsRunning() =>
        Assert.Equal("Running", new Story("{restartPolicy: Never, containers: [{name: a, image: host}, {name: b, image: host}]}").Open().Run("a", "b").End("a", 1).Phase);

    [Fact]
    public void Readiness_ComesAndGoesWithTheProbe()
    {
        var story = new Story("{containers: [{name: a, image: host, readinessProbe: {exec: {command: [x]}}}, {name: b, image: host}]}").Open().Run("a", "b");

        Assert.Equal("containers with unready status: [a]", Message(story.Status, "Ready"));
        Assert.True((bool)story.ContainerStatus("a")["started"]!);
        Assert.Equal("True", (string?)Condition(story.Judge("a", ProbeKind.Readiness, isHealthy: true).Status, "Ready")["status"]);
        Assert.Equal("False", (string?)Condition(story.Judge("a", ProbeKind.Readiness, isHealthy: false).Status, "Ready")["status"]);
    }

    [Fact]
    public void ReadinessGate_OfSomebodyElse_HoldsThePodBack()
    {
        var story = new Story("{readinessGates: [{conditionType: x/y}], containers: [{name: a, image: host}]}").Open().Run("a");

        Assert.Equal("corresponding condition of pod readiness gate \"x/y\" does not exist.", Message(story.Status, "Ready"));
        Assert.Equal("True", (string?)Condition(story.Status, "ContainersReady")["status"]);
        var before = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "x/y", ["status"] = "True" }) };
        var after = PodReport.Of(story.Pod, before, story.Now);
        Assert.Equal("True", (string?)Condition(after, "Ready")["status"]);
        Assert.Equal("True", (string?)Condition(after, "x/y")["status"]);
    }

    [Fact]
    public void Condition_ThatStaysAsItIs_KeepsItsTime()
    {
        var story = new Story(One).Open().Run("a");
        var first = story.Status;

        var second = PodReport.Of(story.Pod, first, story.Now.AddHours(1));

        Assert.True(JsonNode.DeepEquals(first, second));
    }

    [Fact]
    public void Pod_PastItsDeadline_HasFailed()
    {
        var story = new Story("{activeDeadlineSeconds: 5, containers: [{name: a, image: host}]}").Open().Run("a").After(6).End("a", 143, 15);

        Assert.Equal(("Failed", "DeadlineExceeded", "Pod was active on the node longer than the specified deadline"),
            (story.Phase, (string?)story.Status["reason"], (string?)story.Status["message"]));
    }

    [Fact]
    public void Recall_OfAStoredStatus_SaysTheSame()
    {
        var story = new Story("{containers: [{name: a, image: host, readinessProbe: {exec: {command: [x]}}}]}")
            .Open().Run("a").End("a", 3).Run("a").Judge("a", ProbeKind.Readiness, isHealthy: true);
        var status = story.Status;

        story.Forget([story.Pod["a"].Run!.State], "10.244.0.2");

        Assert.True(JsonNode.DeepEquals(status, story.Status), story.Status.ToJsonString());
    }

    private static string Conditions(JsonObject status) => string.Join(' ', status["conditions"]!.AsArray().Select(c => $"{c!["type"]}={c["status"]}"));

    private static JsonNode Condition(JsonObject status, string type) => status["conditions"]!.AsArray().First(c => (string?)c!["type"] == type)!;

    private static string? Message(JsonObject status, string type) => (string?)Condition(status, type)["message"];
}
