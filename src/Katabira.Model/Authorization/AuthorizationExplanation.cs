using System.Collections.Immutable;

namespace Katabira.Model.Authorization;

/// <summary>A decision with everything that was considered. Immutable.</summary>
/// <param name="Decision">The decision, the same that <see cref="AuthorizationModel.Decide"/> gives.</param>
/// <param name="Findings">Every policy of the workload's namespace and of the root namespace, in the order in which they are asked; those that do not hold for it come last.</param>
public sealed record AuthorizationExplanation(AuthorizationDecision Decision, ImmutableArray<AuthorizationFinding> Findings);

/// <summary>What one policy has to do with a connection.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Rule">The rule that matches, counted from zero; null if none does.</param>
/// <param name="Words">The fate in a sentence; where nothing matches, what the nearest rule wants instead.</param>
public sealed record AuthorizationFinding(AuthorizationPolicyModel Policy, AuthorizationFate Fate, int? Rule, string Words);

/// <summary>What became of a policy.</summary>
public enum AuthorizationFate
{
    /// <summary>It decides. Exactly one policy does, unless no policy decides by itself.</summary>
    Decides,

    /// <summary>It matches, but another one has decided before.</summary>
    Matches,

    /// <summary>None of its rules matches.</summary>
    DoesNotMatch,

    /// <summary>An AUDIT policy that matches: the connection is to be noted.</summary>
    Notes,

    /// <summary>It matches, and would have its effect if it were not a dry run.</summary>
    WouldApply,

    /// <summary>It is attached to objects; connections to a workload do not come by them.</summary>
    LeftOut,

    /// <summary>Its labels are those of other workloads.</summary>
    SelectsOthers,
}
