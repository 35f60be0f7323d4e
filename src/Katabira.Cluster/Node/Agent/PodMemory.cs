using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;
using Katabira.Net.Pods;

namespace Katabira.Cluster.Node.Agent;

/// <summary>The pod's process and its network.</summary>
internal enum SandboxState
{
    /// <summary>Not there yet, or not any more.</summary>
    None,

    Up,

    /// <summary>Everything the pod had is given back. It does not come up again.</summary>
    Closed,
}

/// <summary>Something that did not work and is tried again.</summary>
/// <param name="Reason">One word for status and events.</param>
/// <param name="Message">For people.</param>
/// <param name="At">When it failed.</param>
/// <param name="RetryAt">When it is tried again.</param>
/// <param name="Tries">How often it failed in a row.</param>
internal sealed record Problem(string Reason, string Message, DateTimeOffset At, DateTimeOffset RetryAt, int Tries);

/// <summary>Why a container is stopped though its pod goes on.</summary>
/// <param name="Message">The Event's.</param>
/// <param name="Deadline">When it is killed.</param>
internal sealed record StopCause(string Message, DateTimeOffset Deadline);

/// <summary>A run that is over, as status tells it.</summary>
internal sealed record PastRun(int Attempt, int ExitCode, string Reason, string Message, DateTimeOffset StartedAt, DateTimeOffset FinishedAt);

/// <summary>What is known about a container's latest run. Immutable.</summary>
/// <param name="State">As the pod's process told it last.</param>
internal sealed record ContainerRun(ContainerState State)
{
    /// <summary>It runs in the pod's process that is there, or ran there; false if that process is gone.</summary>
    public bool IsHere { get; init; } = true;

    /// <summary>Its startup probe has succeeded.</summary>
    public bool HasStarted { get; init; }

    /// <summary>What its readiness probe said last.</summary>
    public bool IsHealthy { get; init; }

    public bool IsPostStartDone { get; init; }

    public bool IsPreStopDone { get; init; }

    /// <summary>The strongest signal it was sent to end; 0 for none.</summary>
    public int SentSignal { get; init; }

    /// <summary>Null while nobody but the pod's end wants to stop it.</summary>
    public StopCause? Stop { get; init; }

    public bool IsOutOfMemory { get; init; }

    public bool IsAlive => IsHere && !State.IsOver;

    public bool IsRunning => IsHere && State.Phase == ContainerPhase.Running;

    /// <summary>It has ended, and its program returned zero.</summary>
    public bool HasSucceeded => State is { Phase: ContainerPhase.Exited, ExitCode: 0 };

    /// <summary>How it ended; null while it has not.</summary>
    public PastRun? Past => !State.IsOver ? null : new(State.Attempt, State.ExitCode, Reason, State.Message, State.StartedAt, State.FinishedAt ?? State.StartedAt);

    private string Reason => State switch
    {
        { Phase: ContainerPhase.Failed } => "ContainerCannotRun",
        { ExitCode: 0 } => "Completed",
        _ => IsOutOfMemory ? "OOMKilled" : "Error",
    };
}

/// <summary>What is known about a container. Immutable.</summary>
internal sealed record ContainerMemory
{
    /// <summary>Null if it never ran.</summary>
    public ContainerRun? Run { get; init; }

    /// <summary>How the run before that ended.</summary>
    public PastRun? Past { get; init; }

    /// <summary>The number of the run that was asked for last, from 0; -1 for none.</summary>
    public int Attempted { get; init; } = -1;

    /// <summary>Why it could not be started.</summary>
    public Problem? Problem { get; init; }

    public BackOff BackOff { get; init; }

    /// <summary>What it runs; empty before it runs.</summary>
    public string ImageId { get; init; } = "";
}

/// <summary>Everything that the agent knows about a pod: what it should be, and what it is. Immutable; each piece of news makes the next one.</summary>
/// <param name="Pod">The object as it was seen last; nobody changes it.</param>
internal sealed record PodMemory(JsonObject Pod)
{
    /// <summary>The object has been removed.</summary>
    public bool IsGone { get; init; }

    public SandboxState Sandbox { get; init; }

    public Problem? SandboxProblem { get; init; }

    /// <summary>Empty while it has none.</summary>
    public string Address { get; init; } = "";

    public bool HasVolumes { get; init; }

    public Problem? VolumeProblem { get; init; }

    /// <summary>When the agent saw the pod first.</summary>
    public required DateTimeOffset StartTime { get; init; }

    public ImmutableArray<ContainerPart> Parts { get; init; } = ContainerPart.Of(Pod);

    public ImmutableDictionary<string, ContainerMemory> Containers { get; init; } = ImmutableDictionary.Create<string, ContainerMemory>(StringComparer.Ordinal);

    /// <summary>What is being done. It is not begun once more.</summary>
    public ImmutableHashSet<PodStep> Doing { get; init; } = [];

    public string Uid => Pod.Child("metadata").Text("uid");

    public string RestartPolicy => Pod.Child("spec").Text("restartPolicy", "Always");

    /// <summary>When the pod's time is over, because it is deleted; null if it is not. The stored time has whole seconds, so it is rounded up.</summary>
    public DateTimeOffset? DeletionDeadline => Pod.Child("metadata").Time("deletionTimestamp")?.AddSeconds(1);

    /// <summary>When it has run for as long as it may; null for no limit.</summary>
    public DateTimeOffset? ActiveDeadline => Pod.Child("spec").Integer("activeDeadlineSeconds") is { } seconds ? StartTime.AddSeconds(seconds) : null;

    public ContainerMemory this[string container] => Containers.GetValueOrDefault(container, s_unknown);

    private static readonly ContainerMemory s_unknown = new();

    public PodMemory With(string container, ContainerMemory memory) => this with { Containers = Containers.SetItem(container, memory) };
}
