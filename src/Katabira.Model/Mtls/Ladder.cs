using System.Collections.Immutable;

namespace Katabira.Model.Mtls;

/// <summary>Why a port has its mode: every policy that was considered, from the narrowest to the widest, each with its fate. Immutable.</summary>
/// <remarks>Exactly one rung is <see cref="Fate.Applied"/>; its policy is <see cref="ModeDecision.Winner"/>.</remarks>
/// <param name="Decision">The answer that the rungs explain.</param>
/// <param name="Rungs">The policies. The last rung is always the default of the mesh.</param>
public sealed record Ladder(ModeDecision Decision, ImmutableArray<Rung> Rungs);

/// <summary>One policy, or one part of a policy, and what became of it.</summary>
/// <param name="Level">Where it stands.</param>
/// <param name="Policy">The policy; null for the default.</param>
/// <param name="Says">The mode it sets; null if it sets none.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Words">The fate in a sentence, with what to do where something looks unintended.</param>
public sealed record Rung(RungLevel Level, PeerAuthenticationModel? Policy, EffectiveMode? Says, Fate Fate, string Words);

/// <summary>How narrow a rung is. Ordered: the first that sets a mode wins.</summary>
public enum RungLevel
{
    /// <summary>A port named by a policy that selects the workload.</summary>
    Port,

    /// <summary>A policy that selects the workload.</summary>
    Workload,

    /// <summary>A policy of the namespace.</summary>
    Namespace,

    /// <summary>A policy of the mesh.</summary>
    Mesh,

    /// <summary>No policy.</summary>
    Default,
}

/// <summary>What became of a policy that was considered.</summary>
public enum Fate
{
    /// <summary>It decides.</summary>
    Applied,

    /// <summary>It counts, but a narrower one sets a mode too.</summary>
    Overridden,

    /// <summary>It counts, but sets no mode.</summary>
    SaysNothing,

    /// <summary>An older policy of the same scope speaks alone.</summary>
    Shadowed,

    /// <summary>It lacks the port that was asked for.</summary>
    PortNotListed,

    /// <summary>It lists ports, but has no selector: they do not count.</summary>
    PortsWithoutSelector,

    /// <summary>Its labels are those of other workloads.</summary>
    SelectsOthers,

    /// <summary>It has a selector and lives in the root namespace.</summary>
    IgnoredInRoot,
}
