using System.Text.Json.Nodes;
using Katabira.Cluster.Node.Agent;
using Katabira.Cluster.Node.Probes;
using Katabira.Net.Pods;
using Katabira.Tests.Support;

namespace Katabira.Tests.Cluster.Node.Agent;

/// <summary>A pod's life as a test tells it: news come, time passes, and what is decided is begun and done at once or later.</summary>
internal sealed class Story
{
    public static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Story(string spec)
    {
        var pod = YamlJson.Node($$"""
            metadata: {name: p, namespace: n, uid: u}
            spec: {{spec}}
            """)!.AsObject();
        Pod = new(pod) { StartTime = Beginning };
    }

    public PodMemory Pod { get; private set; }

    public DateTimeOffset Now { get; private set; } = Beginning;

    public PodDecision Decision => PodPlan.Decide(Pod, Now);

    /// <summary>What is to be begun now, in few words.</summary>
    public string Steps => string.Join(", ", Decision.Steps.Select(Word));

    /// <summary>The probes that should be asking.</summary>
    public string Probes => string.Join(", ", Decision.Probes.Select(p => $"{p.Container} {p.Kind}"));

    public JsonObject Status => PodReport.Of(Pod, Pod.Pod["status"] as JsonObject, Now);

    public string Phase => (string)Status["phase"]!;

    public JsonObject ContainerStatus(string name) =>
        ((JsonArray)Status["containerStatuses"]!).Concat(Status["initContainerStatuses"] as JsonArray ?? []).Select(s => s!.AsObject()).First(s => (string?)s["name"] == name);

    /// <summary>A container's state in few words.</summary>
    public string State(string name)
    {
        var status = ContainerStatus(name);
        var (kind, state) = status["state"]!.AsObject().First();
        return kind == "running" ? "running" : $"{kind} {state!["reason"]}";
    }

    public Story After(double seconds)
    {
        Now = Now.AddSeconds(seconds);
        return this;
    }

    public Story Learn(params PodNews[] news)
    {
        foreach (var piece in news)
        {
            Pod = Pod.Learn(piece, Now);
        }
        return this;
    }

    /// <summary>Sandbox and volumes are there.</summary>
    public Story Open() => Learn(new PodNews.SandboxUp("10.244.0.2"), new PodNews.Volumes(""));

    /// <summary>A container's next run is asked for and runs.</summary>
    public Story Run(params string[] containers)
    {
        foreach (var container in containers)
        {
            var attempt = Pod[container].Attempted + 1;
            Learn(new PodNews.StartSent(container, attempt, "sha256:1"));
            Learn(new PodNews.State(new(container, attempt, ContainerPhase.Running, 7, Now, null, 0, 0, ""), IsOutOfMemory: false));
        }
        return this;
    }

    /// <summary>A container's run ends.</summary>
    public Story End(string container, int code = 0, int signal = 0, string failure = "", bool isOutOfMemory = false)
    {
        var run = Pod[container].Run!.State;
        return Learn(new PodNews.State(run with
        {
            Phase = failure.Length > 0 ? ContainerPhase.Failed : ContainerPhase.Exited,
            Pid = 0,
            FinishedAt = Now,
            ExitCode = code,
            Signal = signal,
            Message = failure,
        }, isOutOfMemory));
    }

    public Story Judge(string container, ProbeKind kind, bool isHealthy) =>
        Learn(new PodNews.Verdict(new(container, Pod[container].Run!.State.Attempt, kind), new(isHealthy, IsChange: true, "", "")));

    public Story Signalled(string container, int signal) => Learn(new PodNews.Signalled(new(container, Pod[container].Run!.State.Attempt, signal)));

    /// <summary>Somebody deletes the pod.</summary>
    public Story Delete(int grace = 30)
    {
        var pod = Pod.Pod.DeepClone().AsObject();
        pod["metadata"]!["deletionTimestamp"] = Now.AddSeconds(grace).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        return Learn(new PodNews.Changed(pod));
    }

    /// <summary>Something is being done.</summary>
    public Story Doing(params PodStep[] steps)
    {
        Pod = Pod with { Doing = [.. Pod.Doing, .. steps] };
        return this;
    }

    /// <summary>The status is stored, and what follows is decided by an agent that knows nothing else.</summary>
    public Story Forget(IReadOnlyList<ContainerState> states, string? address)
    {
        var pod = Pod.Pod.DeepClone().AsObject();
        pod["status"] = Status;
        Pod = PodRecall.Of(pod, states, address, Now);
        return this;
    }

    private static string Word(PodStep step) => step switch
    {
        PodStep.OpenSandbox => "open",
        PodStep.PrepareVolumes => "volumes",
        PodStep.Start start => $"start {start.Container} {start.Attempt}",
        PodStep.Hook hook => $"{(hook.IsStop ? "preStop" : "postStart")} {hook.Container}",
        PodStep.Signal signal => $"signal {signal.Container} {signal.Number}",
        PodStep.CloseSandbox => "close",
        _ => "finish",
    };
}
