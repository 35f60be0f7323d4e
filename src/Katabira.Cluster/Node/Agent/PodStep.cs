using Katabira.Cluster.Node.Probes;

namespace Katabira.Cluster.Node.Agent;

/// <summary>Something to do for a pod. Equal steps are one: what is being done is not begun again.</summary>
internal abstract record PodStep
{
    private PodStep()
    {
    }

    /// <summary>Give it a network and its process.</summary>
    internal sealed record OpenSandbox : PodStep;

    /// <summary>Fill its volumes.</summary>
    internal sealed record PrepareVolumes : PodStep;

    /// <summary>Start a run of a container.</summary>
    /// <param name="Attempt">The run's number, from 0.</param>
    internal sealed record Start(string Container, int Attempt) : PodStep;

    /// <summary>Run what the container wants run at this point of its life.</summary>
    /// <param name="IsStop">preStop; else postStart.</param>
    internal sealed record Hook(string Container, int Attempt, bool IsStop) : PodStep;

    /// <summary>Signal a container's first process.</summary>
    internal sealed record Signal(string Container, int Attempt, int Number) : PodStep;

    /// <summary>End its process, give back its network, its volumes and all but its logs.</summary>
    internal sealed record CloseSandbox : PodStep;

    /// <summary>Remove its object, and then what is left in its folder.</summary>
    internal sealed record Finish : PodStep;
}

/// <summary>A probe that should be asking now.</summary>
internal sealed record ProbeWish(string Container, int Attempt, ProbeKind Kind);

/// <summary>What is to be done for a pod now.</summary>
/// <param name="Steps">Those that are not being done yet.</param>
/// <param name="Probes">All that should be asking.</param>
/// <param name="LookAgain">When to decide anew without a reason; null for never.</param>
internal sealed record PodDecision(IReadOnlyList<PodStep> Steps, IReadOnlyList<ProbeWish> Probes, DateTimeOffset? LookAgain);
