using System.Collections.Frozen;

namespace Katabira.Model.Mtls;

/// <summary>What one workload accepts on each of its ports: the composed answer that the index keeps per workload.</summary>
/// <param name="Policies">The policies that speak for it.</param>
public readonly record struct WorkloadMtls(ChosenPolicies Policies)
{
    /// <summary>The answer for every port without one of its own.</summary>
    public ModeDecision Mode => Policies.Decide();

    /// <summary>The answer for one port.</summary>
    public ModeDecision ForPort(ushort port) => Policies.Decide(port);

    /// <summary>The ports with an answer of their own.</summary>
    public FrozenDictionary<ushort, EffectiveMode?> Ports => Policies.Workload?.Ports ?? FrozenDictionary<ushort, EffectiveMode?>.Empty;

    /// <summary>True if no connection and no explanation would come out differently.</summary>
    internal bool SameAs(WorkloadMtls other) =>
        Policies == other.Policies || (Same(Mode, other.Mode) && SamePorts(other));

    private bool SamePorts(WorkloadMtls other)
    {
        if (Ports.Count != other.Ports.Count)
        {
            return false;
        }
        foreach (var port in Ports.Keys)
        {
            if (!other.Ports.ContainsKey(port) || !Same(ForPort(port), other.ForPort(port)))
            {
                return false;
            }
        }
        return true;
    }

    private static bool Same(ModeDecision left, ModeDecision right) =>
        left.Mode == right.Mode && left.Level == right.Level && left.Winner?.Key == right.Winner?.Key;
}
