using System.Collections.Immutable;
using System.Globalization;
using Katabira.Model.Mesh;

namespace Katabira.Model.Mtls;

/// <summary>Puts a decision into words. Decides nothing: every fate follows from the <see cref="ChosenPolicies"/> it is given.</summary>
internal static class LadderWriter
{
    public static Ladder Write(ChosenPolicies chosen, ImmutableArray<PeerAuthenticationModel> considered, Workload workload, ushort? port)
    {
        var decision = chosen.Decide(port);
        var rungs = ImmutableArray.CreateBuilder<Rung>();
        foreach (var policy in considered)
        {
            if (port is { } number && policy.Ports.Count > 0 && OfPort(policy, chosen, decision, number) is { } rung)
            {
                rungs.Add(rung);
            }
            rungs.Add(OfPolicy(policy, chosen, decision, workload));
        }
        rungs.Add(OfDefault(decision));
        rungs.Sort((a, b) => a.Level != b.Level ? a.Level.CompareTo(b.Level) : PeerAuthenticationModel.ByAge(a.Policy!, b.Policy!));
        return new Ladder(decision, rungs.ToImmutable());
    }

    /// <summary>The port's own entry; null where the policy as a whole does not count, because its other rung says why.</summary>
    private static Rung? OfPort(PeerAuthenticationModel policy, ChosenPolicies chosen, ModeDecision decision, ushort port)
    {
        var listed = policy.Ports.TryGetValue(port, out var says);
        if (policy.Scope is PolicyScope.Namespace or PolicyScope.Mesh && Chosen(policy, chosen) == policy)
        {
            return listed
                ? new(RungLevel.Port, policy, says, Fate.PortsWithoutSelector, "its portLevelMtls does not count: ports need a selector beside them")
                : null;
        }
        if (policy != chosen.Workload)
        {
            return null;
        }
        if (!listed)
        {
            return new(RungLevel.Port, policy, null, Fate.PortNotListed, string.Create(CultureInfo.InvariantCulture, $"port {port} is not listed"));
        }
        return decision.Level == RungLevel.Port
            ? new(RungLevel.Port, policy, says, Fate.Applied, string.Create(CultureInfo.InvariantCulture, $"applied: it says {Says(says)} for port {port}"))
            : new(RungLevel.Port, policy, says, Fate.SaysNothing, string.Create(CultureInfo.InvariantCulture, $"lists port {port} without a mode: the policy's own mode decides, else a wider one"));
    }

    private static Rung OfPolicy(PeerAuthenticationModel policy, ChosenPolicies chosen, ModeDecision decision, Workload workload)
    {
        var (fate, words) = FateOf(policy, chosen, decision, workload);
        return new(LevelOf(policy.Scope), policy, policy.Mode, fate, words);
    }

    private static (Fate Fate, string Words) FateOf(PeerAuthenticationModel policy, ChosenPolicies chosen, ModeDecision decision, Workload workload) => policy switch
    {
        { Scope: PolicyScope.Nothing } =>
            (Fate.IgnoredInRoot, $"ignored: it has a selector in the root namespace {policy.Key.Namespace}; move it to the namespace of the workloads it means"),
        { Scope: PolicyScope.Workload } when !policy.Selects(workload.Labels) =>
            (Fate.SelectsOthers, $"selects other workloads: {FirstMismatch(policy, workload)}"),
        _ when Chosen(policy, chosen) is { } older && older != policy => (Fate.Shadowed, Shadowed(policy, older)),
        { Mode: null } => (Fate.SaysNothing, "sets no mode: the next wider policy decides"),
        _ when decision.Winner == policy && decision.Level != RungLevel.Port => (Fate.Applied, $"applied: it says {Says(policy.Mode)} for the {Place(policy.Scope)}"),
        _ when decision.Level == RungLevel.Port && decision.Winner == policy => (Fate.Overridden, "overridden by its own entry for the port"),
        _ => (Fate.Overridden, $"overridden by {decision.Winner}, which is narrower"),
    };

    private static Rung OfDefault(ModeDecision decision) => decision.Level == RungLevel.Default
        ? new(RungLevel.Default, null, EffectiveMode.Permissive, Fate.Applied, "applied: no policy sets a mode, and a mesh accepts both by default")
        : new(RungLevel.Default, null, EffectiveMode.Permissive, Fate.Overridden, $"overridden by {decision.Winner}");

    private static PeerAuthenticationModel? Chosen(PeerAuthenticationModel policy, ChosenPolicies chosen) => policy.Scope switch
    {
        PolicyScope.Workload => chosen.Workload,
        PolicyScope.Namespace => chosen.Namespace,
        PolicyScope.Mesh => chosen.Mesh,
        _ => null,
    };

    private static RungLevel LevelOf(PolicyScope scope) => scope switch
    {
        PolicyScope.Workload => RungLevel.Workload,
        PolicyScope.Namespace => RungLevel.Namespace,
        _ => RungLevel.Mesh,
    };

    private static string Shadowed(PeerAuthenticationModel policy, PeerAuthenticationModel older)
    {
        var place = policy.Scope == PolicyScope.Workload ? "workload" : Place(policy.Scope);
        return policy.Metadata.CreationTimestamp == older.Metadata.CreationTimestamp
            ? $"shadowed: {older} is as old and comes first by name, and only one policy of a {place} counts"
            : $"shadowed: {older} is older, and only the oldest policy of a {place} counts";
    }

    private static string FirstMismatch(PeerAuthenticationModel policy, Workload workload)
    {
        foreach (var (key, value) in policy.Selector)
        {
            if (!workload.Labels.TryGetValue(key, out var actual))
            {
                return $"it wants {key}={value}, this one has no label {key}";
            }
            if (actual != value)
            {
                return $"it wants {key}={value}, this one has {key}={actual}";
            }
        }
        return "";
    }

    private static string Place(PolicyScope scope) => scope switch
    {
        PolicyScope.Workload => "workloads it selects",
        PolicyScope.Namespace => "namespace",
        _ => "mesh",
    };

    private static string Says(EffectiveMode? mode) => mode?.Text() ?? "nothing";
}
