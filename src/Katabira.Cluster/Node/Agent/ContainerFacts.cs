using Katabira.Cluster.Node.Probes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Agent;

/// <summary>What follows from what is known about a container and from what its author wrote. Pure.</summary>
internal static class ContainerFacts
{
    public static bool HasHook(this ContainerPart part, bool isStop) => part.Spec.Child("lifecycle").Has(isStop ? "preStop" : "postStart");

    public static bool HasProbe(this ContainerPart part, ProbeKind kind) => part.Spec.Has(PodLearning.FieldOf(kind));

    /// <summary>It runs, its postStart hook has, and its startup probe has succeeded.</summary>
    public static bool IsStarted(this PodMemory pod, ContainerPart part) =>
        pod[part.Name].Run is { IsRunning: true } run
        && (run.IsPostStartDone || !part.HasHook(isStop: false))
        && (run.HasStarted || !part.HasProbe(ProbeKind.Startup));

    /// <summary>It has started, and its readiness probe succeeds. A container that only prepares is ready when it has done so.</summary>
    public static bool IsReady(this PodMemory pod, ContainerPart part) => part.Role == ContainerRole.Init
        ? pod[part.Name].Run is { HasSucceeded: true }
        : pod.IsStarted(part) && (pod[part.Name].Run is { IsHealthy: true } || !part.HasProbe(ProbeKind.Readiness));

    /// <summary>Every main container may run: one has, in this sandbox, or all that prepares is done.</summary>
    public static bool IsInitialized(this PodMemory pod) =>
        pod.Parts.Any(p => p.Role == ContainerRole.Main && pod[p.Name].Run is { IsHere: true })
        || pod.Parts.All(p => p.Role switch
        {
            ContainerRole.Main => true,
            ContainerRole.Sidecar => pod.IsStarted(p),
            _ => pod[p.Name].Run is { HasSucceeded: true, IsHere: true },
        });

    /// <summary>It has ended and will not be started again.</summary>
    public static bool IsDone(this PodMemory pod, ContainerPart part) =>
        pod[part.Name] is { Run: { State.IsOver: true } run } known && known.Attempted == run.State.Attempt && !part.StartsAgain(pod.RestartPolicy, run.State.ExitCode);

    /// <summary>Nothing that the pod is there for will run again.</summary>
    public static bool IsFinished(this PodMemory pod) =>
        PodPhase.IsFinal(pod.Pod.Child("status").Text("phase"))
        || pod.Parts.Any(p => p.Role == ContainerRole.Init && pod.IsDone(p) && pod[p.Name].Run is { HasSucceeded: false })
        || pod.Parts.All(p => p.Role != ContainerRole.Main || pod.IsDone(p));
}
