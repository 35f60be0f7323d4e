using Katabira.Cluster.Node.Probes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Agent;

/// <summary>
/// Decides what is to be done for a pod: what a <see cref="PodMemory"/> and the clock say, and nothing else. Pure. The order is Kubernetes': sandbox and
/// volumes, what prepares one after the other, then all main containers at once; and backwards at the end.
/// </summary>
internal static class PodPlan
{
    /// <summary>How long <c>ErrImagePull</c> is seen before it is called a back-off.</summary>
    public static readonly TimeSpan RefusalShown = TimeSpan.FromSeconds(2);

    /// <summary>What a sidecar has at least after the main containers, whatever the pod's deadline.</summary>
    private static readonly TimeSpan s_leastGrace = TimeSpan.FromSeconds(2);

    public static PodDecision Decide(PodMemory pod, DateTimeOffset now)
    {
        var draft = new Draft(pod, now);
        if (pod.IsGone || pod.Sandbox == SandboxState.Closed)
        {
            Close(draft);
        }
        else if (EndOf(pod, now) is { } deadline)
        {
            Stop(draft, deadline);
        }
        else
        {
            Run(draft);
        }
        return new(draft.Steps, draft.Probes, draft.LookAgain);
    }

    /// <summary>If the pod has to end: when what still runs is killed. Null if it goes on.</summary>
    public static DateTimeOffset? EndOf(PodMemory pod, DateTimeOffset now)
    {
        if (pod.DeletionDeadline is { } deleted)
        {
            return deleted;
        }
        var grace = TimeSpan.FromSeconds(pod.Pod.Child("spec").Integer("terminationGracePeriodSeconds") ?? 30);
        if (pod.ActiveDeadline is { } active && active <= now)
        {
            return active + grace;
        }
        if (!pod.IsFinished())
        {
            return null;
        }
        return pod.Parts.Select(p => pod[p.Name].Run?.State.FinishedAt).Max() is { } last ? last + grace : now;
    }

    private static void Close(Draft draft)
    {
        var pod = draft.Pod;
        if (pod.Doing.Any(s => s is PodStep.OpenSandbox or PodStep.PrepareVolumes or PodStep.Start))
        {
            return; // what is being made is only known when it is there
        }
        if (pod.Sandbox != SandboxState.Closed)
        {
            draft.Do(new PodStep.CloseSandbox());
        }
        else if (pod.IsGone || pod.DeletionDeadline is not null)
        {
            draft.Do(new PodStep.Finish());
        }
    }

    private static void Stop(Draft draft, DateTimeOffset deadline)
    {
        var pod = draft.Pod;
        var alive = pod.Parts.Where(p => pod[p.Name].Run is { IsAlive: true }).ToList();
        var first = alive.Where(p => p.Role != ContainerRole.Sidecar).ToList();
        foreach (var part in first)
        {
            StopContainer(draft, part, deadline);
            Ask(draft, part, ProbeKind.Readiness);
        }
        if (first.Count > 0)
        {
            return;
        }
        if (alive.LastOrDefault() is { } sidecar)
        {
            // those that started first are needed by the later ones
            var left = pod.Parts.Where(p => p.Role == ContainerRole.Main).Select(p => pod[p.Name].Run?.State.FinishedAt + s_leastGrace).Max();
            StopContainer(draft, sidecar, left > deadline ? left.Value : deadline);
            return;
        }
        Close(draft);
    }

    private static void StopContainer(Draft draft, ContainerPart part, DateTimeOffset deadline)
    {
        if (draft.Pod[part.Name].Run is not { IsAlive: true } run)
        {
            return;
        }
        var attempt = run.State.Attempt;
        if (draft.Now >= deadline)
        {
            if (run.SentSignal != 9)
            {
                draft.Do(new PodStep.Signal(part.Name, attempt, 9));
            }
            return;
        }
        draft.LookAgainAt(deadline);
        if (run.IsRunning && part.HasHook(isStop: true) && !run.IsPreStopDone)
        {
            draft.Do(new PodStep.Hook(part.Name, attempt, IsStop: true));
        }
        else if (run.SentSignal == 0)
        {
            draft.Do(new PodStep.Signal(part.Name, attempt, 15));
        }
    }

    private static void Run(Draft draft)
    {
        var pod = draft.Pod;
        draft.LookAgainAt(pod.ActiveDeadline);
        if (pod.Sandbox != SandboxState.Up)
        {
            draft.Try(pod.SandboxProblem, new PodStep.OpenSandbox());
        }
        if (!pod.HasVolumes)
        {
            draft.Try(pod.VolumeProblem, new PodStep.PrepareVolumes());
        }
        if (pod.Sandbox != SandboxState.Up || !pod.HasVolumes)
        {
            return;
        }
        var isInitialized = pod.IsInitialized();
        foreach (var part in pod.Parts)
        {
            if (part.Role == ContainerRole.Init && (isInitialized || pod[part.Name].Run is { HasSucceeded: true, IsHere: true }))
            {
                continue;
            }
            Keep(draft, part);
            if (part.Role != ContainerRole.Main && !isInitialized && !(part.Role == ContainerRole.Sidecar && pod.IsStarted(part)))
            {
                return;
            }
        }
    }

    /// <summary>Whatever a container needs now: a start, a hook, its probes, or an end before the next start.</summary>
    private static void Keep(Draft draft, ContainerPart part)
    {
        var known = draft.Pod[part.Name];
        if (known.Run is not { IsAlive: true } run)
        {
            Start(draft, part, known);
            return;
        }
        if (run.Stop is { } cause)
        {
            StopContainer(draft, part, cause.Deadline);
            return;
        }
        if (run.IsRunning && part.HasHook(isStop: false) && !run.IsPostStartDone)
        {
            draft.Do(new PodStep.Hook(part.Name, run.State.Attempt, IsStop: false));
        }
        if (run.IsRunning && part.HasProbe(ProbeKind.Startup) && !run.HasStarted)
        {
            Ask(draft, part, ProbeKind.Startup);
            return;
        }
        Ask(draft, part, ProbeKind.Liveness);
        Ask(draft, part, ProbeKind.Readiness);
    }

    private static void Start(Draft draft, ContainerPart part, ContainerMemory known)
    {
        if (known.Attempted > (known.Run?.State.Attempt ?? -1) || (known.Run is { } last && !part.StartsAgain(draft.Pod.RestartPolicy, last.State.ExitCode) && !IsToPrepareAgain(part, last)))
        {
            return; // it was asked for and is about to be seen, or it has done its work
        }
        if (known.Problem is { } problem && problem.RetryAt > draft.Now)
        {
            draft.LookAgainAt(problem.RetryAt);
            draft.LookAgainAt(problem.At + RefusalShown);
            return;
        }
        if (known.Run is { State.FinishedAt: { } ended } && known.BackOff.Until(ended, draft.Now) is var until && until > draft.Now)
        {
            draft.LookAgainAt(until);
            return;
        }
        draft.Do(new PodStep.Start(part.Name, known.Attempted + 1));
    }

    /// <summary>What prepares is done again in a new sandbox, though it succeeded in the one that was lost.</summary>
    private static bool IsToPrepareAgain(ContainerPart part, ContainerRun run) => part.Role == ContainerRole.Init && !run.IsHere && run.HasSucceeded;

    private static void Ask(Draft draft, ContainerPart part, ProbeKind kind)
    {
        if (part.HasProbe(kind) && part.Role != ContainerRole.Init && draft.Pod[part.Name].Run is { IsRunning: true } run)
        {
            draft.Probes.Add(new(part.Name, run.State.Attempt, kind));
        }
    }

    /// <summary>What has been decided so far.</summary>
    private sealed class Draft(PodMemory pod, DateTimeOffset now)
    {
        public PodMemory Pod { get; } = pod;

        public DateTimeOffset Now { get; } = now;

        public List<PodStep> Steps { get; } = [];

        public List<ProbeWish> Probes { get; } = [];

        public DateTimeOffset? LookAgain { get; private set; }

        public void Do(PodStep step)
        {
            if (!Pod.Doing.Contains(step))
            {
                Steps.Add(step);
            }
        }

        public void Try(Problem? problem, PodStep step)
        {
            if (problem is not null && problem.RetryAt > Now)
            {
                LookAgainAt(problem.RetryAt);
                return;
            }
            Do(step);
        }

        public void LookAgainAt(DateTimeOffset? at)
        {
            if (at > Now && !(LookAgain < at))
            {
                LookAgain = at;
            }
        }
    }
}
