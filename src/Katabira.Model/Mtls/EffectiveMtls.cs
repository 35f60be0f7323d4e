using System.Collections.Immutable;
using Katabira.Model.Mesh;

namespace Katabira.Model.Mtls;

/// <summary>Which mode a port has and why: the one function that the compiler, the proxy, the command line and the console ask.</summary>
/// <remarks>Pure and thread-safe. The order of the policies never matters. Source: istio/istio pilot/pkg/security/authn/policy_applier.go.</remarks>
public static class EffectiveMtls
{
    /// <summary>Answers for one port of one workload, with every policy that was considered.</summary>
    /// <param name="settings">The mesh.</param>
    /// <param name="policies">All policies; those of namespaces that cannot concern the workload are passed over.</param>
    /// <param name="workload">The workload that accepts the connection.</param>
    /// <param name="port">The port it listens on; null asks for the ports that no policy names.</param>
    public static Ladder Explain(MeshSettings settings, IEnumerable<PeerAuthenticationModel> policies, Workload workload, ushort? port)
    {
        var considered = policies.Where(p => Concerns(settings, p, workload)).ToImmutableArray().Sort(PeerAuthenticationModel.ByAge);
        var chosen = Choose(considered, workload);
        return LadderWriter.Write(chosen, considered, workload, port);
    }

    /// <summary>Finds the policies that speak for a workload.</summary>
    /// <param name="byAge">Policies in the order of <see cref="PeerAuthenticationModel.ByAge"/>, of the root namespace and the workload's.</param>
    /// <param name="workload">The workload.</param>
    internal static ChosenPolicies Choose(ImmutableArray<PeerAuthenticationModel> byAge, Workload workload)
    {
        ChosenPolicies chosen = default;
        foreach (var policy in byAge)
        {
            chosen = policy.Scope switch
            {
                PolicyScope.Workload when policy.Selects(workload.Labels) => chosen with { Workload = chosen.Workload ?? policy },
                PolicyScope.Namespace => chosen with { Namespace = chosen.Namespace ?? policy },
                PolicyScope.Mesh => chosen with { Mesh = chosen.Mesh ?? policy },
                _ => chosen,
            };
        }
        return chosen;
    }

    private static bool Concerns(MeshSettings settings, PeerAuthenticationModel policy, Workload workload) =>
        string.Equals(policy.Key.Namespace, workload.Key.Namespace, StringComparison.Ordinal)
        || string.Equals(policy.Key.Namespace, settings.RootNamespace, StringComparison.Ordinal);
}
