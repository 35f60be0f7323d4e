using Katabira.Cluster.Node.Probes;
using Katabira.Cluster.Resources;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Agent;

/// <summary>What a piece of news makes of what is known. Pure.</summary>
internal static class PodLearning
{
    private const int KilledCode = 137;

    private static readonly TimeSpan s_configurationPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(2);

    public static PodMemory Learn(this PodMemory pod, PodNews news, DateTimeOffset now) => news switch
    {
        PodNews.Changed changed => pod with { Pod = changed.Pod },
        PodNews.Gone => pod with { IsGone = true },
        PodNews.SandboxUp up => pod with { Sandbox = SandboxState.Up, Address = up.Address, SandboxProblem = null },
        PodNews.SandboxFailed failed => pod with { SandboxProblem = Again(pod.SandboxProblem, "FailedCreatePodSandBox", failed.Message, now, TimeSpan.FromSeconds(1)) },
        PodNews.SandboxLost when pod.Sandbox == SandboxState.Closed => pod,
        PodNews.SandboxLost lost => Lose(pod, lost.States, now),
        PodNews.SandboxClosed => Lose(pod, [], now) with { Sandbox = SandboxState.Closed },
        PodNews.Volumes { Problem.Length: 0 } => pod with { HasVolumes = true, VolumeProblem = null },
        PodNews.Volumes failed => pod with { VolumeProblem = Again(pod.VolumeProblem, "FailedMount", failed.Problem, now, TimeSpan.FromMilliseconds(500)) },
        PodNews.StartSent sent => Sent(pod, sent, now),
        PodNews.StartRefused refused => Refused(pod, refused, now),
        PodNews.State state => Told(pod, state),
        PodNews.Verdict verdict => Judged(pod, verdict, now),
        PodNews.HookDone done => Hooked(pod, done, now),
        PodNews.Signalled { Sent: var sent } => OnRun(pod, sent.Container, sent.Attempt, run => run with { SentSignal = Math.Max(run.SentSignal, Strength(sent.Number)) }),
        PodNews.TryAgain => Hurry(pod, now),
        _ => pod,
    };

    /// <summary>The seconds that a container has to end in, when a probe wants it to.</summary>
    private static long GraceOf(PodMemory pod, ContainerPart part, ProbeKind kind) =>
        part.Spec.Child(FieldOf(kind)).Integer("terminationGracePeriodSeconds") ?? pod.Pod.Child("spec").Integer("terminationGracePeriodSeconds") ?? 30;

    /// <summary>The field of a container that holds a probe.</summary>
    public static string FieldOf(ProbeKind kind) => kind switch
    {
        ProbeKind.Startup => "startupProbe",
        ProbeKind.Liveness => "livenessProbe",
        _ => "readinessProbe",
    };

    private static int Strength(int signal) => signal == 9 ? 9 : 1;

    private static PodMemory Sent(PodMemory pod, PodNews.StartSent sent, DateTimeOffset now)
    {
        var known = pod[sent.Container];
        return pod.With(sent.Container, Attempt(known, sent.Attempt, now) with { Problem = null, ImageId = sent.ImageId });
    }

    /// <summary>
    /// A start was made. It is heard of twice, from who made it and from the pod that saw it, in any order, and a program can have ended before both: it
    /// counts when it is heard of first. The first start is no second try.
    /// </summary>
    private static ContainerMemory Attempt(ContainerMemory known, int attempt, DateTimeOffset at) =>
        attempt <= known.Attempted ? known : known with { Attempted = attempt, BackOff = attempt > 0 ? known.BackOff.Next(at) : known.BackOff };

    private static PodMemory Refused(PodMemory pod, PodNews.StartRefused refused, DateTimeOffset now)
    {
        var known = pod[refused.Container];
        var tries = known.Problem?.Reason == refused.Reason ? known.Problem.Tries + 1 : 1;
        var pause = refused.Reason == "ErrImagePull" ? BackOff.After(tries, now).Pause : s_configurationPause;
        return pod.With(refused.Container, known with { Problem = new(refused.Reason, refused.Message, now, now + pause, tries) });
    }

    private static PodMemory Told(PodMemory pod, PodNews.State told)
    {
        var (known, state) = (pod[told.Value.Name], told.Value);
        if (known.Run is { } run && run.State.Attempt == state.Attempt)
        {
            run = run with { State = state, IsHere = true, IsOutOfMemory = run.IsOutOfMemory || told.IsOutOfMemory };
            return pod.With(state.Name, known with { Run = run });
        }
        if (known.Run is { } later && later.State.Attempt > state.Attempt)
        {
            return pod;
        }
        return pod.With(state.Name, Attempt(known, state.Attempt, state.StartedAt) with
        {
            Run = new(state) { IsOutOfMemory = told.IsOutOfMemory },
            Past = known.Run?.Past ?? known.Past,
            Problem = null,
        });
    }

    private static PodMemory Judged(PodMemory pod, PodNews.Verdict verdict, DateTimeOffset now)
    {
        if (!verdict.Value.IsChange || pod.Parts.FirstOrDefault(p => p.Name == verdict.Probe.Container) is not { } part)
        {
            return pod;
        }
        return OnRun(pod, part.Name, verdict.Probe.Attempt, run => (verdict.Probe.Kind, verdict.Value.Healthy) switch
        {
            (ProbeKind.Startup, true) => run with { HasStarted = true },
            (ProbeKind.Readiness, var isHealthy) => run with { IsHealthy = isHealthy },
            (var kind, false) => run with
            {
                Stop = run.Stop ?? new($"Container {part.Name} failed {(kind == ProbeKind.Startup ? "startup" : "liveness")} probe, will be restarted",
                    now.AddSeconds(GraceOf(pod, part, kind))),
            },
            _ => run,
        });
    }

    private static PodMemory Hooked(PodMemory pod, PodNews.HookDone done, DateTimeOffset now) => OnRun(pod, done.Hook.Container, done.Hook.Attempt, run =>
        done.Hook.IsStop ? run with { IsPreStopDone = true }
        : done.Error.Length == 0 ? run with { IsPostStartDone = true }
        : run with
        {
            IsPostStartDone = true,
            Stop = run.Stop ?? new("FailedPostStartHook", now.AddSeconds(pod.Pod.Child("spec").Integer("terminationGracePeriodSeconds") ?? 30)),
        });

    private static PodMemory OnRun(PodMemory pod, string container, int attempt, Func<ContainerRun, ContainerRun> change) =>
        pod[container] is { Run: { } run } known && run.State.Attempt == attempt && run.IsAlive ? pod.With(container, known with { Run = change(run) }) : pod;

    /// <summary>The pod's process is gone, and every container with it.</summary>
    private static PodMemory Lose(PodMemory pod, IReadOnlyList<ContainerState> states, DateTimeOffset now)
    {
        foreach (var state in states)
        {
            pod = Told(pod, new(state, IsOutOfMemory: false));
        }
        foreach (var (name, known) in pod.Containers)
        {
            if (known.Run is not { } run)
            {
                pod = pod.With(name, known with { Attempted = -1 });
                continue;
            }
            var state = run.State.IsOver ? run.State : run.State with
            {
                Phase = ContainerPhase.Exited,
                Pid = 0,
                FinishedAt = now,
                ExitCode = KilledCode,
                Signal = 9,
                Message = "the pod's process ended, and the container with it",
            };
            pod = pod.With(name, known with { Run = run with { State = state, IsHere = false }, Attempted = state.Attempt });
        }
        return pod with { Sandbox = SandboxState.None };
    }

    private static Problem Again(Problem? before, string reason, string message, DateTimeOffset now, TimeSpan first)
    {
        var tries = (before?.Tries ?? 0) + 1;
        var pause = TimeSpan.FromTicks(Math.Min(s_longestPause.Ticks, first.Ticks << Math.Min(tries - 1, 20)));
        return new(reason, message, now, now + pause, tries);
    }

    private static PodMemory Hurry(PodMemory pod, DateTimeOffset now)
    {
        foreach (var (name, known) in pod.Containers)
        {
            if (known.Problem is { Reason: not ("ErrImagePull" or "InvalidImageName") } problem)
            {
                pod = pod.With(name, known with { Problem = problem with { RetryAt = now } });
            }
        }
        return pod with { VolumeProblem = pod.VolumeProblem is { } trouble ? trouble with { RetryAt = now } : null };
    }
}
