namespace Katabira.Model.Mtls;

/// <summary>The policies that speak for one workload, at most one of each scope: the composition every answer about mutual TLS comes from.</summary>
/// <remarks>Istio: <c>ComposePeerAuthentication</c>. Policies of one scope are never merged; the oldest speaks alone.</remarks>
/// <param name="Workload">The oldest policy that selects the workload.</param>
/// <param name="Namespace">The oldest policy of the workload's namespace without a selector.</param>
/// <param name="Mesh">The oldest policy of the root namespace without a selector.</param>
public readonly record struct ChosenPolicies(PeerAuthenticationModel? Workload, PeerAuthenticationModel? Namespace, PeerAuthenticationModel? Mesh)
{
    /// <summary>The mode of every port that the workload policy does not name.</summary>
    public ModeDecision Decide() =>
        Workload?.Mode is { } workload ? new(workload, RungLevel.Workload, Workload)
        : Namespace?.Mode is { } ns ? new(ns, RungLevel.Namespace, Namespace)
        : Mesh?.Mode is { } mesh ? new(mesh, RungLevel.Mesh, Mesh)
        : new(EffectiveMode.Permissive, RungLevel.Default, null);

    /// <summary>The mode of one port.</summary>
    /// <param name="port">The port the workload listens on, not the Service's; null asks for the ports that no policy names.</param>
    public ModeDecision Decide(ushort? port) =>
        port is { } number && Workload is not null && Workload.Ports.TryGetValue(number, out var mode) && mode is { } own
            ? new(own, RungLevel.Port, Workload)
            : Decide();
}

/// <summary>The answer: a mode, and who said so.</summary>
/// <param name="Mode">What the port accepts.</param>
/// <param name="Level">How narrow the policy that decided is.</param>
/// <param name="Winner">The policy that decided; null if none did and the default holds.</param>
public readonly record struct ModeDecision(EffectiveMode Mode, RungLevel Level, PeerAuthenticationModel? Winner);
