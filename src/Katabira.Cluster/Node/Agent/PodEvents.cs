using Katabira.Cluster.Resources;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Agent;

/// <summary>Something to tell about a pod.</summary>
/// <param name="FieldPath">The container's place in the pod; empty for the whole pod.</param>
internal sealed record PodEvent(string Type, string Reason, string Message, string FieldPath = "");

/// <summary>What users are told about a piece of news or a step, in the words that they know. Pure.</summary>
internal static class PodEvents
{
    /// <param name="before">What was known before the news.</param>
    /// <param name="after">What is known with it.</param>
    public static IEnumerable<PodEvent> Of(PodNews news, PodMemory before, PodMemory after, DateTimeOffset now) => news switch
    {
        PodNews.SandboxFailed failed => [Warning("FailedCreatePodSandBox", $"Failed to create pod sandbox: {failed.Message}")],
        PodNews.SandboxLost when before.Sandbox == SandboxState.Up && !before.Doing.Contains(new PodStep.CloseSandbox()) => [new("Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")],
        PodNews.Volumes { Problem.Length: > 0 } failed => [Warning("FailedMount", failed.Problem)],
        PodNews.StartSent sent when PartOf(after, sent.Container) is { } part =>
            [new("Normal", "Pulled", $"Container image \"{part.Spec.Text("image")}\" already present on machine", part.FieldPath)],
        PodNews.StartRefused refused when PartOf(after, refused.Container) is { } part => Refused(part, refused, after),
        PodNews.State told when PartOf(after, told.Value.Name) is { } part => Told(part, told.Value, before, after, now),
        PodNews.Verdict { Value.EventReason.Length: > 0 } verdict when PartOf(after, verdict.Probe.Container) is { } part =>
            [Warning(verdict.Value.EventReason, verdict.Value.Message, part.FieldPath)],
        PodNews.HookDone { Error.Length: > 0 } done when PartOf(after, done.Hook.Container) is { } part =>
            [Warning(done.Hook.IsStop ? "FailedPreStopHook" : "FailedPostStartHook", done.Error, part.FieldPath)],
        _ => [],
    };

    /// <summary>What is told when a step begins.</summary>
    public static PodEvent? Of(PodStep step, PodMemory pod) => step switch
    {
        PodStep.Hook { IsStop: true } hook => Killing(pod, hook.Container),
        // after a hook that was told already
        PodStep.Signal signal when pod[signal.Container].Run is { SentSignal: 0, IsPreStopDone: false } => Killing(pod, signal.Container),
        _ => null,
    };

    private static PodEvent? Killing(PodMemory pod, string container) => PartOf(pod, container) is { } part
        ? new("Normal", "Killing", pod[container].Run?.Stop is { } cause && pod.DeletionDeadline is null ? cause.Message : $"Stopping container {container}", part.FieldPath)
        : null;

    private static IEnumerable<PodEvent> Refused(ContainerPart part, PodNews.StartRefused refused, PodMemory after)
    {
        if (refused.Reason is not "ErrImagePull")
        {
            yield return Warning("Failed", $"Error: {refused.Message}", part.FieldPath);
            yield break;
        }
        var image = part.Spec.Text("image");
        yield return Warning("Failed", $"Failed to pull image \"{image}\": {refused.Message}", part.FieldPath);
        yield return Warning("Failed", "Error: ErrImagePull", part.FieldPath);
        if (after[part.Name].Problem is { Tries: > 1 })
        {
            yield return new("Normal", "BackOff", $"Back-off pulling image \"{image}\"", part.FieldPath);
            yield return Warning("Failed", "Error: ImagePullBackOff", part.FieldPath);
        }
    }

    private static IEnumerable<PodEvent> Told(ContainerPart part, ContainerState state, PodMemory before, PodMemory after, DateTimeOffset now)
    {
        var known = before[part.Name].Run is { } run && run.State.Attempt == state.Attempt ? run.State : null;
        if (known is null)
        {
            yield return new("Normal", "Created", $"Created container: {part.Name}", part.FieldPath);
        }
        if (state.Phase is ContainerPhase.Running or ContainerPhase.Exited && known?.Phase is not (ContainerPhase.Running or ContainerPhase.Exited))
        {
            yield return new("Normal", "Started", $"Started container {part.Name}", part.FieldPath);
        }
        if (state.Phase == ContainerPhase.Failed && known?.Phase != ContainerPhase.Failed)
        {
            yield return Warning("Failed", $"Error: {state.Message}", part.FieldPath);
        }
        if (state.IsOver && known?.IsOver != true && PodPlan.EndOf(after, now) is null
            && part.StartsAgain(after.RestartPolicy, state.ExitCode) && after[part.Name].BackOff.Until(state.FinishedAt ?? now, now) > now)
        {
            yield return Warning("BackOff", $"Back-off restarting failed container {part.Name} in pod {ContainerReport.NameOf(after)}", part.FieldPath);
        }
    }

    private static ContainerPart? PartOf(PodMemory pod, string container) => pod.Parts.FirstOrDefault(p => p.Name == container);

    private static PodEvent Warning(string reason, string message, string fieldPath = "") => new("Warning", reason, message, fieldPath);
}
