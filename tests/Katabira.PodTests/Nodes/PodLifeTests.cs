using System.Diagnostics;
using System.Text.Json.Nodes;
using Katabira.Cluster.Node;
using Katabira.Cluster.Node.Agent;
using Xunit;

namespace Katabira.PodTests.Nodes;

/// <summary>The life of pods in a cluster with a node: real processes, real networks, through the API.</summary>
public sealed class PodLifeTests
{
    [Fact]
    public async Task Deployment_Applied_BecomesReadyAndScalesAndGoes()
    {
        await using var house = await NodeHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.CreateAsync(NodeHouse.Deployments, """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 3
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: main, image: host, command: [sh, -c, "echo hello from $HOSTNAME; exec sleep 1000"]}]
            """);

        await house.UntilAsync(NodeHouse.Deployments, "web", d => NodeHouse.Text(d, "status.readyReplicas") == "3");
        var pods = await PodsAsync(house);
        var name = pods[0]["metadata"]!["name"]!.ToString();

        Assert.Equal($"hello from {name}\n", await house.LogAsync(name));
        Assert.Equal(3, pods.Select(p => NodeHouse.Text(p, "status.podIP")).Distinct().Count());
        Assert.All(pods, p => Assert.Equal(("Running", "10.244.0.1", "0"), (NodeHouse.Text(p, "status.phase"), NodeHouse.Text(p, "status.hostIP"), NodeHouse.Text(p, "status.containerStatuses.0.restartCount"))));
        (await house.Api.PatchAsync($"{NodeHouse.Deployments}/web", """{"spec":{"replicas":1}}""")).Expect(200);
        await house.UntilAsync(NodeHouse.Deployments, "web", d => NodeHouse.Text(d, "status.replicas") == "1");
        (await house.Api.DeleteAsync($"{NodeHouse.Deployments}/web", """{"propagationPolicy":"Foreground"}""")).Expect(200);
        await house.UntilGoneAsync(NodeHouse.Deployments, "web");
        foreach (var pod in await PodsAsync(house))
        {
            await house.UntilGoneAsync(NodeHouse.Pods, pod["metadata"]!["name"]!.ToString());
        }
        await UntilAsync(() => PodFolder.All(house.Home).Count == 0);
    }

    [Fact]
    public async Task Pod_ThatRuns_TellsItsLifeInStatusAndEvents()
    {
        await using var house = await NodeHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.CreateAsync(NodeHouse.Pods, NodeHouse.Pod("p", "exec sleep 1000"));

        var pod = await house.UntilPodAsync("p", NodeHouse.IsReady);

        Assert.All(["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"], c => Assert.Equal("True", NodeHouse.Condition(pod, c)));
        Assert.Equal(("katabira", "host", "true", "true", "BestEffort"), (NodeHouse.Text(pod, "spec.nodeName"), NodeHouse.Text(pod, "status.containerStatuses.0.image"),
            NodeHouse.Text(pod, "status.containerStatuses.0.ready"), NodeHouse.Text(pod, "status.containerStatuses.0.started"), NodeHouse.Text(pod, "status.qosClass")));
        Assert.StartsWith($"katabira://{NodeHouse.Text(pod, "metadata.uid")}/main/0", NodeHouse.Text(pod, "status.containerStatuses.0.containerID"), StringComparison.Ordinal);
        List<string> expected =
        [
            "Normal Created Created container: main",
            "Normal Pulled Container image \"host\" already present on machine",
            "Normal Scheduled Successfully assigned default/p to katabira",
            "Normal Started Started container main",
        ];
        await UntilAsync(async () => (await house.EventsAsync("p")).Count >= 4);
        Assert.Equal(expected, (await house.EventsAsync("p")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Cluster_StartedAgain_GoesOnWithThePodsThatLive()
    {
        await using var house = await NodeHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.CreateAsync(NodeHouse.Pods, NodeHouse.Pod("lives", "echo once; exec sleep 1000"));
        await house.CreateAsync(NodeHouse.Pods, NodeHouse.Pod("dies", "exec sleep 1000"));
        await house.CreateAsync(NodeHouse.Pods, NodeHouse.Pod("goes", "exec sleep 1000"));
        var before = await house.UntilPodAsync("lives", NodeHouse.IsReady);
        var dies = await house.UntilPodAsync("dies", NodeHouse.IsReady);
        var goes = await house.UntilPodAsync("goes", NodeHouse.IsReady);
        await house.StopAsync();
        await KillAsync(house, dies);

        await house.StartAsync();

        var again = await house.UntilPodAsync("dies", p => NodeHouse.IsReady(p) && NodeHouse.Text(p, "status.containerStatuses.0.restartCount") == "1");
        Assert.Equal("137", NodeHouse.Text(again, "status.containerStatuses.0.lastState.terminated.exitCode"));
        var after = await house.UntilPodAsync("lives", NodeHouse.IsReady);
        Assert.Equal(before["status"]!.ToJsonString(), after["status"]!.ToJsonString());
        Assert.Equal("once\n", await house.LogAsync("lives"));
        (await house.Api.DeleteAsync($"{NodeHouse.Pods}/goes")).Expect(200);
        await house.UntilGoneAsync(NodeHouse.Pods, "goes");
        await UntilAsync(() => !Directory.Exists(PodFolder.Of(house.Home, NodeHouse.Text(goes, "metadata.uid")).Path));
    }

    [Fact]
    public async Task Container_ThatCrashes_IsRestartedAndBacksOff()
    {
        await using var house = await NodeHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.CreateAsync(NodeHouse.Pods, NodeHouse.Pod("p", "echo try; exit 3"));

        var pod = await house.UntilPodAsync("p", p => NodeHouse.Text(p, "status.containerStatuses.0.state.waiting.reason") == "CrashLoopBackOff");

        Assert.Equal($"back-off 10s restarting failed container=main pod=p_default({NodeHouse.Text(pod, "metadata.uid")})", NodeHouse.Text(pod, "status.containerStatuses.0.state.waiting.message"));
        Assert.Equal(("1", "3", "Error", "Running"), (NodeHouse.Text(pod, "status.containerStatuses.0.restartCount"), NodeHouse.Text(pod, "status.containerStatuses.0.lastState.terminated.exitCode"),
            NodeHouse.Text(pod, "status.containerStatuses.0.lastState.terminated.reason"), NodeHouse.Text(pod, "status.phase")));
        Assert.Equal("try\n", await house.LogAsync("p"));
        Assert.Equal("try\n", await house.LogAsync("p", "?previous=true"));
        await UntilAsync(async () => (await house.EventsAsync("p")).Contains($"Warning BackOff Back-off restarting failed container main in pod p_default({NodeHouse.Text(pod, "metadata.uid")})"));
    }

    [Theory]
    [InlineData("exit 0", "Succeeded", "Completed")]
    [InlineData("exit 4", "Failed", "Error")]
    public async Task Pod_ThatRunsOnce_EndsAsItsContainerDid(string script, string phase, string reason)
    {
        await using var house = await NodeHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.CreateAsync(NodeHouse.Pods, NodeHouse.Pod("p", "echo done; " + script, "restartPolicy: Never"));

        var pod = await house.UntilPodAsync("p", p => NodeHouse.Text(p, "status.phase") == phase);

        Assert.Equal(reason, NodeHouse.Text(pod, "status.containerStatuses.0.state.terminated.reason"));
        Assert.Equal("done\n", await house.LogAsync("p"));
        await UntilAsync(() => !File.Exists(PodFolder.Of(house.Home, NodeHouse.Text(pod, "metadata.uid")).Socket));
        (await house.Api.DeleteAsync($"{NodeHouse.Pods}/p")).Expect(200);
        await house.UntilGoneAsync(NodeHouse.Pods, "p");
        await UntilAsync(() => PodFolder.All(house.Home).Count == 0);
    }

    [Fact]
    public async Task Containers_OfAllKinds_StartAndEndInOrder()
    {
        await using var house = await NodeHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        var shared = Directory.CreateDirectory(house.Home + "/shared").FullName;
        const string Mount = "volumeMounts: [{name: v, mountPath: /v}]";
        await house.CreateAsync(NodeHouse.Pods, $$$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: p}
            spec:
              terminationGracePeriodSeconds: 20
              volumes: [{name: v, hostPath: {path: {{{shared}}}}}]
              initContainers:
              - {name: first, image: host, command: [sh, -c, "echo first >> /v/log"], {{{Mount}}}}
              - name: sidecar
                image: host
                restartPolicy: Always
                command: [sh, -c, "trap 'echo sidecar ends >> /v/log; exit 0' TERM; sleep 0.3; echo sidecar >> /v/log; touch /tmp/up; while :; do sleep 0.1; done"]
                startupProbe: {exec: {command: [test, -e, /tmp/up]}, periodSeconds: 1}
                {{{Mount}}}
              - {name: second, image: host, command: [sh, -c, "echo second >> /v/log"], {{{Mount}}}}
              containers:
              - name: main
                image: host
                command: [sh, -c, "trap 'echo main ends >> /v/log; exit 0' TERM; echo main >> /v/log; while :; do sleep 0.1; done"]
                lifecycle:
                  preStop: {exec: {command: [sh, -c, "echo hook >> /v/log"]}}
                {{{Mount}}}
            """);
        var pod = await house.UntilPodAsync("p", NodeHouse.IsReady);
        await UntilAsync(() => File.ReadAllLines(shared + "/log").Length == 4);

        (await house.Api.DeleteAsync($"{NodeHouse.Pods}/p")).Expect(200);
        await house.UntilGoneAsync(NodeHouse.Pods, "p");

        Assert.Equal(["first", "sidecar", "second", "main", "hook", "main ends", "sidecar ends"], File.ReadAllLines(shared + "/log"));
        Assert.Equal(("Completed", "true", "Completed"), (NodeHouse.Text(pod, "status.initContainerStatuses.0.state.terminated.reason"), NodeHouse.Text(pod, "status.initContainerStatuses.1.ready"),
            NodeHouse.Text(pod, "status.initContainerStatuses.2.state.terminated.reason")));
    }

    [Fact]
    public async Task Container_ThatCannotStart_SaysWhyAndStartsWhenItCan()
    {
        await using var house = await NodeHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.CreateAsync(NodeHouse.Pods, NodeHouse.Pod("image", "true").Replace("image: host", "image: nginx:1", StringComparison.Ordinal));
        await house.CreateAsync(NodeHouse.Pods, NodeHouse.Pod("config", "echo $WORD; exec sleep 1000", "", "envFrom: [{configMapRef: {name: words}}]"));

        var image = await house.UntilPodAsync("image", p => NodeHouse.Text(p, "status.containerStatuses.0.state.waiting.reason") == "ErrImagePull");
        await house.UntilPodAsync("image", p => NodeHouse.Text(p, "status.containerStatuses.0.state.waiting.reason") == "ImagePullBackOff");
        var config = await house.UntilPodAsync("config", p => NodeHouse.Text(p, "status.containerStatuses.0.state.waiting.reason") == "CreateContainerConfigError");
        await house.CreateAsync("/api/v1/namespaces/default/configmaps", "{metadata: {name: words}, data: {WORD: given}}");
        await house.UntilPodAsync("config", NodeHouse.IsReady);

        Assert.Contains("nginx:1", NodeHouse.Text(image, "status.containerStatuses.0.state.waiting.message"), StringComparison.Ordinal);
        Assert.Equal("configmap \"words\" not found", NodeHouse.Text(config, "status.containerStatuses.0.state.waiting.message"));
        Assert.Equal("given\n", await house.LogAsync("config"));
        Assert.Equal("Pending", NodeHouse.Text(image, "status.phase"));
    }

    [Fact]
    public async Task Container_WithProbes_IsReadyWhenTheyAnswerAndRestartedWhenItIsNotAlive()
    {
        await using var house = await NodeHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.CreateAsync(NodeHouse.Pods, NodeHouse.Pod("p", "touch /tmp/alive; sleep 1; touch /tmp/ready; sleep 1; rm /tmp/alive; exec sleep 1000", "", """
            readinessProbe: {exec: {command: [test, -e, /tmp/ready]}, periodSeconds: 1}
                livenessProbe: {exec: {command: [test, -e, /tmp/alive]}, periodSeconds: 1, failureThreshold: 1}
            """));

        await house.UntilPodAsync("p", p => NodeHouse.Text(p, "status.containerStatuses.0.started") == "true" && !NodeHouse.IsReady(p));
        await house.UntilPodAsync("p", NodeHouse.IsReady);
        await house.UntilPodAsync("p", p => NodeHouse.Text(p, "status.containerStatuses.0.restartCount") == "1");

        await UntilAsync(async () => (await house.EventsAsync("p")).Contains("Normal Killing Container main failed liveness probe, will be restarted"));
        Assert.Contains(await house.EventsAsync("p"), e => e.StartsWith("Warning Unhealthy Liveness probe failed:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pod_ThatFitsNoNode_SaysWhyAndRunsWhenItDoes()
    {
        await using var house = await NodeHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        const string Why = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
        await house.CreateAsync(NodeHouse.Pods, NodeHouse.Pod("p", "exec sleep 1000", "nodeSelector: {disk: ssd}"));

        await house.UntilPodAsync("p", p => NodeHouse.Condition(p, "PodScheduled") == "False");
        await UntilAsync(async () => (await house.EventsAsync("p")).Contains($"Warning FailedScheduling {Why}"));
        (await house.Api.PatchAsync("/api/v1/nodes/katabira", """{"metadata":{"labels":{"disk":"ssd"}}}""")).Expect(200);

        await house.UntilPodAsync("p", NodeHouse.IsReady);
    }

    [Fact]
    public async Task Node_OfTheCluster_IsReadyAndHasALease()
    {
        await using var house = await NodeHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        var node = (await house.Api.GetAsync("/api/v1/nodes/katabira")).Expect(200).Json;

        Assert.Equal("True", NodeHouse.Condition(node, "Ready"));
        Assert.Equal("10.244.0.1", NodeHouse.Text(node, "status.addresses.0.address"));
        await house.UntilAsync("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", "katabira", l => NodeHouse.Text(l, "spec.renewTime").Length > 0);
    }

    [Fact]
    public async Task Node_ThatCannotRunPods_SaysWhyAndTheApiAnswers()
    {
        await using var house = await NodeHouse.OpenAsync("/no/such/program");
        await house.CreateAsync(NodeHouse.Pods, NodeHouse.Pod("p", "true"));
        var node = (await house.Api.GetAsync("/api/v1/nodes/katabira")).Expect(200).Json;

        var pod = await house.UntilPodAsync("p", p => NodeHouse.Condition(p, "PodScheduled") == "False");

        var ready = node["status"]!["conditions"]!.AsArray().First(c => (string?)c!["type"] == "Ready")!;
        var why = Environment.IsPrivilegedProcess ? "the program of pods is not there: /no/such/program" : "pods need root, for namespaces and mounts; start the cluster as root or with sudo";
        Assert.Equal(("False", "KubeletNotReady", why), ((string?)ready["status"], (string?)ready["reason"], (string?)ready["message"]));
        Assert.Equal("Pending", NodeHouse.Text(pod, "status.phase"));
        Assert.Contains("untolerated taint {node.kubernetes.io/not-ready: }", pod["status"]!["conditions"]!.ToJsonString(), StringComparison.Ordinal);
        (await house.Api.GetAsync($"{NodeHouse.Pods}/p/log")).ExpectStatus(400, "BadRequest", "pod p does not have a host assigned");
    }

    [Fact]
    public async Task Pod_WhoseProcessIsKilled_GetsAnotherOne()
    {
        await using var house = await NodeHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.CreateAsync(NodeHouse.Pods, NodeHouse.Pod("p", "exec sleep 1000"));
        var before = await house.UntilPodAsync("p", NodeHouse.IsReady);

        await KillAsync(house, before);

        var after = await house.UntilPodAsync("p", p => NodeHouse.IsReady(p) && NodeHouse.Text(p, "status.containerStatuses.0.restartCount") == "1");
        Assert.Equal(NodeHouse.Text(before, "status.podIP"), NodeHouse.Text(after, "status.podIP"));
        await UntilAsync(async () => (await house.EventsAsync("p")).Contains("Normal SandboxChanged Pod sandbox changed, it will be killed and re-created."));
    }

    [Fact]
    public async Task Pod_WithATokenAndVolumes_FindsThemAndFollowsTheirObjects()
    {
        await using var house = await NodeHouse.OpenAsync();
        if (house is null)
        {
            return;
        }
        await house.CreateAsync("/api/v1/namespaces/default/configmaps", "{metadata: {name: words}, data: {word: one}}");
        await house.CreateAsync(NodeHouse.Pods, NodeHouse.Pod(
            "p",
            "cat /var/run/secrets/kubernetes.io/serviceaccount/namespace; echo; until grep -q two /words/word; do sleep 0.1; done; echo followed; exec sleep 1000",
            "volumes: [{name: words, configMap: {name: words}}]",
            "volumeMounts: [{name: words, mountPath: /words}]"));
        await house.UntilPodAsync("p", NodeHouse.IsReady);

        (await house.Api.PatchAsync("/api/v1/namespaces/default/configmaps/words", """{"data":{"word":"two"}}""")).Expect(200);

        await UntilAsync(async () => await house.LogAsync("p") == "default\nfollowed\n");
    }

    private static async Task<List<JsonObject>> PodsAsync(NodeHouse house) =>
        [.. (await house.Api.GetAsync(NodeHouse.Pods)).Expect(200)["items"]!.AsArray().Select(p => p!.AsObject())];

    private static async Task KillAsync(NodeHouse house, JsonObject pod)
    {
        var process = new PodProcess(PodFolder.Of(house.Home, NodeHouse.Text(pod, "metadata.uid")).Socket);
        using var first = Process.GetProcessById(await process.ProcessIdAsync(PodHouse.Cancel));
        first.Kill();
        try
        {
            await foreach (var _ in process.WatchAsync(PodHouse.Cancel))
            {
            }
        }
        catch (PodGoneException)
        {
            // now it has ended
        }
    }

    /// <summary>For what nobody tells of: files, and events that are written later.</summary>
    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
        {
            await Task.Delay(20, PodHouse.Cancel);
        }
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));
}
